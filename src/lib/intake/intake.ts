// From signal to remediation: finds the app, names the failing targets, and joins or opens.
// The room intake/ holds from signal to remediation; the sweep for apps that no signal names; messages that cannot be handled.
// Not here: steps of a remediation.

import type { NamedApp } from '../evidence/reads.ts';
import type { IndexRow } from '../history/index-row.ts';
import { liveOf } from '../history/queries.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';
import { readTarget, targetIdOf, tryReadTarget } from '../history/targets.ts';
import { appsNamed } from '../look/named-apps.ts';
import type {
  AzureReads,
  Clock,
  EventLog,
  Histories,
  Index,
  Names,
  Outbox,
  Queues,
  SignalCounts,
  WakePlans,
} from '../ports/ports.ts';
import { sendWake } from '../ports/send-wake.ts';
import { crowded, crowdedTries, Later } from '../ports/steering.ts';
import { noteUnreadable } from '../ports/unreadable-history.ts';
import type { Config } from '../settings/config.ts';
import type { Signal } from '../signals/signal.ts';
import { sendTells } from '../telling/announce.ts';
import { noteOpening } from '../telling/announce-remediation.ts';
import type { ArmId } from '../words/arm-id.ts';
import type { Target, TargetId } from '../words/target.ts';
import { countSignal, latestCounted, shortNameOf } from './count-signal.ts';
import { isOfRefusedWrite, targetsOf, unread } from './failing-targets.ts';
import { isKept, restOf } from './repeated-signals.ts';
import { wakeWaiting } from './wake-waiting.ts';

/**
 * Handles one signal. Safe to repeat: the same signal joins once and opens once. A signal that comes in a crowd, or when nothing may be
 * asked of Azure, is sent again for later. Throws `Unreachable` to be delivered again.
 */
export async function handleSignal(ports: Handling, config: Config, signal: Signal): Promise<void> {
  try {
    await handleNow(ports, config, signal);
  } catch (error) {
    if (!(error instanceof Later)) throw error;
    const spread = Number.parseInt(ports.hash(`later|${signal.id}|${ports.now()}`).slice(0, 4), 16) / 0xffff;
    await ports.queue.sendSignal(signal, ports.now() + Math.round(error.waitMs * (1 + spread)));
    ports.log('signal-later', { via: signal.via });
  }
}

/** The roles that handling a signal uses. */
type Handling = Joining & Index & AzureReads & Names & WakePlans & Outbox;
type Joining = Histories & SignalCounts & Names & Queues & Clock & EventLog;

async function handleNow(ports: Handling, config: Config, signal: Signal): Promise<void> {
  const { about, revision } = signal;
  if (about.kind === 'change' || about.kind === 'pushed')
    return wakeWaiting(ports, about, ports.hash(signal.id).slice(0, 8));
  const apps = about.kind === 'app' ? [about.id] : await appsOf(ports, { ...about, revision });
  if (apps.length === 0) ports.log('signal-app-not-found', { via: signal.via });
  for (const appId of apps) {
    const joined = await joinLive(ports, appId, signal);
    const isKnown = joined.known && !isOfRefusedWrite(appId, signal);
    if (signal.joinOnly === true || isKnown) continue;
    for (const target of await targetsOf(ports, appId, signal)) {
      if (!joined.targets.has(targetIdOf(ports, target))) await joinOrOpen(ports, config, target, signal);
    }
  }
}

async function appsOf(ports: AzureReads & Clock, named: NamedApp): Promise<readonly ArmId[]> {
  const found = await appsNamed(ports, named);
  if (!found.read) throw unread(found.why, 'The app of a signal could not be looked up.');
  return found.value;
}

/**
 * Targets of the app that the signal joined. A row without a remediation means that opening it crashed half-way: it is not among them, so
 * it is opened now.
 */
async function joinLive(ports: Joining & Index, appId: ArmId, signal: Signal): Promise<Joined> {
  const targets = new Set<TargetId>();
  let sameTrouble = false;
  for (const row of await ports.index.liveOf(appId)) {
    const history = await readableTarget(ports, row.targetId);
    // A history that cannot be read is left alone, and not opened again. The signal goes on to the other targets of the app.
    if (history !== undefined && !(await join(ports, history, signal))) continue;
    targets.add(row.targetId);
    const live = history && liveOf(history);
    sameTrouble ||= live !== undefined && (await isSameTrouble(ports, live, signal));
  }
  return { targets, known: sameTrouble };
}

/** The history of a target; `undefined`, and a mark in the index, where it cannot be read. */
async function readableTarget(ports: Joining & Index, targetId: TargetId): Promise<TargetHistory | undefined> {
  const read = await tryReadTarget(ports, targetId);
  if (read.read) return read.history;
  await noteUnreadable(ports, targetId, read.why);
  return undefined;
}

interface Joined {
  readonly targets: ReadonlySet<TargetId>;
  /** Nothing that the signal could add is unknown. */
  readonly known: boolean;
}

async function isSameTrouble(ports: Joining, live: Remediation, signal: Signal): Promise<boolean> {
  const name = shortNameOf(ports, signal);
  const kept = live.signals.filter(({ id }) => id !== signal.id);
  if (isTold(kept, signal)) return true;
  const counted = (await latestCounted(ports, live)).filter(({ id }) => id !== name);
  return counted.length > 0 && isTold([...kept, ...counted], signal);
}

/**
 * Whether the app was read for another signal about the same revision, of about the same time: that told which images fail, and the app need not
 * be read again. `before` is in the order in which they came. One that came soon after such a signal joined without a read, and tells nothing: a row
 * of alerts would keep the app from being read for as long as it goes on.
 */
function isTold(before: readonly Pick<Signal, 'atMs' | 'revision' | 'joinOnly'>[], signal: Signal): boolean {
  const readForMs: number[] = [];
  const isNear = (atMs: number): boolean => readForMs.some((one) => Math.abs(one - atMs) < sameTroubleMs);
  for (const { atMs, revision, joinOnly } of before)
    if (joinOnly !== true && revision === signal.revision && !isNear(atMs)) readForMs.push(atMs);
  return isNear(signal.atMs);
}

const sameTroubleMs = 5 * 60_000;

async function joinOrOpen(
  ports: Joining & Index & Names & Outbox,
  config: Config,
  target: Target,
  signal: Signal,
): Promise<void> {
  const history = await readableTarget(ports, targetIdOf(ports, target));
  if (history === undefined) return;
  if (await join(ports, history, signal)) return;
  if (await isEcho(ports, history, signal)) return;
  await open(ports, config, history, { target, signal });
}

/**
 * Whether a remediation that has ended already answered this signal: it knew this very one, or it found nothing failing in a look
 * after the signal was fired. An echo must not open another.
 */
async function isEcho(ports: Joining, history: TargetHistory, signal: Signal): Promise<boolean> {
  if (history.remediations.some((remediation) => remediation.signals.some((joined) => joined.id === signal.id)))
    return true;
  const last = history.remediations.at(-1);
  if (last?.closed === undefined) return false;
  if (last.look !== undefined && signal.atMs < last.look.atMs - skewMs) return true;
  // A signal that was counted while the remediation ended may have come too late for its last look.
  const beforeMs = last.closed.atMs - skewMs;
  const name = shortNameOf(ports, signal);
  return (await latestCounted(ports, last)).some((one) => one.id === name && one.countedAtMs < beforeMs);
}

/**
 * Clocks differ: a signal that was fired this shortly before a look may have been fired after it. `skewMs` is for a signal that would be
 * dropped, `joinSkewMs` for one that joins and may ask for another look.
 */
const skewMs = 60_000;
const joinSkewMs = 10_000;

/** Joins the live remediation of this history, or of what it reads by then. False if none goes on. Throws {@link Later} in a crowd. */
async function join(ports: Joining, before: TargetHistory, signal: Signal): Promise<boolean> {
  let history = before;
  for (let tries = 1; ; tries += 1) {
    const live = liveOf(history);
    if (live === undefined) return false;
    if (await tryToJoin(ports, history, live, signal)) return true;
    if (tries === crowdedTries) throw crowded();
    history = await readTarget(ports, history.targetId);
  }
}

/** False where another writer moved the history first. */
async function tryToJoin(ports: Joining, history: TargetHistory, live: Remediation, signal: Signal): Promise<boolean> {
  if (live.signals.some((joined) => joined.id === signal.id)) {
    await sendAgain(ports, history, live, signal);
    return true;
  }
  if (!isKept(live, signal, ports.now())) return tryToCount(ports, history, live, signal);
  const appended = await ports.history.append(history.targetId, history.lastSeq, { kind: 'signal-joined', signal });
  if (appended === 'taken') return false;
  await askForLook(ports, live, signal, history.lastSeq + 1);
  return true;
}

/**
 * Delivered again: the earlier delivery may have died between the entry and the message. The step is for the look that the signal wants, where it
 * wants one before the one that is due; what was put off stays so. A look that a person asked for is sent as one that wakes.
 */
async function sendAgain(ports: Joining, history: TargetHistory, live: Remediation, signal: Signal): Promise<void> {
  const asAtFirst = { ...live, signals: live.signals.filter(({ id }) => id !== signal.id) };
  // The look that the opening asked for is the first one.
  const opened = live.signals[0]?.id === signal.id;
  if (signal.via === 'operator' && !opened) return wakeFor(ports, asAtFirst, signal, history.lastSeq);
  const wantedMs = (opened ? undefined : wantedAtMs(asAtFirst, signal, ports.now())) ?? Number.POSITIVE_INFINITY;
  const dueAtMs = live.putOffUntilMs ?? live.decision?.dueAtMs ?? ports.now();
  const step = { targetId: history.targetId, seq: history.lastSeq, wake: false };
  await ports.queue.sendStep(step, Math.min(wantedMs, dueAtMs));
}

/**
 * Joins a signal that only repeats what is known: it is counted. The count is beside the history, so it holds no other writer back. False
 * where the remediation ended meanwhile: it did not hear of this signal, which goes on to the next one.
 */
async function tryToCount(ports: Joining, history: TargetHistory, live: Remediation, signal: Signal): Promise<boolean> {
  const counted = await countSignal(ports, live, signal);
  if (counted === 'again') {
    await sendAgain(ports, history, live, signal);
    return true;
  }
  if (liveOf(await readTarget(ports, history.targetId))?.id !== live.id) return false;
  if (await isLookAskedFor(ports, live, signal)) noteJoined(ports, live, signal);
  else await askForLook(ports, live, signal, history.lastSeq);
  return true;
}

/**
 * Whether a signal that was counted before this one asked for a look that will do for this one too: then a thousand repeated signals send
 * one step. Of two that are counted at the same moment the first asks. One that died before it asked is delivered again, and asks then. A
 * person who asks is not made to wait for that look.
 */
async function isLookAskedFor(ports: Joining, live: Remediation, signal: Signal): Promise<boolean> {
  const wantedMs = wantedAtMs(live, signal, ports.now());
  if (wantedMs === undefined || signal.via === 'operator') return false;
  const counted = await latestCounted(ports, live);
  const own = counted.findIndex(({ id }) => id === shortNameOf(ports, signal));
  const sinceMs = live.look?.atMs ?? live.openedAtMs;
  return counted
    .slice(0, Math.max(own, 0))
    .filter(({ countedAtMs, revision, joinOnly }) => {
      const tellsAlike = revision === signal.revision && joinOnly === signal.joinOnly;
      return tellsAlike && countedAtMs > sinceMs;
    })
    .some(({ atMs, countedAtMs }) => {
      const askedMs = wantedAtMs(live, { ...signal, atMs }, countedAtMs) ?? Number.POSITIVE_INFINITY;
      return askedMs <= wantedMs;
    });
}

async function askForLook(ports: Joining, live: Remediation, signal: Signal, seq: number): Promise<void> {
  if (signal.via === 'operator') {
    await wakeFor(ports, live, signal, seq);
  } else {
    const dueAtMs = wantedAtMs(live, signal, ports.now());
    if (dueAtMs !== undefined) await ports.queue.sendStep({ targetId: live.targetId, seq, wake: false }, dueAtMs);
  }
  noteJoined(ports, live, signal);
}

/** A person who asks may have changed something a moment ago: that look rests on nothing from before, and is made whatever look is due. */
async function wakeFor(ports: Joining, live: Remediation, signal: Signal, seq: number): Promise<void> {
  await sendWake(ports, { targetId: live.targetId, seq }, soonestMs(live, signal, ports.now()));
}

function noteJoined(ports: EventLog, live: Remediation, { via }: Signal): void {
  ports.log('remediation-joined', { remediation: live.id, via });
}

/**
 * When a signal wants an earlier look than the one that is due; `undefined` where that one will do. A signal that was fired before the
 * last look is answered by it, and one from before the opening by the first.
 */
function wantedAtMs(live: Remediation, signal: Signal, nowMs: number): number | undefined {
  const { look, decision, putOffUntilMs = 0 } = live;
  const soonMs = soonestMs(live, signal, nowMs);
  if (look === undefined || decision === undefined) return signal.atMs <= live.openedAtMs ? undefined : soonMs;
  if (signal.atMs < look.atMs - joinSkewMs) return undefined;
  return soonMs < Math.max(decision.dueAtMs, putOffUntilMs) ? soonMs : undefined;
}

/** When a look for this signal is made at the soonest: it rests after the last look, and after an opening, and keeps what was put off. */
function soonestMs(live: Remediation, signal: Signal, nowMs: number): number {
  const { look, decision, putOffUntilMs = 0 } = live;
  const restMs = restOf(live, signal, nowMs);
  const restedMs = look === undefined || decision === undefined ? nowMs + restMs : Math.max(nowMs, look.atMs + restMs);
  return Math.max(restedMs, putOffUntilMs);
}

async function open(
  ports: Joining & Index & Outbox,
  config: Config,
  history: TargetHistory,
  { target, signal }: { readonly target: Target; readonly signal: Signal },
): Promise<void> {
  const row = openingRow(history, target, ports.now());
  // The row comes first: should we die before the message, the schedule finds the target by it.
  await ports.index.put(row);
  const systems = await noteOpening(ports, config, row, target);
  const appended = await ports.history.append(history.targetId, history.lastSeq, {
    kind: 'opened',
    target,
    signal,
    mode: config.mode,
  });
  if (appended === 'taken') throw crowded();
  await ports.queue.sendStep({ targetId: history.targetId, seq: row.seq, wake: false }, ports.now());
  ports.log('remediation-opened', { remediation: row.remediation, via: signal.via });
  await sendTells(ports, row.remediation, systems);
}

function openingRow(history: TargetHistory, target: Target, nowMs: number): IndexRow {
  const remediation = `${history.targetId}.${history.remediations.length + 1}` as IndexRow['remediation'];
  return {
    remediation,
    targetId: history.targetId,
    appId: target.appId,
    closed: false,
    needsPerson: false,
    asleep: false,
    dueAtMs: nowMs,
    seq: history.lastSeq + 1,
    updatedAtMs: nowMs,
    openedAtMs: nowMs,
  };
}
