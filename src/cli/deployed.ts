// Talks to a deployed pullmedic: checks its address, takes the key or token from the environment, and explains its answers.
import * as z from 'zod';
import { Declined } from './declined.ts';
import { ownToken } from './own-token.ts';
import { readProfile } from './profile.ts';
import { plain } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/**
 * Key and token come from the environment, because every user of the machine can see arguments, and shells keep them. The token says who the
 * person is; without one, the caller's own `az login` is used. The key opens health for monitors, and nothing that reads or changes histories.
 */
const keyName = 'PULLMEDIC_KEY';
const tokenName = 'PULLMEDIC_TOKEN';
/** The address of the app for every command without --url. It is no secret. */
const urlName = 'PULLMEDIC_URL';
const timeoutMs = 60_000;

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** True for an address on this machine, where the local host signs callers in. */
export function isLoopback(base: string): boolean {
  return loopback.test(new URL(base).hostname);
}

/**
 * The address of a function app: https, or http on this machine. Refuses an address that may hold a secret. `given` is what --url says, and an
 * empty one is refused, because a shell makes one of a variable that is not set. Without --url the environment says the address, and without
 * that the profile.
 */
export function addressOf(given: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  if (given !== undefined) return originIn(given, '--url');
  const ofEnvironment = env[urlName]?.trim();
  if (ofEnvironment) return originIn(ofEnvironment, urlName);
  const { url } = readProfile(env);
  if (url !== undefined) return originIn(url.text, `${url.at}: url`);
  throw new UsageError(
    `This needs the address of the function app: --url takes it, or the variable ${urlName}, or the profile.`,
  );
}

/** `from` names the place that the address comes from. */
function originIn(text: string, from: string): string {
  if (!URL.canParse(text)) throw new UsageError(`${from} takes the address of the function app.`);
  const url = new URL(text);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname));
  if (!safe) throw new UsageError(`${from} takes an https address: the key would be readable on the way.`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new UsageError(`${from} takes the address alone; the key comes from ${keyName}.`);
  return url.origin;
}

const refusal = z.object({ error: z.string() });

function textOf(status: number, body: unknown): string {
  const said = refusal.safeParse(body);
  if (said.success) return plain(said.data.error);
  if (status === 401 || status === 403)
    return `The app refuses the caller (${status}). It takes a person with the app role Operator (for histories Reader will do), signed in with "az login" or by a token in ${tokenName}; health also takes ${keyName}.`;
  if (status >= 300 && status < 400)
    return `The app wants a sign-in. Sign in with "az login", or set ${tokenName} to a token for it.`;
  if (status === 404)
    return 'The app has no such function. "pullmedic health" says why: an app with invalid settings has only the health function.';
  return `The app answered ${status}.`;
}

function headersOf(key: string | undefined, token: string | undefined): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(key ? { 'x-functions-key': key } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
}

/** What is shorter is no key and no token, and may be a part of any word. Characters. */
const shortestSecret = 8;

/** The answer, without key and token: a proxy on the way may repeat what it was sent, and what is answered is printed. */
async function bodyOf(response: Response, secrets: readonly (string | undefined)[]): Promise<unknown> {
  try {
    const text = await response.text();
    const harmless = secrets.reduce<string>(
      (said, secret = '') => (secret.length < shortestSecret ? said : said.replaceAll(secret, '…')),
      text,
    );
    return JSON.parse(harmless) as unknown;
  } catch {
    return undefined;
  }
}

export interface Deployed {
  /** Returns the JSON of a 2xx or 503 answer. Throws {@link Declined}. */
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  /** The route of the app's health that the caller can open: by the function key if there is one, else by the sign-in. */
  readonly healthPath: 'health' | 'health/signed';
}

/**
 * Sends requests to the app at `base`. It follows no redirect, because the key is for this address only. On loopback the local host has
 * signed the caller in already.
 */
export function deployedAt(
  base: string,
  env: NodeJS.ProcessEnv,
  signIn: (base: string) => Promise<string | undefined> = ownToken,
): Deployed {
  const key = env[keyName]?.trim();
  const given = env[tokenName]?.trim();
  let own: Promise<string | undefined> | undefined;
  async function tokenFor(path: string): Promise<string | undefined> {
    if (given || path === 'health' || isLoopback(base)) return given;
    if (readProfile(env).signIn === 'token')
      throw new Declined(`The profile says "sign-in = token", and ${tokenName} is not set.`);
    own ??= signIn(base);
    return own;
  }
  async function send(method: string, path: string, body: unknown, token: string | undefined): Promise<Response> {
    const response = await fetch(`${base}/api/${path}`, {
      method,
      headers: headersOf(key, token),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => undefined);
    if (response === undefined) throw new Declined('The app does not answer at this address.');
    return response;
  }
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    let token = await tokenFor(path);
    let response = await send(method, path, body, token);
    if (response.status === 401 && own !== undefined && token !== undefined) {
      // A token lasts for about an hour, and a watch may last longer. The app refused, so nothing is done twice.
      own = undefined;
      token = await tokenFor(path);
      response = await send(method, path, body, token);
    }
    const answer = await bodyOf(response, [key, token]);
    // The health function answers 503 and says in the body what is wrong: the caller wants that body, but not that of a refusal.
    const isHealth = method === 'GET' && response.status === 503 && answer !== undefined;
    if (response.ok || (isHealth && !refusal.safeParse(answer).success)) return answer;
    throw new Declined(textOf(response.status, answer));
  }
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    healthPath: key ? 'health' : 'health/signed',
  };
}
