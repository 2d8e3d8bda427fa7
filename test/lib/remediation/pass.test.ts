// One pass: what is decided is recorded before it is done, and an ending is counted where it proves something.
import { describe, expect, it } from 'vitest';
import { listIncidents } from '../../../src/lib/console/views.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { UnreadableHistory } from '../../../src/lib/history/ledger.ts';
import { readsClear } from '../../../src/lib/remediation/pass.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  assignment,
  config,
  dnsUnlinked,
  minute,
  nowMs,
  pulledAgain,
  pulledRow,
  readyReplica,
  roleMissing,
  signal,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { storedKinds } from '../stored.ts';

const ledger = async ({ ports }: Memory): Promise<string[]> =>
  (await ports.deployment.read('deployment')).map(({ entry }) => entry.kind);

describe('the end of an incident', () => {
  const found = (...causes: Diagnosis['causes']): Diagnosis => ({
    causes,
    sure: 'confirmed',
    for: [],
    against: [],
    network: 'allows',
    detail: {},
  });
  const clear = (before: Diagnosis, now: Diagnosis): boolean =>
    readsClear({ bestDiagnosis: { atMs: nowMs, diagnosis: before, suspicions: [] } }, now);

  it('is no proof of a cure while one of the causes that were found is proved again', () => {
    const before = found('private-dns-unlinked', 'registry-firewall');

    expect(clear(before, found('registry-firewall'))).toBe(false);
    expect(clear(before, found('tag-missing', 'registry-firewall'))).toBe(false);
    expect(clear(before, found('tag-missing'))).toBe(true);
    expect(clear(before, found())).toBe(true);
  });

  it('is one where the cause is only suspected now, or is a role of which the pull has shown that it works', () => {
    const role = found('pull-role-propagating');

    expect(clear(found('tag-missing'), { ...found('tag-missing'), sure: 'suspected' })).toBe(true);
    expect(clear(role, role)).toBe(true);
    expect(clear(found('pull-role-missing'), found('pull-role-missing'))).toBe(false);
    expect(readsClear({}, role)).toBe(true);
  });
});

describe('a decision', () => {
  it('is recorded after its look, before its change, and before the outcome', async () => {
    const running = memory(config(), roleMissing, nowMs);
    let before: string[] = [];
    running.world.before = (call) => {
      if (call === 'grant') before = storedKinds(running);
    };

    await running.deliver(signal);

    expect(before).toEqual(['opened', 'looked', 'decided']);
    expect(storedKinds(running)).toEqual(['opened', 'looked', 'decided', 'outcome']);
  });

  it('changes nothing where the history cannot be written', async () => {
    const running = memory(config(), roleMissing, nowMs);
    let appends = 0;
    running.world.before = (call) => {
      // The opening and the look are written; the decision is not.
      if (call === 'history.append' && ++appends > 2) throw new Error('the store is down');
    };

    await expect(running.deliver(signal)).rejects.toThrow('the store is down');

    expect(running.world.granted).toEqual([]);
  });

  it('names the guards that refused in its log line', async () => {
    const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);
    const lines: unknown[] = [];
    Object.assign(running.ports, {
      log: (event: string, about: object) => (event === 'decided' ? void lines.push(about) : undefined),
    });

    await running.deliver(signal);

    expect(lines).toMatchObject([{ do: 'incident', refused: 'mode' }]);
  });
});

describe('a recovery', () => {
  it('after a grant proves it for the whole deployment', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    running.world.evidence = pulledAgain(roleMissing, nowMs + minute);
    await running.pass(20 * minute);

    expect(storedKinds(running).at(-1)).toBe('closed');
    expect(await ledger(running)).toEqual(['grant-counted', 'grant-proven']);
  });

  it('ends its remediation although the ledger of the deployment cannot be read', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    expect(running.world.granted).toHaveLength(1);
    const read = running.ports.deployment.read.bind(running.ports.deployment);
    Object.assign(running.ports.deployment, {
      read: async (partition: string) => {
        if (partition === 'deployment') throw new UnreadableHistory('newer-version', 'An entry of an unknown kind.');
        return read(partition);
      },
    });
    running.world.evidence = pulledAgain(roleMissing, nowMs + minute);
    await running.pass(20 * minute);

    expect(storedKinds(running).at(-1)).toBe('closed');
  });

  it('without a grant of pullmedic proves nothing', async () => {
    const running = memory(config(), { ...roleMissing, roles: known([assignment(minute)]) }, nowMs);
    await running.deliver(signal);
    running.world.evidence = pulledAgain(roleMissing, nowMs + minute);
    await running.pass(20 * minute);

    expect(storedKinds(running).at(-1)).toBe('closed');
    expect(await ledger(running)).toEqual([]);
  });

  it('closes the incident, and says so where its cause does not read clear', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const repaired = { replicas: known([readyReplica]), logs: known([{ ...pulledRow, atMs: nowMs + minute }]) };
    running.world.evidence = { ...dnsUnlinked, ...repaired };
    await running.pass(20 * minute);

    expect((await listIncidents(running.ports))[0]).toMatchObject({ because: 'cause-not-clear' });
  });
});
