// A browser without a sign-in is brought to it and back to the same page, and never to another site, whatever the address says.
import { HttpRequest } from '@azure/functions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOwnPath, signInAddress, turnedAway } from '../../src/functions/turned-away.ts';
import { config, nowMs, roleMissing } from '../lib/facts.ts';
import { memory } from '../lib/memory-ports.ts';
import { person } from './doors.ts';
import '../lib/same-cases.ts';

function away(address: string, headers: Readonly<Record<string, string>> = {}, state: 'on' | 'off' = 'on') {
  const url = new URL(address, 'https://x.example');
  const request = new HttpRequest({
    method: 'GET',
    url: url.href,
    headers: { accept: 'text/html', ...headers },
    query: Object.fromEntries(url.searchParams),
  });
  return turnedAway({ callers: { state }, ports: memory(config(), roleMissing, nowMs).ports }, request);
}

/** Where the platform leads back to, as a browser resolves it on our host. */
function back(location: string): URL {
  const target = new URL(location, 'https://x.example').searchParams.get('post_login_redirect_uri') ?? '';
  return new URL(target, 'https://x.example');
}

const locationOf = (answer: ReturnType<typeof away>): string =>
  new Headers(answer.headers as Record<string, string>).get('location') ?? '';

describe('a browser that is not signed in', () => {
  it.each([
    '/api/history/t000000000000000000000000.1',
    '/api/history?q=app%3Aorders+state%3Aopen',
    '/api/answers/approve?of=t000000000000000000000000.1&shown=12',
    '/api/now',
  ])('comes back to %s', (address) => {
    const answer = away(address);

    expect(answer.status).toBe(302);
    expect(locationOf(answer)).toMatch(/^\/\.auth\/login\/aad\?post_login_redirect_uri=%2Fapi%2F/);
    expect(back(locationOf(answer)).pathname).toBe(new URL(address, 'https://x.example').pathname);
    expect(back(locationOf(answer)).searchParams.toString()).toBe(
      new URL(address, 'https://x.example').searchParams.toString(),
    );
  });

  it('does not bring back what was said once', () => {
    expect(back(locationOf(away('/api/now?said=approve.given&until=1&seal=a&q=b'))).search).toBe('?q=b');
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/api//evil.example',
    '/api/\\evil.example',
    '/api/../../evil',
    'https://evil.example/api/now',
    'javascript:alert(1)',
    '/api/now\n//evil.example',
    '/api/now#//evil.example',
    '/apix',
    '/api',
    '/api/',
    '/.auth/logout',
    '/api/%2e%2e/now?x=https://evil.example',
    '/api/now?next=//evil.example',
    '',
    `/api/${'x'.repeat(2000)}`,
  ])('is not led to %j', (path) => {
    expect(isOwnPath(path)).toBe(false);
    expect(back(signInAddress(path)).href).toBe('https://x.example/api/now');
  });

  it('stays on our host whatever the path is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string(),
          fc.webPath(),
          fc.string().map((text) => `/api/${text}`),
        ),
        (path) => {
          expect(back(signInAddress(path)).origin).toBe('https://x.example');
          expect(back(signInAddress(path)).pathname).toMatch(/^\/api\/./);
        },
      ),
    );
  });
});

describe('a program', () => {
  it('is answered 401 and led nowhere', () => {
    expect(away('/api/now', { accept: '*/*' })).toMatchObject({
      status: 401,
      jsonBody: { error: expect.stringContaining('Sign in') as string },
    });
  });
});

describe('a browser for which the sign-in would change nothing', () => {
  it('reads that it has no role, instead of going around in a circle', () => {
    const answer = away('/api/now', person([]));

    expect(answer.status).toBe(403);
    expect(String(answer.body)).toContain('without the role Reader or Operator');
  });

  it('reads that the app signs no caller in', () => {
    expect(away('/api/now', {}, 'off')).toMatchObject({
      status: 403,
      body: expect.stringContaining('does not sign callers in') as string,
    });
  });
});
