// What looks, refusals and grants leave in the memory of an identity on a registry, and what they leave out, entry by entry.
import { describe, expect, it } from 'vitest';
import { logLagMs } from '../../../src/lib/decision/access-guards.ts';
import { repositoryReaderRole } from '../../../src/lib/diagnosis/access.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { AccessEntry } from '../../../src/lib/history/access-memory.ts';
import { type AccessMemory, nothingRemembered } from '../../../src/lib/history/access-memory.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { recallAccess, remember } from '../../../src/lib/remediation/access-memory.ts';
import { forgetRefusal } from '../../../src/lib/remediation/forget-refusal.ts';
import { sawAccess, takeBackAnnouncement } from '../../../src/lib/remediation/make-grant.ts';
import { nosOf, rememberLook } from '../../../src/lib/remediation/remember-look.ts';
import { rememberNosOfOthers } from '../../../src/lib/remediation/remember-nos.ts';
import { beginTurn } from '../../../src/lib/remediation/turn.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import { type RemediationId, remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  app,
  appId,
  arm,
  assignment,
  config,
  history,
  minute,
  nowMs,
  principal,
  principalId,
  registryId,
  roleMissing,
  signal,
  target,
  targetId,
} from '../facts.ts';
import { indexRow } from '../index-rows.ts';
import { type Memory, memory } from '../memory-ports.ts';

const pair = { registryId, principalId: principal };
const grant = { ...pair, roleId: acrPull };
const stranger = principalId('c0000000-0000-4000-8000-00000000000c');
const elsewhere = arm(`${registryId}two`);
const id = remediationIdOf(targetId, 1);
const another = `t${'1'.repeat(24)}.1` as RemediationId;
const day = 24 * 60 * minute;
const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };

async function begin(...entries: Entry[]): Promise<Memory> {
  const running = memory(config(), roleMissing, nowMs);
  for (const [at, entry] of [opened, ...entries].entries()) await running.ports.history.append(targetId, at, entry);
  return running;
}

const recalled = async ({ ports }: Memory): Promise<AccessMemory | undefined> =>
  valueOf(await recallAccess(ports, pair));
const looksAt = async (running: Memory, evidence: Evidence) =>
  rememberLook(await beginTurn(running.ports, config(), targetId), evidence);

describe('a look', () => {
  const withRole: Evidence = { ...roleMissing, roles: known([assignment(day)]) };

  it('remembers a sighting again after five minutes, to the millisecond', async () => {
    const running = await begin();
    await looksAt(running, withRole);
    running.world.nowMs += 5 * minute - 1;
    await looksAt(running, withRole);
    expect((await recalled(running))?.lastSeq).toBe(1);
    running.world.nowMs += 1;
    await looksAt(running, withRole);

    expect((await recalled(running))?.lastSeq).toBe(2);
  });

  it('remembers a sighting of another assignment, or in another mode of the registry, at once', async () => {
    const running = await begin();
    await looksAt(running, withRole);
    const other = { id: arm(`${registryId}/providers/microsoft.authorization/roleassignments/other`) };
    await looksAt(running, { ...withRole, roles: known([assignment(day, other)]) });
    expect((await recalled(running))?.sighted?.assignment).toBe(other.id);
    expect((await recalled(running))?.lastSeq).toBe(2);
    await remember(running.ports, pair, {
      kind: 'access-sighted',
      ...pair,
      app: appId,
      assignment: assignment(day).id,
      roleMode: 'abac',
    });
    await looksAt(running, withRole);

    expect((await recalled(running))?.sighted?.roleMode).toBe('legacy');
  });

  it('remembers each removal once, and a later one of its kind again', async () => {
    const running = await begin();
    const removal = { by: 'mallory', scope: registryId };
    const named = (agoMs: number) => ({ ...removal, principalId: principal, atMs: nowMs - agoMs });
    const nameless = (agoMs: number) => ({ ...removal, atMs: nowMs - agoMs });
    const sees = async (...removals: object[]) => {
      await looksAt(running, { ...roleMissing, removals: known(removals as never) });
      return (await recalled(running))?.removals.map(({ whose, removedAtMs }) => `${whose} ${nowMs - removedAtMs}`);
    };

    expect(await sees(named(9))).toEqual(['named 9']);
    expect(await sees(named(9))).toEqual(['named 9']);
    expect((await recalled(running))?.lastSeq).toBe(1);
    expect(await sees(named(9), nameless(8))).toEqual(['named 9', 'cannot-tell 8']);
    expect(await sees(nameless(8), named(7))).toEqual(['cannot-tell 8', 'named 7']);
    expect((await recalled(running))?.lastSeq).toBe(3);
  });

  it('remembers a removal that names the identity also where a later one of the other kind is known', async () => {
    const running = await begin();
    const removal = { by: 'mallory', scope: registryId };
    await looksAt(running, { ...roleMissing, removals: known([{ ...removal, atMs: nowMs - 3 }]) });
    const named = { ...removal, principalId: principal, atMs: nowMs - 9 };
    await looksAt(running, { ...roleMissing, removals: known([named]) });

    expect((await recalled(running))?.removals.map(({ whose }) => whose)).toEqual(['cannot-tell', 'named']);
  });

  it('remembers of each grant without an answer that it was never made, once the log can tell', async () => {
    const running = await begin();
    for (const remediation of [id, another]) {
      await remember(running.ports, pair, { kind: 'grant-made', grant, remediation, app: appId });
      await remember(running.ports, pair, { kind: 'grant-not-found', remediation });
    }
    expect((await recalled(running))?.made).toHaveLength(2);
    running.world.nowMs += logLagMs;
    await looksAt(running, { ...roleMissing, removals: known([]), atMs: running.world.nowMs });
    const partition = `access-${running.ports.hash(`access|${registryId}|${principal}`)}`;

    expect((await recalled(running))?.made).toEqual([]);
    expect((await running.ports.deployment.read(partition)).slice(-2).map(({ entry }) => entry)).toEqual(
      [id, another].map((remediation) => ({ kind: 'grant-not-made', remediation, because: 'no-removal-seen' })),
    );
  });

  it('remembers once that a grant was never made, also where two hosts learn it at the same moment', async () => {
    const running = await begin();
    for (const remediation of [id, another]) {
      await remember(running.ports, pair, { kind: 'grant-made', grant, remediation, app: appId });
      await remember(running.ports, pair, { kind: 'grant-not-found', remediation });
    }
    running.world.nowMs += logLagMs;
    const partition = `access-${running.ports.hash(`access|${registryId}|${principal}`)}`;
    running.world.before = (call) => {
      if (call !== 'deployment.append') return;
      running.world.before = () => undefined;
      const learned: AccessEntry = { kind: 'grant-not-made', remediation: id, because: 'no-removal-seen' };
      void running.ports.deployment.append(partition, 4, learned);
    };
    await looksAt(running, { ...roleMissing, removals: known([]), atMs: running.world.nowMs });
    const entries = (await running.ports.deployment.read(partition)).map(({ entry }) => entry as AccessEntry);

    expect(entries.flatMap((one) => (one.kind === 'grant-not-made' ? [one.remediation] : []))).toEqual([id, another]);
  });

  it('remembers nothing where the pair is not known, and answers that nothing is remembered', async () => {
    const running = await begin();
    const noIdentity = { ...withRole, app: known({ ...app, registries: [] }) };

    expect(await looksAt(running, noIdentity)).toEqual(known(nothingRemembered));
    expect(await looksAt(running, { ...withRole, registry: unreadable('forbidden') })).toEqual(
      known(nothingRemembered),
    );
    expect((await recalled(running))?.lastSeq).toBe(0);
  });

  it('grants nothing where the memory cannot be read or written', async () => {
    const running = await begin();
    running.world.before = (call) => {
      if (call === 'deployment.append') throw new Error('the store is down');
    };
    expect(await looksAt(running, withRole)).toEqual(unreadable('unavailable'));
    running.world.before = (call) => {
      if (call === 'deployment.read') throw new Error('the store is down');
    };

    expect((await looksAt(running, withRole)).read).toBe(false);
  });
});

describe('a no of the target’s own history', () => {
  const question: Entry = {
    kind: 'decided',
    decision: { do: 'ask', grant, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs: nowMs - minute },
    dueAtMs: nowMs,
    refusals: [],
  };
  const rejected: Entry = { kind: 'answered', answer: 'rejected', grant, by: 'ada' };
  const no = (...entries: Entry[]) => nosOf(history(...entries), nowMs);
  /** Fold times of {@link history}: five seconds ago, a millisecond for each entry. */
  const askedAtMs = nowMs - 4999;
  const knows = (of: Partial<AccessMemory>, ...entries: Entry[]) =>
    no(...entries)[0]?.isKnown({ ...nothingRemembered, ...of });
  const refused = { grant, how: 'unanswered', app: appId } as const;

  it('is one that a person said, or one of a question that expired', () => {
    const open = { ...question, decision: { ...question.decision, expiresAtMs: nowMs + 1 } } as Entry;

    expect(no(open, rejected)[0]?.entry).toEqual({
      kind: 'grant-refused',
      grant,
      how: 'rejected',
      by: 'ada',
      remediation: id,
      app: appId,
    });
    expect(no({ ...question, decision: { ...question.decision, expiresAtMs: nowMs } } as Entry)[0]?.entry).toEqual({
      kind: 'grant-refused',
      grant,
      how: 'unanswered',
      remediation: id,
      app: appId,
    });
    expect(no(open)).toEqual([]);
    expect(no()).toEqual([]);
  });

  it('is known where the memory holds one of this remediation from the question on', () => {
    const late = { ...question, decision: { ...question.decision, expiresAtMs: nowMs } } as Entry;

    expect(knows({ refused: [{ ...refused, remediation: id, atMs: askedAtMs }] }, late)).toBe(true);
    expect(knows({ refused: [{ ...refused, remediation: id, atMs: askedAtMs - 1 }] }, late)).toBe(false);
    expect(knows({ refused: [{ ...refused, remediation: another, atMs: nowMs }] }, late)).toBe(false);
    expect(knows({}, late)).toBe(false);
  });

  it('is overruled where a person had it forgotten or approved this very grant, from its instant on', () => {
    const late = { ...question, decision: { ...question.decision, expiresAtMs: nowMs } } as Entry;
    const approved = { grant, by: 'ada', remediation: another, atMs: nowMs, seq: 1 };

    expect(knows({ forgottenAtMs: nowMs }, late)).toBe(true);
    expect(knows({ forgottenAtMs: nowMs - 1 }, late)).toBe(false);
    expect(knows({ approved: [approved] }, late)).toBe(true);
    expect(knows({ approved: [{ ...approved, atMs: nowMs - 1 }] }, late)).toBe(false);
    expect(knows({ approved: [{ ...approved, grant: { ...grant, repository: 'shop/other' } }] }, late)).toBe(false);
  });
});

describe('the nos of other apps', () => {
  const other = `t${'2'.repeat(24)}` as TargetId;
  const question = (of: object): Entry => ({
    kind: 'decided',
    decision: {
      do: 'ask',
      grant: { ...grant, ...of },
      cause: 'pull-role-missing',
      because: 'needs-approval',
      expiresAtMs: nowMs,
    },
    dueAtMs: nowMs,
    refusals: [],
  });
  const row = indexRow({ targetId: other, needsPerson: true, seq: 2 });
  const waits = { image: 'i', registry: 'r', blind: false, confirmed: [] };

  async function reads(of: object, waitsFor?: object): Promise<{ read: boolean; known: number }> {
    const running = await begin();
    await running.ports.history.append(other, 0, opened);
    await running.ports.history.append(other, 1, question(of));
    await running.ports.index.put({
      ...row,
      ...(waitsFor === undefined ? {} : { waitsFor: { ...waits, ...waitsFor } }),
    });
    running.world.nowMs += minute;
    let read = false;
    running.world.before = (call) => {
      read ||= call === 'history.read';
    };
    await rememberNosOfOthers(running.ports, pair);
    running.world.before = () => undefined;
    const memories = [pair, { ...pair, principalId: stranger }, { ...pair, registryId: elsewhere }];
    const all = await Promise.all(memories.map(async (one) => valueOf(await recallAccess(running.ports, one))));
    return { read, known: all.flatMap((one) => one?.refused ?? []).length };
  }

  it('are remembered where they are about this pair', async () => {
    expect(await reads({}, pair)).toEqual({ read: true, known: 1 });
    expect(await reads({})).toEqual({ read: true, known: 1 });
    expect(await reads({}, {})).toEqual({ read: true, known: 1 });
  });

  it('are left alone where they are about another pair', async () => {
    expect(await reads({ principalId: stranger })).toEqual({ read: true, known: 0 });
    expect(await reads({ registryId: elsewhere })).toEqual({ read: true, known: 0 });
  });

  it('are not read where the row says that it waits for another pair', async () => {
    expect(await reads({}, { ...pair, principalId: stranger })).toEqual({ read: false, known: 0 });
    expect(await reads({}, { ...pair, registryId: elsewhere })).toEqual({ read: false, known: 0 });
  });
});

describe('a refusal that a person has forgotten', () => {
  const refusal: AccessEntry = {
    kind: 'grant-refused',
    grant,
    how: 'rejected',
    by: 'ada',
    remediation: another,
    app: appId,
  };
  const granted: Entry[] = [
    {
      kind: 'decided',
      decision: { do: 'grant', grant, because: 'pull-role-missing' },
      dueAtMs: nowMs,
      refusals: [],
    },
    { kind: 'outcome', action: 'grant', outcome: 'withheld' },
  ];
  const waits: Entry = {
    kind: 'decided',
    decision: { do: 'wait', because: 'looking-again' },
    dueAtMs: nowMs,
    refusals: [],
  };
  const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };

  async function forgets(...entries: Entry[]) {
    const running = await begin(...entries);
    const lines: unknown[] = [];
    Object.assign(running.ports, { log: (...line: unknown[]) => void lines.push(line) });
    await remember(running.ports, grant, refusal);
    const said = await forgetRefusal(running.ports, id, { by: 'bert', why: 'The owner agreed.' });
    return { said, lines, steps: running.world.steps, memory: await recalled(running) };
  }

  it('is one of the grant that the remediation tried to make, also where it only waits now', async () => {
    const { said, lines, steps, memory } = await forgets(...granted, waits);

    expect(said).toBe('forgotten');
    expect(memory).toMatchObject({ refused: [], forgottenAtMs: nowMs });
    expect(steps).toEqual([{ step: { targetId, seq: 4, wake: true, happenedBeforeMs: nowMs }, dueAtMs: nowMs }]);
    expect(lines).toEqual([['refusal-forgotten', { remediation: id }]]);
  });

  it('wakes nothing where the remediation has ended', async () => {
    const { said, steps } = await forgets(...granted, closed);

    expect([said, steps]).toEqual(['forgotten', []]);
  });

  it('is none where the remediation knows of no grant, or nothing was decided yet', async () => {
    const restarted: Entry = {
      kind: 'decided',
      decision: { do: 'restart', revision: 'r', because: 'cause-is-gone' },
      dueAtMs: nowMs,
      refusals: [],
    };

    expect((await forgets()).said).toBe('no-refusal');
    expect((await forgets(waits)).said).toBe('no-refusal');
    expect((await forgets(restarted)).said).toBe('no-refusal');
  });
});

describe('a grant that was not made after all', () => {
  async function takenBack(...made: RemediationId[]) {
    const running = await begin();
    for (const remediation of made)
      await remember(running.ports, grant, { kind: 'grant-made', grant, remediation, app: appId });
    const turn = await beginTurn(running.ports, config(), targetId);
    const [remediation] = (await readTarget(running.ports, targetId)).remediations;
    if (remediation === undefined) throw new Error('There is a remediation.');
    await takeBackAnnouncement(turn, grant, remediation, 'failed');
    return recalled(running);
  }

  it('is taken back once, and where none was announced nothing is written', async () => {
    expect(await takenBack(id)).toMatchObject({ made: [], lastSeq: 2 });
    expect(await takenBack(another)).toMatchObject({ made: [{ remediation: another }], lastSeq: 1 });
    expect(await takenBack(another, id)).toMatchObject({ made: [{ remediation: another }], lastSeq: 3 });
    expect(await takenBack()).toMatchObject({ lastSeq: 0 });
  });
});

describe('a grant that another caller made first', () => {
  it('is a sighting in the mode of its role', async () => {
    const running = await begin();
    const turn = await beginTurn(running.ports, config(), targetId);
    const [remediation] = (await readTarget(running.ports, targetId)).remediations;
    if (remediation === undefined) throw new Error('There is a remediation.');
    await sawAccess(turn, grant, remediation);
    expect((await recalled(running))?.sighted).toEqual({ app: appId, assignment: '', roleMode: 'legacy', atMs: nowMs });
    await sawAccess(turn, { ...grant, roleId: repositoryReaderRole }, remediation);

    expect((await recalled(running))?.sighted).toMatchObject({ roleMode: 'abac' });
  });
});
