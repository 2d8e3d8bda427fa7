// Resource Graph: an answer is whole or it is refused.
import { describe, expect, it } from 'vitest';
import { askGraph, askGraphForMany, everywhere, foundRow } from '../../../../src/lib/azure/facts/graph.ts';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';

const page = (ids: readonly string[], more: object = {}): object => ({
  totalRecords: ids.length,
  count: ids.length,
  resultTruncated: 'false',
  data: ids.map((id) => ({ id })),
  ...more,
});

const sent = (body: string | undefined): { subscriptions?: string[]; options?: { $skipToken?: string } } =>
  JSON.parse(body ?? '{}') as object;

describe('a query', () => {
  it('stays within the subscriptions, or names none to see all that we may read', async () => {
    const { clients, asked } = alwaysAnswering(page(['a']));
    await askGraph(clients, ['s1', 's2'], 'resources', foundRow);
    await askGraph(clients, everywhere, 'resources', foundRow);

    expect(asked.map(({ body }) => sent(body).subscriptions)).toEqual([['s1', 's2'], undefined]);
  });

  it.each([
    ['was cut', page([], { resultTruncated: 'true' })],
    ['goes on', page(['a'], { $skipToken: 'next' })],
  ])('whose answer %s is refused', async (_, body) => {
    await expect(askGraph(alwaysAnswering(body).clients, ['s'], 'resources', foundRow)).rejects.toThrow('truncated');
  });

  it('whose rows lack a column is refused', async () => {
    const { clients } = alwaysAnswering(page([], { data: [{ name: 'x' }] }));

    await expect(askGraph(clients, ['s'], 'resources', foundRow)).rejects.toThrow('id');
  });
});

describe('a query for many rows', () => {
  it('is read page by page to its end', async () => {
    const { clients } = clientsOver(({ body }) => ({
      body: sent(body).options?.$skipToken === undefined ? page(['a'], { $skipToken: 'next' }) : page(['b']),
    }));

    expect(await askGraphForMany(clients, ['s'], 'resources', foundRow)).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('that does not end is refused after five pages', async () => {
    const { clients, asked } = alwaysAnswering(page(['a'], { $skipToken: 'next' }));

    await expect(askGraphForMany(clients, ['s'], 'resources', foundRow)).rejects.toThrow('too many pages');
    expect(asked).toHaveLength(5);
  });
});
