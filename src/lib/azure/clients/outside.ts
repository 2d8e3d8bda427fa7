// Sends the requests of incident systems: one try each, with a time-out, without following redirects, and with a bounded answer.

import { createHmac } from 'node:crypto';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Outside, OutsideAnswer, OutsideRequest } from '../../incidents/system.ts';

/** How long one answer may take. Milliseconds. */
const answerMs = 15_000;
/** The most that is read of an answer. Bytes. */
const mostBytes = 1_000_000;

/** Reaches the network with `fetch`. `token` signs in with pullmedic's own identity. `httpClient`: what a test publishes events with. */
export function outside(
  token: (scope: string) => Promise<string>,
  now: () => number = Date.now,
  httpClient?: HttpClient,
): Outside {
  return {
    now,
    hmac: (key, text) => createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64'),
    send: (request) => withoutThrowing(() => sent(request, token, now)),
    publish: (topic, event) =>
      withoutThrowing(async () => {
        const { publishTo } = await import('./topic.ts');
        const options = { answerMs, now, ...(httpClient === undefined ? {} : { httpClient }) };
        const { status, headers, body } = await publishTo(topic, event, token, options);
        return answerWith(status, headers, body, now());
      }),
  };
}

async function withoutThrowing(send: () => Promise<OutsideAnswer>): Promise<OutsideAnswer> {
  try {
    return await send();
  } catch (error) {
    return { kind: 'no-answer', code: codeOf(error) };
  }
}

async function sent(
  { method, url, headers = {}, body, identityScope }: OutsideRequest,
  token: (scope: string) => Promise<string>,
  now: () => number,
): Promise<OutsideAnswer> {
  const signedIn = identityScope === undefined ? {} : { authorization: `Bearer ${await token(identityScope)}` };
  const response = await fetch(url, {
    method,
    headers: { 'user-agent': 'pullmedic', ...headers, ...signedIn },
    redirect: 'manual',
    signal: AbortSignal.timeout(answerMs),
    ...(body === undefined ? {} : { body }),
  });
  return answerWith(response.status, Object.fromEntries(response.headers), await textOf(response), now());
}

function answerWith(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  nowMs: number,
): OutsideAnswer {
  const retryAfterMs = waitOf(headers['retry-after'], nowMs);
  return { kind: 'answer', status, headers, body, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length > mostBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). */
function waitOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** The code of a socket error or the class of another one: a message may quote the address, which can hold a key. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
  return /^[A-Za-z0-9_]{1,40}$/.test(code) ? code : 'Error';
}
