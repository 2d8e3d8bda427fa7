import { describe, expect, it } from 'vitest';
import type { Evidence, Probe } from '../../../src/lib/evidence/evidence.ts';
import { gather, mostCalls } from '../../../src/lib/look/gather.ts';
import { unreadable } from '../../../src/lib/words/fact.ts';
import { dnsUnlinked, nowMs, roleMissing, target } from '../facts.ts';

function azureOf(evidence: Evidence, callsPerProbe = 1) {
  const asked: Probe[] = [];
  const azure = {
    asked,
    probe: async (probe: Probe) => {
      asked.push(probe);
      return { facts: { [probe]: evidence[probe] ?? unreadable('forbidden') }, calls: callsPerProbe };
    },
  };
  return { azure, now: () => nowMs };
}

describe('a look', () => {
  it('asks each probe once, and only those that can change the answer', async () => {
    const asking = azureOf(roleMissing);
    const { calls } = await gather(asking, target, 0);

    expect(new Set(asking.azure.asked).size).toBe(asking.azure.asked.length);
    expect(asking.azure.asked).not.toContain('zones');
    expect(calls).toBe(asking.azure.asked.length);
  });

  it('asks for the private way where the registry has one', async () => {
    const asking = azureOf(dnsUnlinked);
    await gather(asking, target, 0);

    expect(asking.azure.asked).toEqual(expect.arrayContaining(['vnet', 'zones', 'endpoints']));
  });

  it('ends when its budget is spent, and what it did not ask is unreadable', async () => {
    const asking = azureOf(dnsUnlinked, mostCalls / 2);
    const { evidence } = await gather(asking, target, 0);

    expect(asking.azure.asked).not.toContain('roles');
    expect(evidence.registry).toEqual({ read: false, why: 'look-cap-reached' });
  });

  it('takes a probe that answers nothing for unreadable, and asks it once', async () => {
    const asking = azureOf(roleMissing);
    const asked: Probe[] = [];
    const silent = async (probe: Probe) => {
      asked.push(probe);
      return probe === 'registry' ? { facts: {}, calls: 1 } : asking.azure.probe(probe);
    };
    const { evidence } = await gather({ ...asking, azure: { probe: silent } }, target, 0);

    expect(evidence.registry).toEqual({ read: false, why: 'not-asked' });
    expect(asked.filter((probe) => probe === 'registry')).toHaveLength(1);
  });

  it('tells of every probe as it comes in', async () => {
    const told: Probe[] = [];
    const asking = azureOf(roleMissing);
    await gather(asking, target, 0, (probe) => told.push(probe));

    expect(told).toEqual(asking.azure.asked);
  });

  it('tells each probe what others’ looks may lend it, and nothing where that is not said', async () => {
    const told: object[] = [];
    const asking = azureOf(roleMissing);
    const probe = async (one: Probe, _target: unknown, _soFar: unknown, _since: unknown, context: object = {}) => {
      told.push(context);
      return asking.azure.probe(one);
    };
    await gather({ ...asking, azure: { probe } }, target, 0);
    const [alone = {}] = told.splice(0);
    await gather({ ...asking, azure: { probe } }, target, 0, undefined, undefined, 7);

    expect(Object.keys(alone)).toEqual(['maySend']);
    expect(told[0]).toMatchObject({ sharedSinceMs: 7 });
  });
});
