// The body of a request: what is read, and what is refused before it is parsed.
import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { bodyOf, problem } from '../../src/functions/body.ts';

/** 256 KiB: what docs/promises.md promises to refuse above. */
const maxBodyBytes = 256 * 1024;

function sent(string: string, headers: Record<string, string> = {}): HttpRequest {
  return new HttpRequest({ method: 'POST', url: 'https://x.example/', headers, body: { string } });
}

describe('a body', () => {
  it('of JSON is read', async () => {
    expect(await bodyOf(sent('{"a":[1]}'))).toEqual({ ok: true, body: { a: [1] } });
  });

  it('that is not JSON is refused', async () => {
    expect(await bodyOf(sent('a=1'))).toEqual({ ok: false, answer: problem(400, 'The body is not JSON.') });
  });

  it('as large as it may be is read, and one character more is refused', async () => {
    const largest = JSON.stringify('x'.repeat(maxBodyBytes - 2));

    expect(await bodyOf(sent(largest))).toMatchObject({ ok: true });
    expect(await bodyOf(sent(`${largest} `))).toMatchObject({ ok: false, answer: { status: 413 } });
  });

  it('that says to be larger is refused unread', async () => {
    const request = sent('{}', { 'content-length': String(maxBodyBytes + 1) });

    expect(await bodyOf(request)).toMatchObject({ ok: false, answer: { status: 413 } });
    expect(request.bodyUsed).toBe(false);
  });
});
