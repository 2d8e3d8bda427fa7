// The table of facts: what a change rests on is read by every look, and what no look may share is one app's own.
import { describe, expect, it } from 'vitest';
import { causeCatalogue, causes } from '../../../src/lib/causes/causes.ts';
import type { Probe } from '../../../src/lib/evidence/evidence.ts';
import { factTable, isRecalled, isShared, probes } from '../../../src/lib/evidence/facts.ts';

describe('the table of facts', () => {
  it.each<Probe>(['app', 'roles', 'denials', 'removals', 'identity', 'holders', 'registry', 'manifest'])(
    'lets no later look use %s again, because a change rests on it',
    (probe) => {
      expect(isRecalled(probe)).toBe(false);
    },
  );

  it('lets looks share everything that one look may use again: what changes slowly belongs to several apps', () => {
    expect(probes.filter((probe) => isRecalled(probe) && !isShared(probe))).toEqual([]);
  });

  it('shares neither roles, which pullmedic itself changes, nor what is of one app', () => {
    expect(probes.filter((probe) => !isShared(probe))).toEqual([
      'app',
      'revisions',
      'replicas',
      'logs',
      'roles',
      'writes',
      'vault',
      'manifest',
      'entries',
      'token',
    ]);
  });

  it('sends one fact to the log store and one to the registry’s own host; Azure Resource Manager has the others', () => {
    const elsewhere = probes.filter((probe) => factTable[probe].service !== 'control');

    expect(elsewhere.map((probe) => [probe, factTable[probe].service])).toEqual([
      ['logs', 'logs'],
      ['manifest', 'registry'],
    ]);
  });

  it('calls every fact by a name of its own', () => {
    expect(new Set(probes.map((probe) => factTable[probe].words)).size).toBe(probes.length);
  });

  it('has each fact that a cause alone is read from', () => {
    for (const cause of causes) expect([undefined, ...probes]).toContain(causeCatalogue[cause].ownFact);
  });
});
