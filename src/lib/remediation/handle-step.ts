// One step message of a target: whether anything is due, what comes first, and when the next step is.
// The room remediation/ holds the step that strings the others together, answers of people, undo, the ledger, the kill switch.
// Not here: rules about what is allowed (decision/).

import { changeTakesMs } from '../decision/schedule.ts';
import type { WaitReason } from '../history/decision.ts';
import type { PutOffReason } from '../history/entries.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import { liveOf, undoingOf } from '../history/queries.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';
import { tryReadTarget } from '../history/targets.ts';
import type { Ports } from '../ports/ports.ts';
import { Busy, ChangeUnderWay, Overtaken, PutOff } from '../ports/steering.ts';
import { noteUnreadable } from '../ports/unreadable-history.ts';
import type { Config } from '../settings/config.ts';
import type { Step } from '../signals/step.ts';
import { seeToAlerts } from './acknowledge.ts';
import { dueAtMsOf, rowOf } from './index-row.ts';
import { pass } from './pass.ts';
import { beginTurn, live, record, refresh, type Turn } from './turn.ts';
import { stepUndo } from './undo.ts';

/**
 * Handles one step message. `redelivered` says that an earlier delivery of it died: then a stale step still makes sure that the
 * next one is on its way. A history that cannot be read is marked in the index and left alone; the schedule tries it again. Throws when
 * the store or the queue cannot be reached; the queue delivers again.
 */
export async function handleStep(ports: Ports, config: Config, step: Step, redelivered: boolean): Promise<void> {
  try {
    await handleReadable(ports, config, step, redelivered);
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    const read = await tryReadTarget(ports, step.targetId);
    // It is not the history of this target: of an incident, say, and the queue delivers again.
    if (read.read) throw error;
    await noteUnreadable(ports, step.targetId, read.why);
  }
}

async function handleReadable(ports: Ports, config: Config, step: Step, redelivered: boolean): Promise<void> {
  const turn = await beginTurn(ports, config, step.targetId);
  await againWhenBusy(turn, step, () => takeStep(turn, step, redelivered));
  // The next step is on its way by now: no remediation waits for its alert. Busy with alerts alone, it is not looked at before it is due.
  const later = { targetId: step.targetId, wake: false, late: true } as const;
  await againWhenBusy(turn, later, () => tendAlerts(turn));
}

/** Too many others write at this moment: the step comes back in seconds. Every kind of *too busy* ends here. */
async function againWhenBusy(turn: Turn, step: Omit<Step, 'seq'>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Busy)) throw error;
    const { ports, history } = turn;
    await ports.queue.sendStep({ ...step, seq: history.lastSeq }, ports.now() + busyMs * jitter(turn));
  }
}

async function takeStep(turn: Turn, step: Step, redelivered: boolean): Promise<void> {
  const { ports } = turn;
  if (await undo(turn, step)) return;
  if (step.late === true) await restoreRows(turn);
  const remediation = liveOf(turn.history);
  if (remediation === undefined || isStale(step, turn.history, remediation, ports.now())) {
    ports.log('step-stale', { target: step.targetId, seq: step.seq });
    // Overtaken, or delivered again after a crash: the recorded state decides what is due.
    if (redelivered || step.late === true) await schedule(turn);
    return;
  }
  if (step.late === true && dueAtMsOf(remediation) > ports.now()) {
    // It came meanwhile, and the next one is on its way; should that get lost, the row tells when.
    await ports.index.put(rowOf(remediation, turn.history.lastSeq, ports.now()));
    return;
  }
  try {
    await passOrPutOff(turn, step.wake ? (step.happenedBeforeMs ?? ports.now()) : undefined);
  } catch (error) {
    if (error instanceof ChangeUnderWay) {
      await ports.queue.sendStep({ ...step, seq: turn.history.lastSeq }, ports.now() + changeTakesMs);
      return;
    }
    if (!(error instanceof Overtaken)) throw error;
    ports.log('step-overtaken', { target: step.targetId, seq: step.seq });
    // The step that was first may have recalled facts: whether that will do is judged once its look is recorded.
    if (step.wake) await ports.queue.sendStep(step, ports.now());
    return;
  }
  await schedule(turn);
}

/**
 * An undo under way comes before everything else. A remediation that is still live is looked at right after it: its world has changed,
 * and the message that was on its way to it is stale now. True if an undo went on, here or at another host: the next step of the target is on
 * its way then. False if none was asked for, or if it cannot go on now: the schedule finds it by its row.
 */
async function undo(turn: Turn, step: Step): Promise<boolean> {
  const asked = undoingOf(turn.history);
  if (asked === undefined) return false;
  const { ports, config, history } = turn;
  // The row first: should we die on the way, the schedule finds the undo by it.
  await ports.index.put(rowOf(asked, history.lastSeq, ports.now()));
  try {
    if ((await stepUndo(ports, config, history)) === 'not-yet') return false;
    await refresh(turn);
    if (liveOf(turn.history) !== undefined) await passOrPutOff(turn, ports.now());
  } catch (error) {
    if (!(error instanceof Overtaken || error instanceof ChangeUnderWay)) throw error;
    ports.log('step-overtaken', { target: step.targetId, seq: step.seq });
    await refresh(turn);
  }
  const now = turn.history.remediations.find((one) => one.id === asked.id) ?? asked;
  await ports.index.put(rowOf(now, turn.history.lastSeq, ports.now()));
  if (liveOf(turn.history) !== undefined) await schedule(turn);
  return true;
}

function isStale(step: Step, history: TargetHistory, { look: last }: Remediation, nowMs: number): boolean {
  const { seq, wake, happenedBeforeMs = nowMs } = step;
  if (!wake) return seq < history.staleBelowSeq;
  // A look that rests on something from before may have missed what this step is about, however young it is.
  if (last === undefined || (last.seesFromMs ?? 0) < happenedBeforeMs) return false;
  return seq < history.staleBelowSeq && nowMs - last.atMs < minute / 2;
}

/**
 * What woke a look that was put off wakes the next one as well. `happenedBeforeMs`: something woke this one, and happened before this instant,
 * in milliseconds.
 */
async function passOrPutOff(turn: Turn, happenedBeforeMs: number | undefined): Promise<void> {
  const { wokenBeforeMs } = live(turn);
  const allHappenedBeforeMs =
    happenedBeforeMs === undefined ? wokenBeforeMs : Math.max(happenedBeforeMs, wokenBeforeMs ?? 0);
  const woken = happenedBeforeMs !== undefined;
  if (canWait(turn, allHappenedBeforeMs !== undefined)) return putOff(turn, 'first-looks-first', woken);
  try {
    return await pass(turn, allHappenedBeforeMs);
  } catch (error) {
    if (error instanceof PutOff) return putOff(turn, error.because, woken);
    throw error;
  }
}

/**
 * A look that can wait: nothing says that anything changed, and a person has been asked or nothing is being done. It waits so long and no longer: requests
 * can be scarce for hours, and meanwhile the app may recover.
 */
function canWait(turn: Turn, woken: boolean): boolean {
  const remediation = live(turn);
  const asked = remediation.waitingForPersonSinceMs !== undefined && !isBeingAsked(remediation);
  const { decision, dueAtMs = 0 } = remediation.decision ?? {};
  const waits = decision?.do === 'wait' && patient.has(decision.because);
  const idle = (asked && remediation.incident !== undefined) || waits;
  const { azure, now } = turn.ports;
  return idle && !woken && now() < dueAtMs + waitsAtMostMs && azure.scarce();
}

/** A question that is open, or an approval that allows a change now. */
function isBeingAsked({ approval, retryApproval }: Remediation): boolean {
  return [approval, retryApproval].some((one) => one !== undefined && one.usedAtMs === undefined);
}

/** Waits that a minute more does not harm: nothing was changed, and nothing failing was found. */
const patient: ReadonlySet<WaitReason> = new Set([
  'no-text-yet',
  'registry-busy',
  'tokens-refresh',
  'proving-stability',
]);

async function putOff(turn: Turn, because: PutOffReason, woken: boolean): Promise<void> {
  const dueAtMs = turn.ports.now() + Math.round(putOffMs[because] * jitter(turn));
  await record(turn, { kind: 'put-off', because, dueAtMs, ...(woken ? { woken } : {}) });
  turn.ports.log('put-off', { remediation: live(turn).id, because });
}

const minute = 60_000;
/** A step that could not write because too many others did comes back after this time, times the jitter. */
const busyMs = 5000;
/** How long after it was due a look that can wait is made, whatever goes first. It outlasts a storm that is drained in time. Milliseconds. */
const waitsAtMostMs = 15 * minute;
/** Time by which a look is put off, times the jitter: for want of requests, and because other looks go first. */
const putOffMs: Readonly<Record<PutOffReason, number>> = { 'over-budget': minute / 2, 'first-looks-first': 2 * minute };

/** Between 1 and 2, another one for each target and each entry: what was put off together does not come back together. */
function jitter({ ports, history }: Turn): number {
  return 1 + Number.parseInt(ports.hash(`jitter|${history.targetId}|${history.lastSeq}`).slice(0, 4), 16) / 0xffff;
}

/** Index first, then the message: a crash in between leaves a row that the schedule finds overdue. */
async function schedule({ ports, history }: Turn): Promise<void> {
  const last = history.remediations.at(-1);
  if (last === undefined) return;
  const row = rowOf(last, history.lastSeq, ports.now());
  await ports.index.put(row);
  if (!row.closed)
    await ports.queue.sendStep({ targetId: last.targetId, seq: history.lastSeq, wake: false }, row.dueAtMs);
}

/**
 * Rows of remediations that have ended and are among the live ones: a host died before `undo-asked` was recorded, or before it moved the
 * row of what had ended.
 */
async function restoreRows({ ports, history }: Turn): Promise<void> {
  const live = new Set((await ports.index.liveOfTarget(history.targetId)).map(({ remediation }) => remediation));
  const ended = history.remediations.filter(({ id, closed }) => closed !== undefined && live.has(id));
  for (const one of ended) await ports.index.put(rowOf(one, history.lastSeq, ports.now()));
}

/** The alerts of what goes on, and of what ended just before it. One that ended has no step of its own any more: it is sent one. */
async function tendAlerts({ ports, config, history }: Turn): Promise<void> {
  const { targetId, lastSeq, remediations } = history;
  for (const remediation of remediations.slice(-2)) {
    const againAtMs = await seeToAlerts(ports, config, remediation);
    if (againAtMs !== undefined) await ports.queue.sendStep({ targetId, seq: lastSeq, wake: false }, againAtMs);
  }
}
