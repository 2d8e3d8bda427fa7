// What every page has in common: who may read it, its forms, and the policy for the browser.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { App } from '../../src/functions/app.ts';
import { registerPage } from '../../src/functions/pages.ts';
import { addressWithNotice } from '../../src/lib/answers/notice.ts';
import { html } from '../../src/lib/console/html.ts';
import { layout } from '../../src/lib/console/layout.ts';
import { doors, person, signedIn } from './doors.ts';

const headers = signedIn('Reader');
const registerOne = (pullmedic: App): void =>
  registerPage(pullmedic, { name: 'apples', route: 'apples' }, async (_, request) =>
    request.query.get('q') === 'none'
      ? { status: 404, sentence: 'There are no apples.' }
      : {
          html: (shell) => layout('Apples', 'now', html`<h1>Apples</h1>`, shell),
          json: () => ({ apples: 2 }),
          markdown: () => [{ kind: 'heading', text: 'Apples' }],
          csv: () => 'apples\r\n2\r\n',
        },
  );

describe('a page', () => {
  it('is read only by people whom the platform has signed in with a role', async () => {
    const { send, options } = doors(registerOne);

    expect(options('apples')).toMatchObject({ methods: ['GET'], route: 'apples' });
    expect((await send('apples')).status).toBe(401);
    expect((await send('apples', { headers: signedIn('Another') })).status).toBe(401);
    expect((await send('apples', { headers })).status).toBe(200);
  });

  it('brings a browser without a sign-in to it and back, and answers programs with 401', async () => {
    const { send } = doors(registerOne);
    const browser = { accept: 'text/html,application/xhtml+xml' };
    const away = await send('apples', { headers: browser, address: '/api/apples?q=a%3Ab' });

    expect(away.status).toBe(302);
    expect(away.headers?.['location']).toBe('/.auth/login/aad?post_login_redirect_uri=%2Fapi%2Fapples%3Fq%3Da%253Ab');
    for (const as of ['json', 'md', 'csv'])
      expect((await send('apples', { headers: browser, query: { as } })).status).toBe(401);
    expect((await send('apples', { headers: { accept: 'application/json' } })).jsonBody).toMatchObject({
      error: expect.stringContaining('Sign in') as string,
    });
    expect((await send('apples', { headers: { ...browser, ...signedIn('Another') } })).status).toBe(403);
  });

  it('says once what was done, to the person who did it, and not what a link claims', async () => {
    const { send, running } = doors(registerOne);
    const ada = person(['Operator']);
    const id = '8d2f0000-0000-4000-8000-00000000000a';
    const address = await addressWithNotice(running.ports, id, '/api/apples', { verb: 'switch-off', kind: 'given' });
    const said = 'You turned the kill switch off';

    expect((await send('apples', { headers: ada, address })).body).toContain(
      `role="status" class="notice good">${said}`,
    );
    expect((await send('apples', { headers: ada, address })).body).not.toContain('said=');
    expect(
      (await send('apples', { headers: person(['Operator'], 'bo', id.replace(/a$/, 'b')), address })).body,
    ).not.toContain(said);
    expect((await send('apples', { headers: ada, address: address.replace(/seal=./, 'seal=x') })).body).not.toContain(
      said,
    );
  });

  it('has its other forms at the same address', async () => {
    const { send } = doors(registerOne);
    const as = (form: string) => send('apples', { headers, query: { as: form } });

    expect((await as('json')).jsonBody).toEqual({ apples: 2 });
    expect(await as('md')).toMatchObject({
      body: '### Apples',
      headers: { 'content-type': 'text/markdown; charset=utf-8' },
    });
    expect(await as('csv')).toMatchObject({ body: 'apples\r\n2\r\n' });
    expect((await as('')).body).toContain('<h1>Apples</h1>');
  });

  it('that does not exist answers with a sentence, also as JSON', async () => {
    const { send } = doors(registerOne);

    expect(await send('apples', { headers, query: { q: 'none' } })).toMatchObject({
      status: 404,
      body: 'There are no apples.',
    });
    expect(await send('apples', { headers, query: { q: 'none', as: 'json' } })).toMatchObject({
      status: 404,
      jsonBody: { error: 'There are no apples.' },
    });
  });

  it.each([
    ['30', true],
    ['10', true],
    ['9', false],
    ['3601', false],
    ['1e3', true],
    ['soon', false],
    ['', false],
  ])('refreshes by itself only within bounds: %s', async (refresh, does) => {
    const { body } = await doors(registerOne).send('apples', { headers, query: { refresh } });

    expect(String(body).includes('http-equiv="refresh"')).toBe(does);
  });

  it('may load nothing but the style that it holds, sends forms only back to pullmedic, and is not cached', async () => {
    const answer = await doors(registerOne).send('apples', { headers });
    const style = /<style>([^]*?)<\/style>/.exec(String(answer.body))?.[1] ?? '';

    expect(style).not.toBe('');
    expect(answer.headers?.['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    );
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  });
});
