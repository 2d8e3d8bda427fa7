// What a remediation waits for: from its target and its last look.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { waitsForOf } from '../../../src/lib/history/waits-for.ts';
import { config, history, image, nowMs, principal, registryId, roleMissing, signal, target } from '../facts.ts';
import { memory } from '../memory-ports.ts';

const looked = {
  kind: 'looked',
  suspicions: [],
  diagnosis: { causes: [], sure: 'unexplained', for: [], against: [], network: 'allows', detail: {} },
  progress: { pulledRow: false, readyReplica: false, notReady: [], proof: 'not-yet' },
  revisions: [],
  unread: [],
  calls: 1,
} as const satisfies Entry;

describe('what a remediation waits for', () => {
  it('is anything, before its first look', () => {
    expect(waitsForOf({ target })).toEqual({ image, registry: 'acrshop.azurecr.io', blind: true, confirmed: [] });
  });

  it('names the registry, the principal and the confirmed cause in its row, after a look', async () => {
    const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);
    await running.deliver(signal);

    expect([...running.rows.values()]).toMatchObject([
      { needsPerson: true, waitsFor: { image, registryId, principalId: principal, confirmed: ['pull-role-missing'] } },
    ]);
  });

  it('is in no row of what does not wait for a person', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);

    expect([...running.rows.values()][0]?.waitsFor).toBeUndefined();
  });

  it.each([
    ['logs', 'forbidden', true],
    ['logs', 'throttled', false],
    ['manifest', 'forbidden', false],
  ] as const)('says whether we may not read something: %s, %s', (name, why, blind) => {
    const { remediations } = history({ ...looked, unread: [name], whyUnread: { [name]: why } });

    expect(waitsForOf(remediations[0] ?? { target }).blind).toBe(blind);
  });

  it('cannot tell of a look of an older version, and takes it for blind', () => {
    const { remediations } = history({ ...looked, unread: ['logs'] });

    expect(waitsForOf(remediations[0] ?? { target }).blind).toBe(true);
  });
});
