// What the local runs read of the app's own JSON.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readPages } from '../../../local/demo/answers.ts';

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

const one = z.object({ id: z.string(), state: z.string() });

/** An app whose lists have these pages, by what is asked for after the first one. */
async function appWith(pages: Readonly<Record<string, unknown>>): Promise<string> {
  server = createServer((request, response) => {
    const after = new URL(request.url ?? '/', 'http://localhost').searchParams.get('after') ?? 'first';
    response.setHeader('content-type', 'application/json').end(JSON.stringify(pages[after]));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(['remediations', 'incidents'] as const)('the list of %s', (listed) => {
  it('is read to its last page', async () => {
    const base = await appWith({
      first: { [listed]: [{ id: 'a', state: 'open' }], next: 'b&c' },
      'b&c': { [listed]: [{ id: 'b', state: 'open' }], next: 'd' },
      d: { [listed]: [{ id: 'd', state: 'open' }] },
    });

    expect((await readPages(base, listed, one)).map(({ id }) => id)).toEqual(['a', 'b', 'd']);
  });

  it('has what ended meanwhile once, as it is on the later page', async () => {
    const base = await appWith({
      first: { [listed]: [{ id: 'a', state: 'open' }], next: 'more' },
      more: { [listed]: [{ id: 'a', state: 'ended' }] },
    });

    expect(await readPages(base, listed, one)).toEqual([{ id: 'a', state: 'ended' }]);
  });

  it('is refused where a page is none of that list', async () => {
    await expect(readPages(await appWith({ first: { other: [] } }), listed, one)).rejects.toThrow('expected array');
  });
});
