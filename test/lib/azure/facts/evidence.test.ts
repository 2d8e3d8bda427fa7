// One probe at a time: what cannot be asked yet is not asked, and a fact that is too large is not read.

import { describe, expect, it } from 'vitest';
import { probesOf } from '../../../../src/lib/azure/facts/evidence.ts';
import { smallLook } from '../../../../src/lib/evidence/reads.ts';
import { unreadable } from '../../../../src/lib/words/fact.ts';
import { appId, image, nowMs, roleMissing, target } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';

describe('a probe', () => {
  it.each([
    'replicas',
    'logs',
    'roles',
    'denials',
    'elsewhere',
    'identity',
    'holders',
    'vnet',
    'zones',
    'zoneGroups',
    'subnet',
    'removals',
    'changes',
    'token',
    'manifest',
  ] as const)('of %s is not asked before what it depends on is known', async (probe) => {
    const { clients, asked } = alwaysAnswering({});

    expect(await probesOf({ clients, subscriptions: [] })(probe, target, { atMs: nowMs }, nowMs)).toEqual({
      facts: { [probe]: unreadable('not-asked') },
      calls: 0,
    });
    expect(asked).toEqual([]);
  });

  it('reads one fact and counts its requests', async () => {
    const body = { id: appId, location: 'x', properties: { template: { containers: [{ image }] } } };
    const { facts, calls } = await probesOf({ clients: alwaysAnswering(body).clients, subscriptions: [] })(
      'app',
      target,
      { atMs: nowMs },
      nowMs,
    );

    expect(facts).toMatchObject({ app: { read: true, value: { id: appId, images: [image] } } });
    expect(calls).toBe(1);
  });

  it('sends nothing once the look may not, and says so', async () => {
    const { clients, asked } = alwaysAnswering({});

    expect(
      await probesOf({ clients, subscriptions: [] })('app', target, roleMissing, nowMs, {
        ...smallLook(),
        maySend: () => false,
      }),
    ).toEqual({
      facts: { app: unreadable('look-cap-reached') },
      calls: 0,
    });
    expect(asked).toEqual([]);
  });

  it('of a fact that no entry of the history could hold is unreadable', async () => {
    const body = {
      id: appId,
      location: 'x',
      properties: { template: { containers: [{ image: 'x'.repeat(10_001) }] } },
    };
    const { facts } = await probesOf({ clients: alwaysAnswering(body).clients, subscriptions: [] })(
      'app',
      target,
      { atMs: nowMs },
      nowMs,
    );

    expect(facts).toEqual({ app: unreadable('fact-too-large') });
  });
});
