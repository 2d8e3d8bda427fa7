// The body of a request that anybody with a key may send: capped before it is parsed.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { maxBodyBytes } from '../lib/signals/signal.ts';

/** An answer that says in one sentence what is wrong. */
export function problem(status: number, message: string): HttpResponseInit {
  return { status, jsonBody: { error: message } };
}

/** The JSON of a body, or the answer that refuses it. */
export async function bodyOf(
  request: HttpRequest,
): Promise<{ ok: true; body: unknown } | { ok: false; answer: HttpResponseInit }> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes)
    return { ok: false, answer: problem(413, 'The body is larger than 256 KiB.') };
  const text = await request.text();
  if (text.length > maxBodyBytes) return { ok: false, answer: problem(413, 'The body is larger than 256 KiB.') };
  try {
    return { ok: true, body: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, answer: problem(400, 'The body is not JSON.') };
  }
}
