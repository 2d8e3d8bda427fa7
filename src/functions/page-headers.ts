// The headers of every page and of everything beside it.
import { createHash } from 'node:crypto';
import type { HttpResponseInit } from '@azure/functions';
import { pageStyle } from '../lib/console/style.ts';

/**
 * The style of the page is all that a browser may load; a form leads only back here. A window of another site that opens a page cannot look at
 * it or count what it holds (HTML standard, "Cross-origin opener policies"; Fetch standard, "Cross-Origin-Resource-Policy header").
 */
export const pageHeaders = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(pageStyle.text).digest('base64')}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** A page of a form. With `no-referrer` a browser would say `Origin: null` when the form is sent (Fetch standard, "append a request Origin header"). */
export function formPage(status: number, body: string): HttpResponseInit {
  const headers = { ...pageHeaders, 'referrer-policy': 'same-origin', 'content-type': 'text/html; charset=utf-8' };
  return { status, headers, body };
}
