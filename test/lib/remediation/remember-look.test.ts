// What looks teach: sightings, removals and questions without an answer are remembered for the identity, whichever app the look was about.
import { describe, expect, it } from 'vitest';
import { listRemediations } from '../../../src/lib/console/views.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { AccessMemory } from '../../../src/lib/history/access-memory.ts';
import { recallAccess, remember } from '../../../src/lib/remediation/access-memory.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import type { RemediationId, TargetId } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  app,
  appId,
  assignment,
  config,
  image,
  minute,
  nowMs,
  principal,
  principalId,
  registryId,
  revision,
  roleMissing,
  signal,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const pair = { registryId, principalId: principal };
const grant = { ...pair, roleId: acrPull };
const another = `t${'1'.repeat(24)}.1` as RemediationId;
const day = 24 * 60 * minute;
const removal = { atMs: nowMs - minute, by: 'mallory', scope: registryId };
const withRole: Evidence = { ...roleMissing, roles: known([assignment(minute)]) };

async function remembered({ ports }: Memory): Promise<AccessMemory | undefined> {
  return valueOf(await recallAccess(ports, pair));
}

async function seen(evidence: Evidence, more: Record<string, string> = {}): Promise<Memory> {
  const running = memory(config(more), evidence, nowMs);
  await running.deliver(signal);
  return running;
}

/** The same app with a new tag of the image: another target. */
async function newTag(running: Memory, evidence: Evidence): Promise<void> {
  const next = image.replace(':v1', ':v2');
  running.world.evidence = {
    ...evidence,
    atMs: running.world.nowMs,
    app: known({ ...app, images: [next], latestRevision: 'ca-orders--0000002' }),
    revisions: known([{ ...revision, name: 'ca-orders--0000002', images: [next] }]),
    replicas: known([]),
    logs: known([]),
  };
  await running.deliver({ ...signal, id: 'alert|2', atMs: running.world.nowMs });
}

describe('a sighting', () => {
  it('says which assignment gave the access, and in which mode', async () => {
    const sighted = (await remembered(await seen(withRole)))?.sighted;

    expect(sighted).toEqual({ app: appId, assignment: assignment(0).id, roleMode: 'legacy', atMs: nowMs });
  });

  it('is written once in five minutes, whatever the number of looks', async () => {
    const running = await seen(withRole);
    await running.pass(4 * minute);
    const early = await remembered(running);
    await running.pass(3 * minute);
    const late = await remembered(running);

    expect([early?.sighted?.atMs, early?.lastSeq]).toEqual([nowMs, 1]);
    expect(late?.sighted?.atMs).toBeGreaterThanOrEqual(nowMs + 5 * minute);
    expect(late?.lastSeq).toBe(2);
  });

  it('is none where there is no role, or where the roles could not be read', async () => {
    const unread = await seen({ ...roleMissing, roles: unreadable('forbidden') });

    expect((await remembered(await seen(roleMissing, { PULLMEDIC_MODE: 'observe' })))?.sighted).toBeUndefined();
    expect((await remembered(unread))?.sighted).toBeUndefined();
  });

  it('makes the loss of the role a question for the next image too, long after the lag of the log', async () => {
    const running = await seen(withRole);
    // The first app is gone, and with it its looks.
    running.world.steps.length = 0;
    running.world.nowMs += 3 * day;
    await newTag(running, roleMissing);

    const [next] = await listRemediations(running.ports);
    expect(next?.target.image).toBe(image.replace(':v1', ':v2'));
    expect(next).toMatchObject({ state: 'needs-approval', refusals: ['role-removed: had-access'] });
    expect(running.world.granted).toEqual([]);
  });
});

describe('a host that dies after it saw the access', () => {
  it.each([1, 2, 3, 4, 5])('has remembered it before anything else can rest on the look (write %i)', async (dies) => {
    const running = memory(config(), withRole, nowMs);
    let writes = 0;
    running.world.before = (call) => {
      // The first write opens the remediation.
      if (call.endsWith('append') && writes++ >= dies) throw new Error('the host is gone');
    };
    await running.deliver(signal).catch(() => undefined);
    running.world.before = () => undefined;

    const stored = [...running.histories.all.values()].flat().map(({ text }) => JSON.parse(text) as { kind: string });
    const looked = stored.some(({ kind }) => kind === 'looked');
    expect({ looked, sighted: (await remembered(running))?.sighted !== undefined }).not.toEqual({
      looked: true,
      sighted: false,
    });
  });
});

describe('a removal', () => {
  it('is remembered once, and outlives the Activity Log', async () => {
    const gone = { ...roleMissing, removals: known([{ ...removal, principalId: principal }]) };
    const running = await seen(gone, { PULLMEDIC_MODE: 'observe' });
    await running.pass(30 * minute);
    const memories = await remembered(running);

    expect(memories?.removals).toEqual([
      { removedAtMs: removal.atMs, by: 'mallory', scope: registryId, whose: 'named' },
    ]);
    expect(memories?.lastSeq).toBe(1);
  });

  it('that may be about the identity is remembered beside one that names it', async () => {
    const removals = known([removal, { ...removal, principalId: principal, atMs: nowMs - 2 * minute }]);
    const running = await seen({ ...roleMissing, removals });

    expect((await remembered(running))?.removals.map(({ whose }) => whose)).toEqual(['named', 'cannot-tell']);
  });

  it('of a stranger is not remembered', async () => {
    const stranger = principalId('c0000000-0000-4000-8000-00000000000c');
    const running = await seen({ ...roleMissing, removals: known([{ ...removal, principalId: stranger }]) });

    expect((await remembered(running))?.removals).toEqual([]);
    expect(running.world.granted).toHaveLength(1);
  });
});

/** Older versions wrote a no into the history of the target and nowhere else. */
async function rejectedByAnOlderVersion({ histories, rows, ports, world }: Memory): Promise<void> {
  const [{ targetId } = { targetId: '' as TargetId }] = rows.values();
  const seq = (histories.all.get(targetId) ?? []).length;
  await histories.append(targetId, seq, { kind: 'answered', answer: 'rejected', grant, by: 'ada' });
  await ports.queue.sendStep({ targetId, seq: seq + 1, wake: true }, world.nowMs);
}

describe('a question', () => {
  const asks = { ...roleMissing, removals: known([removal]) };

  it('that no person answered in time is a no, which binds when the doubt has gone', async () => {
    const running = await seen(asks);
    await running.pass(241 * minute);
    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
    await running.pass(8 * day);

    expect((await remembered(running))?.refused).toMatchObject([{ how: 'unanswered', app: appId }]);
    expect(running.world.granted).toEqual([]);
  });

  it('that is still open is none', async () => {
    const running = await seen(asks);
    await running.pass(239 * minute);

    expect((await remembered(running))?.refused).toEqual([]);
  });

  it('that was open when a person had earlier refusals forgotten is a no, if it then expires', async () => {
    const running = await seen(asks);
    const earlier = {
      kind: 'grant-refused',
      grant,
      how: 'rejected',
      by: 'ada',
      remediation: another,
      app: appId,
    } as const;
    await remember(running.ports, pair, earlier);
    await running.pass(minute);
    await remember(running.ports, pair, { kind: 'refusal-forgotten', ...pair, by: 'bob', why: 'reviewed' });
    await running.pass(241 * minute);

    expect((await remembered(running))?.refused).toMatchObject([{ how: 'unanswered', app: appId }]);
  });

  it('that expired is no no where a person has approved the same grant since', async () => {
    const running = await seen(asks);
    // The step that would see that it expired is late.
    running.world.nowMs += 245 * minute;
    await remember(running.ports, pair, { kind: 'grant-approved', grant, by: 'ada', remediation: another });
    running.world.evidence = { ...asks, atMs: running.world.nowMs };
    await running.settle();

    expect((await remembered(running))?.refused).toEqual([]);
  });

  it('that a person rejected under an older version binds other apps from the next look on, and is written once', async () => {
    const running = await seen(asks);
    await rejectedByAnOlderVersion(running);
    await running.pass(8 * day);

    expect((await remembered(running))?.refused).toMatchObject([{ how: 'rejected', by: 'ada', app: appId }]);
  });

  it('that a person rejected and had forgotten is not remembered again', async () => {
    const running = await seen(asks);
    await rejectedByAnOlderVersion(running);
    await running.pass(minute);
    await remember(running.ports, pair, { kind: 'refusal-forgotten', ...pair, by: 'bob', why: 'reviewed' });
    // The question is asked again after that; this ends before it can expire.
    await running.pass(3 * 60 * minute);

    expect((await remembered(running))?.refused).toEqual([]);
  });
});
