// The headers of pages: nothing is loaded but the style, nothing leads elsewhere, and nothing is kept.
import { describe, expect, it } from 'vitest';
import { formPage, pageHeaders } from '../../src/functions/page-headers.ts';

describe('the headers of a page', () => {
  it('let a form lead only back here, and load no more than the style', () => {
    const policy = pageHeaders['content-security-policy'];

    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
    );
    expect(pageHeaders).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  it('of a form let the browser name its origin to this host, and to no other', () => {
    expect(formPage(403, 'x')).toMatchObject({
      status: 403,
      body: 'x',
      headers: {
        'referrer-policy': 'same-origin',
        'content-type': 'text/html; charset=utf-8',
        'x-content-type-options': 'nosniff',
      },
    });
  });
});
