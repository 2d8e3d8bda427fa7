// The Activity Log: whole or unreadable, read with our own address, and every name in it is untrusted.
import { describe, expect, it } from 'vitest';
import { readChanges, readWrites } from '../../../../src/lib/azure/facts/activity-log.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { appId, nowMs, registry } from '../../facts.ts';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';
import { entry, page } from './log-pages.ts';

describe('writes of an app', () => {
  it('that failed are log rows, oldest first; others are left out', async () => {
    const write = 'Microsoft.App/containerApps/write';
    const later = { eventTimestamp: '2026-06-01T01:30:00Z', properties: { statusMessage: 'two' } };
    const { clients, asked } = alwaysAnswering(
      page(
        entry(write, 'Failed', later),
        entry(write, 'Failed', { properties: { statusMessage: 'one' } }),
        entry(write, 'Succeeded'),
        entry('Microsoft.App/containerApps/delete', 'Failed'),
      ),
    );
    const fact = await readWrites(clients, appId, nowMs);

    expect(fact).toMatchObject({
      value: [
        { text: 'one', reason: 'ContainerAppOperationError' },
        { text: 'two', atMs: Date.parse(later.eventTimestamp) },
      ],
    });
    expect(asked[0]?.query.get('$filter')).toContain(`resourceUri eq '${appId}'`);
  });
});

describe('a log of several pages', () => {
  it('is read to its end at our own address: only the token of the link is used', async () => {
    const { clients, asked } = clientsOver(({ query }) => ({
      body: query.has('$skiptoken') ? page() : { ...page(), nextLink: 'https://evil.example/?%24skipToken=t1' },
    }));

    expect(await readWrites(clients, appId, nowMs)).toEqual(known([]));
    expect(asked.map(({ host, query }) => [host, query.get('$skiptoken')])).toEqual([
      ['management.azure.com', null],
      ['management.azure.com', 't1'],
    ]);
  });

  it('that refuses our choice of members is asked for all of them, once more', async () => {
    const { clients, asked } = clientsOver(({ query }) =>
      query.has('$select')
        ? { status: 400, body: { code: 'BadRequest', message: 'x' } }
        : { body: query.has('$skiptoken') ? page() : { ...page(), nextLink: 'https://x.example/?$skiptoken=t1' } },
    );

    expect(await readWrites(clients, appId, nowMs)).toEqual(known([]));
    expect(asked.map(({ query }) => [query.has('$select'), query.get('$skiptoken')])).toEqual([
      [true, null],
      [false, null],
      [false, 't1'],
    ]);
  });

  it('that is refused for another reason is unreadable', async () => {
    const { clients, asked } = alwaysAnswering({ code: 'BadRequest', message: 'x' }, 400);

    expect(await readWrites(clients, appId, nowMs)).toEqual(unreadable('unexpected-answer'));
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['never ends', 'https://x.example/?$skiptoken=t', 10],
    ['has a link without a token', 'https://x.example/', 1],
  ])('that %s is unreadable', async (_, nextLink, requests) => {
    const { clients, asked } = alwaysAnswering({ ...page(), nextLink });

    expect(await readWrites(clients, appId, nowMs)).toEqual(unreadable('unexpected-answer'));
    expect(asked).toHaveLength(requests);
  });
});

describe('a log that may not be read', () => {
  it('is unreadable, not empty', async () => {
    expect(await readChanges(alwaysAnswering({}, 403).clients, registry, nowMs)).toEqual(unreadable('forbidden'));
  });
});

describe('who changed the registry', () => {
  it('is a name of usual characters and length', async () => {
    const write = 'Microsoft.ContainerRegistry/registries/write';
    const { clients } = alwaysAnswering(
      page(entry(write, 'Succeeded', { caller: `a<b>@c.example${'x'.repeat(200)}` }), entry(write, 'Started')),
    );
    const fact = await readChanges(clients, registry, nowMs);

    expect(fact.read && fact.value.map(({ by }) => by)).toEqual([`a b @c.example${'x'.repeat(86)}`]);
  });
});
