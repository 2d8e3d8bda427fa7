// The body of a request. Any caller with a key may send one, so its size is checked before it is parsed.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type * as z from 'zod';
import { maxBodyBytes } from '../lib/signals/payload.ts';

/** An error answer: one sentence says what is wrong. */
export function problem(status: number, message: string): HttpResponseInit {
  return { status, jsonBody: { error: message } };
}

/** The answer to an id that no remediation has. */
export const noRemediation = 'There is no remediation of this id.';

/** The answer to a body that has more than a reason. */
export const sendReason = 'Send nothing, or {"why": "the reason"}, of up to 500 characters.';

/** Reads the JSON of a body. If the body is too large or not JSON, the result holds the answer that refuses it. */
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

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly answer: HttpResponseInit };

/** Reads a body that may be left out. `wanted` says what the route takes. */
export async function readBody<T>(request: HttpRequest, schema: z.ZodType<T>, wanted: string): Promise<Read<T>> {
  const body =
    request.headers.get('content-length') === '0' || request.body === null ? undefined : await bodyOf(request);
  if (body !== undefined && !body.ok) return body;
  const parsed = schema.safeParse(body?.body ?? {});
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, answer: problem(400, wanted) };
}
