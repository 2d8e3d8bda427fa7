// Asks the registry itself whether it has an image, with our own rights. If the registry refuses us, that says nothing about the app.
import { createHttpHeaders, type PipelineResponse } from '@azure/core-rest-pipeline';
import { z } from 'zod';

import type { ManifestFacts } from '../../evidence/registry-facts.ts';
import type { Fact } from '../../words/fact.ts';
import type { ImageRef } from '../../words/image-ref.ts';
import type { Clients } from '../clients/clients.ts';
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

function ok(response: PipelineResponse): PipelineResponse {
  if (response.status !== 200) throw new BadStatus(response.status);
  return response;
}

function bodyOf<T>(response: PipelineResponse, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(response.bodyAsText ?? ''));
}

async function post(clients: Clients, url: string, form: Record<string, string>): Promise<PipelineResponse> {
  const body = new URLSearchParams(form).toString();
  const headers = createHttpHeaders({ 'content-type': 'application/x-www-form-urlencoded' });
  return ok(await clients.send({ method: 'POST', url, body, headers, timeout: patienceMs }));
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

async function accessToken({ clients, host, refreshToken }: Session, scope: string): Promise<string> {
  const answer = await post(clients, `https://${host}/oauth2/token`, {
    grant_type: 'refresh_token',
    service: host,
    scope,
    refresh_token: refreshToken,
  });
  return bodyOf(answer, z.object({ access_token: z.string() })).access_token;
}

const errorBody = z.object({ errors: z.array(z.object({ code: z.string() })).min(1) });

/** Reads from a 404 of the registry what is missing. */
function missing(response: PipelineResponse, image: ImageRef): 'tag' | 'repository' | 'digest' {
  const { errors } = bodyOf(response, errorBody);
  const [first] = errors;
  if (first?.code === 'NAME_UNKNOWN') return 'repository';
  if (first?.code !== 'MANIFEST_UNKNOWN') throw new Unexpected('another 404');
  return image.digest === undefined ? 'tag' : 'digest';
}

const tagList = z.object({ tags: z.array(z.object({ name: z.string() })).nullish() });

/** The latest tags of the repository, because the person may have meant one of them. They are only a hint: a refusal gives no tags. */
async function tagsOf(session: Session, repository: string): Promise<string[]> {
  try {
    const token = await accessToken(session, `repository:${repository}:metadata_read`);
    const url = `https://${session.host}/acr/v1/${repository}/_tags?orderby=timedesc&n=${nearestTags}`;
    const headers = createHttpHeaders({ authorization: `Bearer ${token}` });
    const answer = ok(await session.clients.send({ method: 'GET', url, headers, timeout: patienceMs }));
    return (bodyOf(answer, tagList).tags ?? []).map((tag) => tag.name);
  } catch {
    return [];
  }
}

/** Reads whether the registry has the image. `host` comes from ARM, never from log text. */
export async function readManifest(clients: Clients, host: string, image: ImageRef): Promise<Fact<ManifestFacts>> {
  return factOf(async () => {
    const session = await signIn(clients, host);
    const token = await accessToken(session, `repository:${image.repository}:pull`);
    const reference = image.digest ?? image.tag ?? 'latest';
    const answer = await clients.send({
      method: 'GET',
      url: `https://${host}/v2/${image.repository}/manifests/${reference}`,
      headers: createHttpHeaders({ authorization: `Bearer ${token}`, accept: manifestTypes }),
      timeout: patienceMs,
    });
    if (answer.status !== 404) {
      ok(answer);
      return { state: 'exists' } as const;
    }
    const what = missing(answer, image);
    return { state: 'missing', what, tags: what === 'tag' ? await tagsOf(session, image.repository) : [] } as const;
  });
}
