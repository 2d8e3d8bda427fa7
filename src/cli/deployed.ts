// Talks to a deployed pullmedic: its address, the key or the token from the environment, and what its answers mean.
import * as z from 'zod';
import { UsageError } from './classify-command.ts';
import { plain } from './report.ts';

/** Both come from the environment: arguments are seen by everybody on the machine and kept by shells. */
const keyName = 'PULLMEDIC_KEY';
const tokenName = 'PULLMEDIC_TOKEN';
const timeoutMs = 60_000;

/** The app answered that it will not, or did not answer; the sentence is for the person at the terminal. */
export class Declined extends Error {
  override readonly name = 'Declined';
}

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** The address of a function app: https, or http on this machine. Without anything that could be a secret. */
export function addressOf(text: string | undefined): string {
  if (text === undefined || !URL.canParse(text)) throw new UsageError('--url takes the address of the function app.');
  const url = new URL(text);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname));
  if (!safe) throw new UsageError('--url takes an https address: the key would be readable on the way.');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new UsageError(`--url takes the address alone; the key comes from ${keyName}.`);
  return url.origin;
}

const refusal = z.object({ error: z.string() });

function textOf(status: number, body: unknown): string {
  const said = refusal.safeParse(body);
  if (said.success) return plain(said.data.error);
  if (status === 401 || status === 403)
    return `The app refuses the caller (${status}). Set ${keyName}; for histories, ${tokenName}.`;
  if (status >= 300 && status < 400) return `The app wants a sign-in. Set ${tokenName} to a token for it.`;
  if (status === 404)
    return 'The app has no such function. "pullmedic health" says why: with settings that it cannot use, health is all it has.';
  return `The app answered ${status}.`;
}

function headersOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const [key, token] = [env[keyName]?.trim(), env[tokenName]?.trim()];
  return {
    'content-type': 'application/json',
    ...(key ? { 'x-functions-key': key } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

export interface Deployed {
  /** Answers the JSON of a 2xx or 503. Throws {@link Declined}. */
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
}

/** A way to the app. Redirects are not followed: the key is for this address and no other. */
export function deployedAt(base: string, env: NodeJS.ProcessEnv): Deployed {
  const headers = headersOf(env);
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${base}/api/${path}`, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => undefined);
    if (response === undefined) throw new Declined('The app does not answer at this address.');
    const answer = await bodyOf(response);
    // Health says with 503 what is wrong, and that is what was asked for.
    if (response.ok || (method === 'GET' && response.status === 503 && answer !== undefined)) return answer;
    throw new Declined(textOf(response.status, answer));
  }
  return { get: (path) => ask('GET', path), post: (path, body) => ask('POST', path, body) };
}
