// What the deployment's ledger adds up to: grants that were made count, grants that were not needed do not.
import { describe, expect, it } from 'vitest';
import { deploymentGuard } from '../../../src/lib/decision/deployment-guards.ts';
import type { LedgerEntry } from '../../../src/lib/history/deployment-ledger.ts';
import { appendTries, Busy } from '../../../src/lib/ports/steering.ts';
import { appendToDeployment, countUnless, ledgerFacts } from '../../../src/lib/remediation/deployment.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import { type RemediationId, remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
import { acrPull, config, minute, nowMs, principal, registryId, roleMissing, signal } from '../facts.ts';
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

const counted = (number: number): LedgerEntry & { kind: 'grant-counted' } => ({
  kind: 'grant-counted',
  remediation: remediation(number),
});
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

describe('the ledger of the deployment', () => {
  const grant = { registryId, principalId: principal, roleId: acrPull };
  const undo: LedgerEntry = { kind: 'grant-undone', remediation: remediation(2), grant };

  it('says which grants helped and which a person took back, each with its time', async () => {
    const helped: LedgerEntry = { kind: 'grant-proven', remediation: remediation(1) };
    const { ports } = await ledgerOf(counted(1), counted(2), helped, undo);

    expect(await ledgerFacts(ports)).toEqual({
      ledger: known([
        { remediation: remediation(1), atMs: nowMs, proven: true },
        { remediation: remediation(2), atMs: nowMs, proven: false },
      ]),
      undone: known([{ grant, atMs: nowMs }]),
    });
  });

  it('is unreadable where the store does not answer, never empty', async () => {
    const { ports, world } = await ledgerOf(counted(1));
    world.before = (call) => {
      if (call === 'deployment.read') throw new Error('down');
    };

    expect(await ledgerFacts(ports)).toEqual({
      ledger: unreadable('unavailable'),
      undone: unreadable('unavailable'),
    });
  });
});

describe('an entry of the ledger', () => {
  /** A ledger in which others are first so many times. */
  async function contended(times: number): Promise<{ readonly tries: () => number; readonly ports: Memory['ports'] }> {
    const { ports } = await ledgerOf(counted(1));
    const append = ports.deployment.append.bind(ports.deployment);
    let tries = 0;
    Object.assign(ports.deployment, {
      append: async (...asked: Parameters<typeof append>) => {
        tries += 1;
        return tries <= times ? 'taken' : append(...asked);
      },
    });
    return { ports, tries: () => tries };
  }

  it('is appended although others are first, up to the last of its tries', async () => {
    const { ports, tries } = await contended(appendTries - 1);

    expect(await countUnless(ports, counted(2), () => undefined)).toBe('appended');
    expect(tries()).toBe(appendTries);
  });

  it('is given up after that: the answer is busy, or the step comes back', async () => {
    const { ports, tries } = await contended(3 * appendTries);

    expect(await countUnless(ports, counted(2), () => undefined)).toBe('busy');
    expect(tries()).toBe(appendTries);
    await expect(appendToDeployment(ports, counted(2))).rejects.toThrow(Busy);
    await expect(appendToDeployment(ports, counted(2))).rejects.toThrow('The deployment ledger is too busy.');
  });

  it('is not written where what stands there speaks against it', async () => {
    const { ports } = await ledgerOf(counted(1));

    expect(await countUnless(ports, counted(2), (grants) => grants[0]?.remediation)).toBe(remediation(1));
    expect(await ports.deployment.read('deployment')).toHaveLength(1);
  });
});
