// One step message: which is stale, which comes too early, which can wait while requests are scarce, and what each leaves behind.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { UnreadableHistory } from '../../../src/lib/history/ledger.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { handleStep } from '../../../src/lib/remediation/handle-step.ts';
import { skewMs } from '../../../src/lib/remediation/told-since.ts';
import { askUndo } from '../../../src/lib/remediation/undo.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import type { Step } from '../../../src/lib/signals/step.ts';
import { known } from '../../../src/lib/words/fact.ts';
import type { TargetId } from '../../../src/lib/words/target.ts';
import {
  app,
  appId,
  arm,
  assignment,
  config,
  minute,
  nowMs,
  pulledAgain,
  readyReplica,
  revision,
  roleMissing,
  signal,
  target,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { onlyRemediation, storedKinds } from '../stored.ts';

type Line = readonly [string, object];
interface Run {
  readonly running: Memory;
  readonly lines: Line[];
  readonly targetId: TargetId;
  /** Handles a step for the target, with the number of its last entry unless it says otherwise. */
  readonly step: (more?: Partial<Step>, redelivered?: boolean) => Promise<void>;
  readonly kinds: () => Entry['kind'][];
}

const observe = config({ PULLMEDIC_MODE: 'observe' });
const approving = config({ PULLMEDIC_MODE: 'approve' });
const undoing = config({ PULLMEDIC_SETTINGS: '{"undo":true}' });
const { details: _details, ...quiet } = revision;

/** A run after one signal: its remediation goes on, and its next step is on its way. */
async function after(settings: Config = config(), evidence: Evidence = roleMissing): Promise<Run> {
  const running = memory(settings, evidence, nowMs);
  const lines: Line[] = [];
  Object.assign(running.ports, { log: (event: string, about: object) => void lines.push([event, about]) });
  await running.deliver(signal);
  const [row] = running.rows.values();
  if (row === undefined) throw new Error('There is no row.');
  const { targetId } = row;
  lines.length = 0;
  const step: Run['step'] = async (more = {}, redelivered = false) => {
    const { lastSeq } = await readTarget(running.ports, targetId);
    await handleStep(running.ports, settings, { targetId, seq: lastSeq, wake: false, ...more }, redelivered);
  };
  return { running, lines, targetId, step, kinds: () => storedKinds(running) };
}

/** Time passes, and no step is delivered. */
function later(running: Memory, ms: number): void {
  running.world.nowMs += ms;
  running.world.evidence = { ...running.world.evidence, atMs: running.world.nowMs };
}

const looks = (kinds: readonly Entry['kind'][]): number => kinds.filter((kind) => kind === 'looked').length;

async function closedRun(settings: Config = config()): Promise<Run> {
  const run = await after(settings);
  run.running.world.evidence = pulledAgain(roleMissing, nowMs + minute);
  await run.running.pass(20 * minute);
  run.lines.length = 0;
  run.running.world.steps.length = 0;
  return run;
}

describe('the next step', () => {
  it('is sent once, for when the row says, with the number of the last entry', async () => {
    const { running, targetId } = await after();
    const [row] = running.rows.values();

    expect(running.world.steps).toEqual([{ step: { targetId, seq: row?.seq, wake: false }, dueAtMs: row?.dueAtMs }]);
  });
});

describe('a stale step', () => {
  it('looks at nothing and sends nothing', async () => {
    const { running, lines, targetId, step, kinds } = await after();
    const before = kinds();
    await step({ seq: 1 });

    expect(kinds()).toEqual(before);
    expect(running.world.steps).toHaveLength(1);
    expect(lines).toEqual([['step-stale', { target: targetId, seq: 1 }]]);
  });

  it('looks at nothing however long ago the last look was: the next step is on its way', async () => {
    const { running, step, kinds } = await after();
    const before = looks(kinds());
    later(running, minute);
    await step({ seq: 1 });

    expect(looks(kinds())).toBe(before);
  });

  it('that is delivered again makes sure that the next one is on its way', async () => {
    const { running, targetId, step, kinds } = await after();
    const before = kinds();
    running.world.steps.length = 0;
    running.rows.clear();
    await step({ seq: 1 }, true);
    const [row] = running.rows.values();

    expect(kinds()).toEqual(before);
    expect(running.world.steps).toEqual([
      { step: { targetId, seq: before.length, wake: false }, dueAtMs: row?.dueAtMs },
    ]);
  });

  it('that died between its look and the decision is looked at again at once, however far off the next look was', async () => {
    const { running, step, kinds } = await after(observe);
    later(running, 1000);
    running.world.before = (call) => {
      if (call === 'history.append' && kinds().at(-1) === 'looked') throw new Error('The store does not answer.');
    };
    const { lastSeq: seq } = await readTarget(running.ports, [...running.rows.values()][0]?.targetId as TargetId);
    await expect(step({ seq })).rejects.toThrow('The store does not answer.');
    running.world.before = () => undefined;
    running.world.steps.length = 0;
    later(running, 29_000);
    await step({ seq }, true);

    expect(running.world.steps).toMatchObject([{ step: { wake: false }, dueAtMs: running.world.nowMs - 29_000 }]);
  });

  it('of a remediation that has ended puts its row right where it is delivered again, and no other time', async () => {
    const { running, step } = await closedRun();
    const [row] = running.rows.values();
    running.rows.clear();
    await step({ seq: 1 });
    expect(running.rows.size).toBe(0);
    await step({ seq: 1 }, true);

    expect([...running.rows.values()]).toEqual([row]);
    expect(row?.closed).toBe(true);
    expect(running.world.steps).toEqual([]);
  });

  it('is one with a lower number than the last entry that counts, and none with that very number', async () => {
    const { running, targetId, step, kinds } = await after();
    const { staleBelowSeq } = await readTarget(running.ports, targetId);
    const before = looks(kinds());
    await step({ seq: staleBelowSeq - 1 });
    expect(looks(kinds())).toBe(before);
    await step({ seq: staleBelowSeq });

    expect(looks(kinds())).toBe(before + 1);
  });
});

describe('a step that says that something changed', () => {
  it('is stale for half a minute after a look that read all it rests on after that, as clocks differ', async () => {
    const { running, step, kinds } = await after();
    const before = looks(kinds());
    const about = { seq: 1, wake: true, happenedBeforeMs: nowMs - skewMs };
    later(running, minute / 2 - 1);
    await step(about);
    expect(looks(kinds())).toBe(before);
    later(running, 1);
    await step(about);

    expect(looks(kinds())).toBe(before + 1);
  });

  it('is not stale after a look that had begun by then, and one of an older version does not say when that was', async () => {
    const { running, step, kinds } = await after();
    const before = looks(kinds());
    later(running, 1000);
    await step({ seq: 1, wake: true, happenedBeforeMs: nowMs - skewMs + 1 });
    expect(looks(kinds())).toBe(before + 1);
    await step({ seq: 1, wake: true });

    expect(looks(kinds())).toBe(before + 2);
  });

  it('is stale after the look that the same change woke, also where it shared what others had read since', async () => {
    const { running, targetId, step, kinds } = await after();
    later(running, minute);
    const { azure } = running.ports;
    const probe: typeof azure.probe = async (...asked) => {
      const answer = await azure.probe(...asked);
      return asked[0] === 'registry' ? { ...answer, calls: 0, readAtMs: running.world.nowMs } : answer;
    };
    Object.assign(running.ports, { azure: { ...azure, probe } });
    const { lastSeq } = await readTarget(running.ports, targetId);
    const about = { seq: lastSeq, wake: true, happenedBeforeMs: running.world.nowMs };
    await step(about);
    const before = looks(kinds());
    await step(about);

    expect(looks(kinds())).toBe(before);
    expect(running.histories.all.get(targetId)?.some(({ text }) => text.includes('"recalled":["registry"]'))).toBe(
      true,
    );
  });

  it('is not stale after a look that a sender woke whose clock is ahead: what came during that look it did not see', async () => {
    const { running, targetId, step, kinds } = await after();
    later(running, minute);
    const startedMs = running.world.nowMs;
    const { lastSeq } = await readTarget(running.ports, targetId);
    await step({ seq: lastSeq, wake: true, happenedBeforeMs: startedMs + 8000 });
    const before = looks(kinds());
    later(running, 6000);
    await step({ seq: lastSeq, wake: true, happenedBeforeMs: startedMs + 5000 });

    expect(looks(kinds())).toBe(before + 1);
  });

  it('is never stale with the number of the last entry', async () => {
    const { step, kinds } = await after();
    const before = looks(kinds());
    await step({ wake: true });

    expect(looks(kinds())).toBe(before + 1);
  });

  it('is not stale after a look that rests on something that was read before: that may have missed what it is about', async () => {
    const { running, targetId, step, kinds } = await after(observe);
    later(running, minute);
    const { azure } = running.ports;
    const probe: typeof azure.probe = async (...asked) => {
      const answer = await azure.probe(...asked);
      return asked[0] === 'registry' ? { ...answer, calls: 0, readAtMs: running.world.nowMs - 15_000 } : answer;
    };
    const { azure: _azure, ...others } = running.ports;
    const { lastSeq } = await readTarget(running.ports, targetId);
    await handleStep(
      { ...others, azure: { ...azure, probe } },
      observe,
      { targetId, seq: lastSeq, wake: false },
      false,
    );
    const before = looks(kinds());
    await step({ seq: 1, wake: true, happenedBeforeMs: running.world.nowMs - 15_000 });

    expect(looks(kinds())).toBe(before + 1);
  });

  it('is not stale after a look of an older version, which does not say what it rests on', async () => {
    const { running, targetId, step, kinds } = await after(observe);
    const entries = await running.ports.history.read(targetId);
    const looked = entries.map(({ entry }) => entry).find((entry) => entry.kind === 'looked');
    if (looked?.kind !== 'looked') throw new Error('It has looked.');
    const { seesFromMs: _sees, ...older } = looked;
    await running.ports.history.append(targetId, entries.length, older);
    const before = looks(kinds());
    await step({ seq: 1, wake: true, happenedBeforeMs: nowMs - minute });

    expect(looks(kinds())).toBe(before + 1);
  });

  it('is not stale where no look was made yet', async () => {
    const { running, kinds } = await after();
    const other = `t${'2'.repeat(24)}` as TargetId;
    await running.ports.history.append(other, 0, { kind: 'opened', target, signal, mode: 'act' });
    const before = looks(kinds());
    await handleStep(running.ports, config(), { targetId: other, seq: 0, wake: true }, false);

    expect(looks(kinds())).toBe(before + 1);
  });

  it('looks at nothing where the remediation has ended', async () => {
    const { step, kinds, lines } = await closedRun();
    const before = kinds();
    await step({ wake: true });

    expect(kinds()).toEqual(before);
    expect(lines.map(([event]) => event)).toEqual(['step-stale']);
  });
});

describe('a late step', () => {
  it('that comes before the next look is due leaves only the row', async () => {
    const { running, step, kinds } = await after();
    const [row] = running.rows.values();
    const before = kinds();
    running.rows.clear();
    later(running, (row?.dueAtMs ?? 0) - running.world.nowMs - 1);
    await step({ late: true });

    expect(kinds()).toEqual(before);
    expect([...running.rows.values()]).toEqual([row]);
    later(running, 1);
    await step({ late: true });
    expect(looks(kinds())).toBe(looks(before) + 1);
  });

  it('that is stale as well makes sure that the next one is on its way', async () => {
    const { running, step } = await after();
    running.world.steps.length = 0;
    await step({ seq: 1, late: true });

    expect(running.world.steps).toHaveLength(1);
  });

  it('puts right the rows of what has ended and is still among the live ones, and of nothing else', async () => {
    const { running, step } = await closedRun(undoing);
    const [made] = running.rows.keys();
    const off = known([{ ...revision, active: false }]);
    running.world.evidence = { ...roleMissing, revisions: off, atMs: running.world.nowMs };
    await running.deliver({ ...signal, id: 'alert|2', atMs: running.world.nowMs });
    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
    await running.deliver({ ...signal, id: 'alert|3', atMs: running.world.nowMs });
    const all = [...running.rows.keys()];
    expect(all).toHaveLength(3);
    const [first] = running.rows.values();
    if (first === undefined) throw new Error('there is no row');
    running.rows.set(first.remediation, { ...first, closed: false });
    const put: string[] = [];
    const { index } = running.ports;
    Object.assign(running.ports, {
      index: { ...index, put: async (row: { remediation: string }) => void put.push(row.remediation) },
    });
    later(running, 1);
    await step({ late: true });

    expect(put).toEqual([made, all[2]]);
  });
});

describe('a step that another one overtakes', () => {
  const overtake = ({ running, targetId }: Run): void => {
    running.world.before = (call) => {
      if (call !== 'probe.app') return;
      running.world.before = () => undefined;
      const decided: Entry = {
        kind: 'decided',
        decision: { do: 'wait', because: 'role-propagating' },
        dueAtMs: nowMs + minute,
        refusals: [],
      };
      const rows = running.histories.all.get(targetId) ?? [];
      void running.histories.append(targetId, rows.length, decided);
    };
  };

  it('records nothing and sends nothing, because the other one has sent the next step', async () => {
    const run = await after(observe);
    later(run.running, 5 * minute);
    overtake(run);
    const before = run.kinds().length;
    run.running.world.steps.length = 0;
    await run.step();

    expect(run.kinds()).toHaveLength(before + 1);
    expect(run.running.world.steps).toEqual([]);
    expect(run.lines).toContainEqual(['step-overtaken', { target: run.targetId, seq: before }]);
  });

  it('comes again at once where it said that something changed', async () => {
    const run = await after(observe);
    later(run.running, 5 * minute);
    overtake(run);
    const before = run.kinds().length;
    run.running.world.steps.length = 0;
    await run.step({ wake: true });

    expect(run.running.world.steps).toEqual([
      { step: { targetId: run.targetId, seq: before, wake: true }, dueAtMs: run.running.world.nowMs },
    ]);
  });
});

describe('a look while requests are scarce', () => {
  const serving: Evidence = {
    ...roleMissing,
    logs: known([]),
    revisions: known([{ ...quiet, runningState: 'RunningAtMaxScale' }]),
    roles: known([assignment(24 * 60 * minute)]),
    replicas: known([readyReplica]),
  };
  const busy: Evidence = {
    ...serving,
    replicas: roleMissing.replicas ?? known([]),
    logs: known([{ ...unauthorizedRow, reason: 'ImagePullFailure', text: 'failed: toomanyrequests (HTTP 429).' }]),
  };

  async function scarce(settings: Config, evidence: Evidence, more: Partial<Step> = {}): Promise<Run> {
    const run = await after(settings, evidence);
    run.running.world.scarce = true;
    run.running.world.steps.length = 0;
    later(run.running, minute);
    await run.step(more);
    return run;
  }

  it.each([
    ['a person was asked', observe, roleMissing],
    ['only the text is missing', config(), serving],
    ['the registry is busy', config(), busy],
    ['a recovery is watched', config(), pulledAgain(roleMissing, nowMs)],
  ] as [string, Config, Evidence][])('is put off by two to four minutes where %s', async (_, settings, evidence) => {
    const { running, kinds, lines } = await scarce(settings, evidence);
    const { id } = await onlyRemediation(running);
    const [next, ...others] = running.world.steps;
    const byMs = (next?.dueAtMs ?? 0) - running.world.nowMs;

    expect(kinds().at(-1)).toBe('put-off');
    expect(others).toEqual([]);
    expect(byMs).toBeGreaterThanOrEqual(2 * minute);
    expect(byMs).toBeLessThanOrEqual(4 * minute);
    expect(lines).toContainEqual(['put-off', { remediation: id, because: 'first-looks-first' }]);
  });

  it.each([
    ['a change was made', config(), roleMissing],
    ['a question is open', approving, roleMissing],
  ] as [string, Config, Evidence][])('is made where %s', async (_, settings, evidence) => {
    expect((await scarce(settings, evidence)).kinds()).not.toContain('put-off');
  });

  it('is made where something changed, or where requests are not scarce', async () => {
    expect((await scarce(observe, roleMissing, { wake: true })).kinds()).not.toContain('put-off');
    const { running, step, kinds } = await after(observe);
    later(running, minute);
    await step();

    expect(kinds()).not.toContain('put-off');
  });

  it('is put off for a quarter of an hour after it was due, and no longer: requests may be scarce for hours', async () => {
    const { running, step, kinds } = await after(observe, roleMissing);
    running.world.scarce = true;
    const [row] = running.rows.values();
    later(running, (row?.dueAtMs ?? 0) - running.world.nowMs + 15 * minute - 1);
    await step();

    expect(kinds().at(-1)).toBe('put-off');
    later(running, 1);
    await step();

    expect(kinds().slice(-2)).toEqual(['looked', 'decided']);
  });

  it('is put off until another time for each app', async () => {
    const other = arm(`${appId}-two`);
    const here = (await scarce(observe, roleMissing)).running.world.steps[0]?.dueAtMs;
    const run = memory(observe, { ...roleMissing, app: known({ ...app, id: other }) }, nowMs);
    await run.deliver({ ...signal, about: { kind: 'app', id: other } });
    const [row] = run.rows.values();
    if (row === undefined) throw new Error('There is no row.');
    run.world.scarce = true;
    run.world.steps.length = 0;
    later(run, minute);
    await handleStep(run.ports, observe, { targetId: row.targetId, seq: row.seq, wake: false }, false);

    expect(run.world.steps[0]?.dueAtMs).not.toBe(here);
  });
});

describe('a step whose incident cannot be read', () => {
  it('fails the delivery, and the history of the target is not marked', async () => {
    const run = await after(observe);
    const read = () => Promise.reject(new UnreadableHistory('broken', 'The incident does not add up.'));
    Object.assign(run.running.ports, { incidents: { ...run.running.ports.incidents, read } });
    later(run.running, 5 * minute);

    await expect(run.step()).rejects.toBeInstanceOf(UnreadableHistory);
    expect([...run.running.rows.values()].some((row) => 'unreadable' in row)).toBe(false);
  });
});

describe('an undo of what has ended', () => {
  it('leaves the row of its own remediation, and no step where nothing else goes on', async () => {
    const { running, targetId, kinds, lines } = await closedRun(undoing);
    const [id] = running.rows.keys();
    await askUndo(running.ports, undoing, id ?? '', { by: 'anna' });
    await running.settle();

    expect(lines.map(([event]) => event)).toEqual(['undo-asked', 'undo-decided', 'undone']);
    expect(kinds().slice(-3)).toEqual(['undo-asked', 'undo-decided', 'undo-outcome']);
    expect(running.world.steps).toEqual([]);
    expect([...running.rows.values()]).toMatchObject([
      { remediation: id, targetId, closed: true, seq: kinds().length },
    ]);
  });

  it('is followed by a look at what goes on now, with all facts read anew, and by its next step', async () => {
    const { running, targetId, kinds } = await closedRun(undoing);
    const [id] = running.rows.keys();
    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
    await running.deliver({ ...signal, id: 'alert|2', atMs: running.world.nowMs });
    running.world.steps.length = 0;
    const before = looks(kinds());
    await askUndo(running.ports, undoing, id ?? '', { by: 'anna' });
    await running.settle();
    const { remediations, lastSeq } = await readTarget(running.ports, targetId);

    expect(looks(kinds())).toBe(before + 1);
    expect(remediations.at(-1)?.look?.seesFromMs).toBe(running.world.nowMs);
    expect(running.world.steps.map(({ step }) => step)).toEqual([{ targetId, seq: lastSeq, wake: false }]);
    expect(running.rows.get(id ?? '')).toMatchObject({ closed: true });
    expect(running.world.removed).toHaveLength(1);
  });
});
