// Every page that links lead to is read once, and a page of another site is not.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { crawl } from '../../../local/engine/crawl.ts';

afterEach(() => vi.unstubAllGlobals());

const html = { 'content-type': 'text/html; charset=utf-8' };

describe('following every link', () => {
  it('reads each page once, from the first one on', async () => {
    const bodies: Readonly<Record<string, string>> = {
      '/api/now':
        '<a href="/api/history?q=a&amp;as=json">a</a> <a href="/api/now#top">b</a> <a href="https://x.example/">c</a>',
      '/api/history?q=a&as=json': '{"href": "<a href=\\"/api/never\\">"}',
    };
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: string) => {
      const path = url.replace('http://app', '');
      asked.push(path);
      const headers = path.includes('as=json') ? { 'content-type': 'application/json' } : html;
      return new Response(bodies[path] ?? '', { headers });
    });

    const pages = await crawl('http://app', '/api/now');

    expect(asked).toEqual(['/api/now', '/api/history?q=a&as=json']);
    expect(pages.map(({ path, status }) => [path, status])).toEqual(asked.map((path) => [path, 200]));
  });

  it('ends although every page leads to a new one', async () => {
    let count = 0;
    vi.stubGlobal('fetch', async () => new Response(`<a href="/api/${(count += 1)}">next</a>`, { headers: html }));

    expect((await crawl('http://app', '/api/0')).length).toBe(300);
  });
});
