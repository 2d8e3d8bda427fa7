// What the deployment's ledger adds up to: grants that were made count, grants that were not needed do not.
import { describe, expect, it } from 'vitest';
import { deploymentGuard } from '../../../src/lib/decision/deployment-guards.ts';
import type { LedgerEntry } from '../../../src/lib/history/deployment-ledger.ts';
import { ledgerFacts } from '../../../src/lib/remediation/deployment.ts';
import { known, valueOf } from '../../../src/lib/words/fact.ts';
import { type RemediationId, remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
import { config, minute, nowMs, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

function remediation(number: number): RemediationId {
  return remediationIdOf(`t${String(number).repeat(24)}` as TargetId, 1);
}

async function ledgerOf(...entries: LedgerEntry[]): Promise<Memory> {
  const running = memory(config(), roleMissing, nowMs);
  for (const [at, entry] of entries.entries()) await running.ports.deployment.append('deployment', at, entry);
  return running;
}

async function countedOf(running: Memory): Promise<string[] | undefined> {
  return valueOf((await ledgerFacts(running.ports)).ledger)?.map((grant) => grant.remediation);
}

const counted = (number: number): LedgerEntry => ({ kind: 'grant-counted', remediation: remediation(number) });
const notMade = (number: number): LedgerEntry => ({
  kind: 'grant-not-made',
  remediation: remediation(number),
  because: 'already-there',
});

describe('a grant that was not made after all', () => {
  it('does not count, and the grants of other remediations do', async () => {
    expect(await countedOf(await ledgerOf(counted(1), counted(2), notMade(1)))).toEqual([remediation(2)]);
  });

  it('is the one that was counted last before: an earlier one of the same remediation counts', async () => {
    expect(await countedOf(await ledgerOf(counted(1), counted(1), notMade(1)))).toEqual([remediation(1)]);
    expect(await countedOf(await ledgerOf(counted(1), notMade(1), counted(1)))).toEqual([remediation(1)]);
  });

  it('may be said twice, by a host that died and one that settled: that takes no other grant away', async () => {
    expect(await countedOf(await ledgerOf(counted(1), counted(1), notMade(1), notMade(1)))).toEqual([remediation(1)]);
  });

  it('is written by the step that found it', async () => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.grantAnswer = { outcome: 'already-there' };
    await running.deliver(signal);

    expect((await running.ports.deployment.read('deployment')).map(({ entry }) => entry.kind)).toEqual([
      'grant-counted',
      'grant-not-made',
    ]);
    expect(await countedOf(running)).toEqual([]);
  });
});

describe('the breaker', () => {
  const five = [1, 2, 3, 4, 5];
  const later = nowMs + 40 * minute;

  async function refusal(...entries: LedgerEntry[]) {
    const { ledger } = await ledgerFacts((await ledgerOf(...entries)).ports);
    return deploymentGuard({ nowMs: later, config: config(), ledger });
  }

  it('stays closed after five races that a pipeline won', async () => {
    expect(await refusal(...five.flatMap((number) => [counted(number), notMade(number)]))).toBeUndefined();
  });

  it('opens after three grants of ours that brought no recovery', async () => {
    expect(await refusal(...[1, 2, 3].map(counted))).toEqual({ guard: 'breaker', why: 'unproven-grants' });
  });

  it('opens as well when races stand between them', async () => {
    const between = [counted(1), counted(4), notMade(4), counted(2), counted(5), notMade(5), counted(3)];

    expect(await refusal(...between)).toEqual({ guard: 'breaker', why: 'unproven-grants' });
  });

  it('stays closed after two grants of ours that brought no recovery', async () => {
    expect(await refusal(counted(1), counted(2), counted(3), notMade(3))).toBeUndefined();
  });

  it('refuses where the ledger cannot be read', () => {
    const ledger = { read: false, why: 'unavailable' } as const;

    expect(deploymentGuard({ nowMs, config: config(), ledger })).toEqual({ guard: 'hourly-limit', why: 'unreadable' });
    expect(deploymentGuard({ nowMs, config: config(), ledger: known([]) })).toBeUndefined();
  });
});
