// What became of a change: who made the assignment that is there, what is left alone, and what is written each time.
import { describe, expect, it } from 'vitest';
import { type Entry, grantNotFound, type OutcomeKind } from '../../../src/lib/history/entries.ts';
import { ChangeUnderWay } from '../../../src/lib/ports/steering.ts';
import { recallAccess, remember } from '../../../src/lib/remediation/access-memory.ts';
import { settle } from '../../../src/lib/remediation/change.ts';
import { beginTurn } from '../../../src/lib/remediation/turn.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  app,
  appId,
  config,
  minute,
  nowMs,
  principal,
  registryId,
  revision,
  roleMissing,
  signal,
  target,
  targetId,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const id = remediationIdOf(targetId, 1);
const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
const granting: Entry = {
  kind: 'decided',
  decision: { do: 'grant', grant, because: 'pull-role-missing' },
  dueAtMs: nowMs,
  refusals: [],
};
const restarting: Entry = {
  kind: 'decided',
  decision: { do: 'restart', revision: revision.name, because: 'cause-is-gone' },
  dueAtMs: nowMs,
  refusals: [],
};
const revising: Entry = {
  kind: 'decided',
  decision: {
    do: 'new-revision',
    revision: 'ca-orders--pm1',
    suffix: 'pm1',
    template: 'as-deployed',
    instead: revision.name,
    because: 'cause-is-gone',
  } as never,
  dueAtMs: nowMs,
  refusals: [],
};
const outcome = (of: OutcomeKind, action: 'grant' | 'restart' | 'new-revision', because?: string): Entry => ({
  kind: 'outcome',
  action,
  outcome: of,
  ...(because === undefined ? {} : { because }),
});

interface Run {
  readonly running: Memory;
  readonly calls: string[];
  /** Settles what is under way after so long, and answers what was written about it. */
  readonly settled: (afterMs?: number) => Promise<Entry[]>;
}

async function after(...entries: Entry[]): Promise<Run> {
  const running = memory(config(), roleMissing, nowMs);
  const calls: string[] = [];
  for (const [at, entry] of [opened, ...entries].entries()) await running.ports.history.append(targetId, at, entry);
  running.world.before = (call) => void calls.push(call);
  const settled = async (afterMs = 0): Promise<Entry[]> => {
    running.world.nowMs += afterMs;
    running.world.evidence = { ...running.world.evidence, atMs: running.world.nowMs };
    await settle(await beginTurn(running.ports, config(), targetId));
    return (await running.ports.history.read(targetId)).slice(entries.length + 1).map(({ entry }) => entry);
  };
  return { running, calls, settled };
}

describe('a change under way', () => {
  it('is left to its host for a minute, and says so', async () => {
    const { settled } = await after(restarting);
    const error = await settled(minute - 1).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ChangeUnderWay);
    expect(String(error)).toContain('A change is under way.');
    expect(await settled(1)).toEqual([
      { kind: 'outcome', action: 'restart', outcome: 'unknown', because: 'interrupted' },
    ]);
  });

  it('that was a restart without an answer stays as it is', async () => {
    const { settled } = await after(restarting, outcome('unknown', 'restart'));

    expect(await settled(9 * minute)).toEqual([]);
  });

  it.each(['done', 'failed', 'withheld', 'already-there'] as const)('that came to %s is settled', async (of) => {
    const { calls, settled } = await after(granting, outcome(of, 'grant'));

    expect(await settled(9 * minute)).toEqual([]);
    expect(calls).not.toContain('findGrant');
  });
});

describe('a grant without an answer', () => {
  it('is another one’s where the assignment does not name this remediation: that is seen, and counts for no limit', async () => {
    const { running, settled } = await after(granting, outcome('unknown', 'grant'));
    await remember(running.ports, grant, { kind: 'grant-made', grant, remediation: id, app: appId });
    running.world.grantExists = known(true);
    running.world.made = known({ kind: 'another' });

    expect(await settled()).toEqual([{ kind: 'outcome', action: 'grant', outcome: 'already-there', because: 'found' }]);
    expect(valueOf(await recallAccess(running.ports, grant))).toMatchObject({
      made: [],
      sighted: { app: appId, assignment: '', roleMode: 'legacy' },
    });
    expect((await running.ports.deployment.read('deployment')).map(({ entry }) => entry)).toEqual([
      { kind: 'grant-not-made', remediation: id, because: 'already-there' },
    ]);
    const memories = [
      ...(await running.ports.deployment.read(`access-${running.ports.hash(`access|${registryId}|${principal}`)}`)),
    ];
    expect(memories.map(({ entry }) => entry)).toContainEqual({
      kind: 'grant-not-made',
      remediation: id,
      because: 'already-there',
    });
  });

  it('is ours where the assignment names this remediation', async () => {
    const { running, settled } = await after(granting, outcome('unknown', 'grant'));
    running.world.grantExists = known(true);

    expect(await settled()).toEqual([
      { kind: 'outcome', action: 'grant', outcome: 'done', because: 'found', undo: 'x' },
    ]);
  });

  it('stays without one while neither can be read', async () => {
    const { running, settled } = await after(granting, outcome('unknown', 'grant'));
    running.world.grantExists = unreadable('timed-out');
    expect(await settled()).toEqual([]);
    running.world.grantExists = known(true);
    running.world.made = unreadable('timed-out');

    expect(await settled()).toEqual([]);
  });

  it('that is not there is in doubt, which is written once', async () => {
    const { running, settled } = await after(granting, outcome('unknown', 'grant'));
    await remember(running.ports, grant, { kind: 'grant-made', grant, remediation: id, app: appId });
    const doubt = { kind: 'outcome', action: 'grant', outcome: 'unknown', because: grantNotFound };

    expect(await settled()).toEqual([doubt]);
    expect(await settled(minute)).toEqual([doubt]);
  });

  it('stays without one where the memory of its identity cannot be read', async () => {
    const { running, settled } = await after(granting, outcome('unknown', 'grant'));
    running.world.before = (call) => {
      if (call === 'deployment.read') throw new Error('the store is down');
    };

    expect(await settled()).toEqual([]);
  });

  it('stays in doubt where the doubt is written already', async () => {
    const { running, settled } = await after(granting, outcome('unknown', 'grant', grantNotFound));
    await remember(running.ports, grant, { kind: 'grant-made', grant, remediation: id, app: appId });

    expect(await settled()).toEqual([]);
  });
});

describe('a new revision without an answer', () => {
  const state = (more: object) => ({ ...roleMissing, app: known({ ...app, ...more }) });

  it('was not made where it is not there after more than five minutes and Azure is not making one', async () => {
    const { running, settled } = await after(revising, outcome('unknown', 'new-revision'));
    running.world.evidence = state({ provisioningState: 'Succeeded' });
    expect(await settled(5 * minute)).toEqual([]);
    running.world.evidence = state({ provisioningState: 'InProgress' });
    expect(await settled(1)).toEqual([]);
    running.world.evidence = state({ provisioningState: 'Succeeded' });

    expect(await settled()).toEqual([
      { kind: 'outcome', action: 'new-revision', outcome: 'failed', because: 'not-made' },
    ]);
  });

  it('stays without one where the app is gone or cannot be read', async () => {
    const { running, settled } = await after(revising, outcome('unknown', 'new-revision'));
    running.world.evidence = { ...roleMissing, app: known('gone') };
    expect(await settled(9 * minute)).toEqual([]);
    running.world.evidence = { ...roleMissing, app: unreadable('forbidden') };

    expect(await settled()).toEqual([]);
  });

  it('that was not made is taken out of what is remembered of the app’s restarts; one that is there stays in', async () => {
    const partition = async ({ running }: Run): Promise<string[]> =>
      (await running.ports.deployment.read(`restarts-${running.ports.hash(appId)}`)).map(({ entry }) =>
        'because' in entry ? `${entry.kind}: ${entry.because}` : entry.kind,
      );
    const announced = {
      kind: 'restart-announced',
      app: appId,
      revision: revision.name,
      by: 'new-revision',
      remediation: id,
    } as const;
    const run = async (latestRevision: string): Promise<string[]> => {
      const begun = await after(revising, outcome('unknown', 'new-revision'));
      await begun.running.ports.deployment.append(`restarts-${begun.running.ports.hash(appId)}`, 0, announced);
      begun.running.world.evidence = state({ latestRevision });
      await begun.settled(9 * minute);
      return partition(begun);
    };

    expect(await run('another')).toEqual(['restart-announced', 'restart-not-made: not-made']);
    expect(await run('ca-orders--pm1')).toEqual(['restart-announced']);
  });
});

describe('the log of a change', () => {
  it('says what was done and what came of it', async () => {
    const running = memory(config(), roleMissing, nowMs);
    const lines: unknown[] = [];
    Object.assign(running.ports, { log: (...line: unknown[]) => void lines.push(line) });
    await running.deliver(signal);
    const [row] = running.rows.keys();

    expect(lines).toContainEqual(['acted', { remediation: row, action: 'grant', outcome: 'done' }]);
  });
});
