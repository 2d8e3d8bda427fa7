// Asks the registry itself whether it has an image, with our own rights. If the registry refuses us, that says nothing about the app.
import * as z from 'zod';

import type { ManifestFacts } from '../../evidence/registry-facts.ts';
import type { Fact } from '../../words/fact.ts';
import type { ImageRef } from '../../words/image-ref.ts';
import type { Clients } from '../clients/clients.ts';
import type { PlainAnswer } from '../clients/plain-calls.ts';
import { BadStatus, factOf, Unexpected } from '../clients/reading.ts';

/** Every registry accepts this audience, even one that refuses tokens with the ARM audience. Source: the docs on ARM audience tokens. */
const audience = 'https://containerregistry.azure.net/.default';
/** A registry that our network does not reach must not hold up a look. Real milliseconds. */
const patienceMs = 5000;
const nearestTags = 5;

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

interface Session {
  readonly clients: Clients;
  readonly host: string;
  readonly refreshToken: string;
}

/**
 * Reads whether the registry has the image. `host` comes from ARM, never from log text. `asksPlatform`: a text doubts the platform, so that it
 * is worth two more requests for an image that is no list.
 */
export async function readManifest(
  clients: Clients,
  host: string,
  image: ImageRef,
  asksPlatform = false,
): Promise<Fact<ManifestFacts>> {
  return factOf(async (): Promise<ManifestFacts> => {
    const session = await signIn(clients, host);
    const token = await accessToken(session, `repository:${image.repository}:pull`);
    const reference = image.digest ?? image.tag ?? 'latest';
    const answer = await clients.send({
      method: 'GET',
      url: `https://${host}/v2/${image.repository}/manifests/${reference}`,
      headers: { authorization: `Bearer ${token}`, accept: manifestTypes },
      timeout: patienceMs,
    });
    if (answer.status !== 404) {
      ok(answer);
      return found(answer, session, image, asksPlatform);
    }
    return missing(answer, session, image);
  });
}

/** Exchanges our Entra token for a token of the registry. Source: the OAuth docs of the registry. */
async function signIn(clients: Clients, host: string): Promise<Session> {
  const token = await clients.token(audience);
  const answer = await post(clients, `https://${host}/oauth2/exchange`, {
    grant_type: 'access_token',
    service: host,
    access_token: token,
  });
  const { refresh_token: refreshToken } = bodyOf(answer, z.object({ refresh_token: z.string() }));
  return { clients, host, refreshToken };
}

async function post(clients: Clients, url: string, form: Record<string, string>): Promise<PlainAnswer> {
  const body = new URLSearchParams(form).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return ok(await clients.send({ method: 'POST', url, body, headers, timeout: patienceMs }));
}

function ok(response: PlainAnswer): PlainAnswer {
  if (response.status !== 200) throw new BadStatus(response.status);
  return response;
}

function bodyOf<T>(response: PlainAnswer, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(response.bodyAsText ?? ''));
}

async function accessToken({ clients, host, refreshToken }: Session, scope: string): Promise<string> {
  const answer = await post(clients, `https://${host}/oauth2/token`, {
    grant_type: 'refresh_token',
    service: host,
    scope,
    refresh_token: refreshToken,
  });
  return bodyOf(answer, z.object({ access_token: z.string() })).access_token;
}

async function found(answer: PlainAnswer, session: Session, image: ImageRef, asksOne: boolean): Promise<ManifestFacts> {
  const ofList = platformsOfList(parsed(answer.bodyAsText));
  const digest = answer.headers?.get('docker-content-digest') ?? image.digest;
  const platforms = ofList ?? (asksOne && isDigest(digest) ? await platformOfOne(session, image, digest) : undefined);
  return { state: 'exists', ...(platforms === undefined || platforms.length === 0 ? {} : { platforms }) };
}

/** The platforms that a list of manifests names; `undefined` where one of them names none, so that it may fit. */
function platformsOfList(body: unknown): readonly string[] | undefined {
  const list = imageList.safeParse(body);
  if (!list.success) return undefined;
  const named = list.data.manifests.map((one) => one.platform);
  if (named.includes(undefined)) return undefined;
  const all = named.flatMap((one) => (one === undefined ? [] : [sayPlatform(one)])).filter((one) => one !== noPlatform);
  return [...new Set(all)];
}

/** Attestations of a build stand in the list as a platform of this name; no runtime takes them for an image. */
const noPlatform = 'unknown/unknown';
const platform = z.object({ os: z.string().min(1).max(40), architecture: z.string().min(1).max(40) });
const imageList = z.object({ manifests: z.array(z.object({ platform: platform.optional() })) });
const attributes = z.object({ manifest: platform });

function sayPlatform({ os, architecture }: z.infer<typeof platform>): string {
  return `${os}/${architecture}`.toLowerCase();
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function isDigest(text: string | undefined): text is string {
  return text !== undefined && /^sha256:[0-9a-f]{64}$/.test(text);
}

/**
 * The platform of an image that is no list. The registry keeps it beside the manifest (specification of the data plane, `ManifestAttributes`), so
 * that no layer and no configuration has to be fetched. A refusal says nothing.
 */
async function platformOfOne(
  session: Session,
  image: ImageRef,
  digest: string,
): Promise<readonly string[] | undefined> {
  try {
    const token = await accessToken(session, `repository:${image.repository}:metadata_read`);
    const url = `https://${session.host}/acr/v1/${image.repository}/_manifests/${digest}`;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await session.clients.send({ method: 'GET', url, headers, timeout: patienceMs });
    return [sayPlatform(bodyOf(ok(answer), attributes).manifest)];
  } catch {
    return undefined;
  }
}

/**
 * Reads from a 404 of the registry what is missing. The code of a missing tag does not say that the repository is there: two public reports
 * show it for a repository that was never pushed, so the tags are listed.
 */
async function missing(response: PlainAnswer, session: Session, image: ImageRef): Promise<ManifestFacts> {
  const code = codeOf(response);
  const lacksRepository = { state: 'missing', what: 'repository', tags: [] } as const;
  if (code === 'NAME_UNKNOWN') return lacksRepository;
  if (code !== 'MANIFEST_UNKNOWN') throw new Unexpected('another 404');
  const tags = await tagsOf(session, image.repository);
  if (tags === 'no-repository') return lacksRepository;
  const lacks = { state: 'missing', what: image.digest === undefined ? 'tag' : 'digest' } as const;
  return tags === 'unlisted' ? { ...lacks, tags: [], unlisted: true } : { ...lacks, tags };
}

const errorBody = z.object({ errors: z.array(z.object({ code: z.string() })).min(1) });

function codeOf(response: PlainAnswer): string | undefined {
  return bodyOf(response, errorBody).errors[0]?.code;
}

const tagList = z.object({ tags: z.array(z.object({ name: z.string() })).nullish() });

/**
 * The latest tags of the repository, because the person may have meant one of them. A refusal gives no tags and says nothing about the
 * repository; only the registry's own "no such repository" does.
 */
async function tagsOf(session: Session, repository: string): Promise<string[] | 'no-repository' | 'unlisted'> {
  try {
    const token = await accessToken(session, `repository:${repository}:metadata_read`);
    const url = `https://${session.host}/acr/v1/${repository}/_tags?orderby=timedesc&n=${nearestTags}`;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await session.clients.send({ method: 'GET', url, headers, timeout: patienceMs });
    if (answer.status === 404) return codeOf(answer) === 'NAME_UNKNOWN' ? 'no-repository' : 'unlisted';
    return (bodyOf(ok(answer), tagList).tags ?? []).map((tag) => tag.name);
  } catch {
    return 'unlisted';
  }
}
