import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { readAll } from '../../../local/storm/found.ts';

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

const remediation = (id: string, state: string): unknown => ({
  id,
  target: { appName: `ca-${id}`, image: 'acrshop.azurecr.io/shop/orders:v1' },
  state,
  signals: 10,
  causes: [],
  refusals: [],
  actions: [],
});

/** An app that answers with these pages, one after the other. */
async function appWith(pages: readonly unknown[]): Promise<string> {
  const left = [...pages];
  server = createServer((request, response) => {
    const body = request.url?.startsWith('/api/remediations') === true ? left.shift() : { incidents: [] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('counts a remediation once that ended while the pages were read, as it was at its end', async () => {
  const base = await appWith([
    { remediations: [remediation('a', 'waiting'), remediation('b', 'waiting')], next: '2' },
    { remediations: [remediation('a', 'closed')] },
  ]);

  const { remediations } = await readAll(base);

  expect(remediations.map(({ id, state }) => [id, state])).toEqual([
    ['a', 'closed'],
    ['b', 'waiting'],
  ]);
});
