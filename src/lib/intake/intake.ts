// From signal to remediation: finds the app, names the failing targets, and joins or opens.

import { classify, saysPullFailed } from '../classify/classify.ts';
import { showsPullTrouble } from '../diagnosis/trouble.ts';
import type { Evidence, Probe } from '../evidence/evidence.ts';
import { appOf, withFacts } from '../evidence/evidence.ts';
import type { IndexRow } from '../history/index-row.ts';
import { liveOf } from '../history/queries.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';
import { readTarget, targetIdOf } from '../history/targets.ts';
import type { Ports } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import type { Signal } from '../signals/signal.ts';
import { canMatter } from '../signals/wake.ts';
import type { ArmId } from '../words/arm-id.ts';
import type { Unreadable } from '../words/fact.ts';
import { valueOf } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { loginServerOf } from '../words/registry-host.ts';
import type { Target, TargetId } from '../words/target.ts';
import { targetOf } from '../words/target.ts';

/** Azure could not be asked. Thrown so that the queue delivers the signal again. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The signal is handled later: Azure may not be asked now, or others move the same remediation at this moment. */
class Later extends Error {
  override readonly name = 'Later';
  readonly waitMs: number;
  constructor(waitMs: number) {
    super('The signal is handled later.');
    this.waitMs = waitMs;
  }
}

/** How long a signal waits, times a jitter of up to two, if others write to the same history, or if the budget is spent. Milliseconds. */
const crowdedMs = 2000;
const overBudgetMs = 20_000;
/** How many times a history is read again because other steps wrote to it. */
const maxTries = 4;

function unread(why: Unreadable, message: string): Error {
  return why === 'over-budget' ? new Later(overBudgetMs) : new Unreachable(message);
}

async function appsOf(ports: Ports, signal: Signal): Promise<readonly ArmId[]> {
  if (signal.about.kind === 'app') return [signal.about.id];
  if (signal.about.kind !== 'app-name') return [];
  const found = await ports.azure.findApps(signal.about.name, signal.about.environment);
  if (!found.read) throw unread(found.why, 'The app of a signal could not be looked up.');
  return found.value;
}

const triageProbes: readonly (readonly Probe[])[] = [['app', 'revisions'], ['replicas', 'environment'], ['logs']];

async function triage(ports: Ports, target: Target): Promise<Evidence> {
  let evidence: Evidence = { atMs: ports.now() };
  for (const round of triageProbes) {
    const answers = await Promise.all(
      round.map((probe) => ports.azure.probe(probe, target, evidence, ports.now() - 30 * 60_000)),
    );
    evidence = withFacts(evidence, ...answers.map((answer) => answer.facts));
  }
  return evidence;
}

/** The images that a text or a replica shows to fail; all images if none is shown to fail. */
function failingImages(appId: ArmId, images: readonly string[], evidence: Evidence): readonly string[] {
  const rows = valueOf(evidence.logs) ?? [];
  const named = new Set(
    rows
      .map((row) => classify(row.text, { reason: row.reason, type: row.severity }))
      .filter((suspicion) => saysPullFailed(suspicion))
      .map((suspicion) => suspicion.image),
  );
  const accused = images.filter((image) => named.has(image) || showsPullTrouble(targetOf(appId, image), evidence));
  return accused.length > 0 ? accused : images.slice(0, 1);
}

/** The targets of an app that a signal can be about. Only an app with several images needs a closer look to tell. */
async function targetsOf(ports: Ports, appId: ArmId, signal: Signal): Promise<Target[]> {
  const probe = targetOf(appId, '');
  const app = (await ports.azure.probe('app', probe, { atMs: ports.now() }, ports.now())).facts.app;
  if (app === undefined) throw new Unreachable('The app of a signal could not be read.');
  if (!app.read) throw unread(app.why, 'The app of a signal could not be read.');
  if (app.value === 'gone') return [];
  const images = [...new Set(app.value.images)];
  // The latest revision has the images of the template, unless the last write was rejected; any other one may have others.
  const { latestRevision, provisioningState } = app.value;
  const written = signal.revision === latestRevision && provisioningState === 'Succeeded';
  const latest = signal.revision === undefined || written;
  if (images.length <= 1 && latest) return images.map((image) => targetOf(appId, image));
  const evidence = await triage(ports, probe);
  const revision = valueOf(evidence.revisions)?.find((candidate) => candidate.name === signal.revision);
  const asked = revision === undefined ? (appOf(evidence)?.images ?? images) : revision.images;
  return failingImages(appId, [...new Set(asked)], evidence).map((image) => targetOf(appId, image));
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

/**
 * Clocks differ, so a signal that fired shortly before a look may have fired after it. The first margin counts before a signal is dropped,
 * the second before a joined signal asks for another look.
 */
const skewMs = 60_000;
const joinSkewMs = 10_000;
/** How long after a look another signal is worth another look. */
const restMs = 30_000;

/**
 * When a signal wants an earlier look than the one that is due; `undefined` where that one will do. A signal that was fired before the
 * last look is answered by it, and one from before the opening by the first.
 */
function wantedAtMs(live: Remediation, signal: Signal, nowMs: number): number | undefined {
  const { look, decision, putOffUntilMs = 0 } = live;
  if (look === undefined || decision === undefined)
    return signal.atMs <= live.openedAtMs ? undefined : Math.max(nowMs + restMs, putOffUntilMs);
  if (signal.atMs < look.atMs - joinSkewMs) return undefined;
  const soonMs = Math.max(nowMs, look.atMs + restMs, putOffUntilMs);
  return soonMs < Math.max(decision.dueAtMs, putOffUntilMs) ? soonMs : undefined;
}

async function join(ports: Ports, history: TargetHistory, signal: Signal, tries = maxTries): Promise<boolean> {
  const live = liveOf(history);
  if (live === undefined) return false;
  if (live.signals.some((joined) => joined.id === signal.id)) {
    // Delivered again: the earlier delivery may have died between the entry and the message.
    await ports.queue.sendStep(
      { targetId: history.targetId, seq: history.lastSeq, wake: false },
      live.decision?.dueAtMs ?? ports.now(),
    );
    return true;
  }
  const appended = await ports.history.append(history.targetId, history.lastSeq, { kind: 'signal-joined', signal });
  if (appended === 'taken') {
    if (tries <= 1) throw new Later(crowdedMs);
    return join(ports, await readTarget(ports, history.targetId), signal, tries - 1);
  }
  const dueAtMs = wantedAtMs(live, signal, ports.now());
  if (dueAtMs !== undefined)
    await ports.queue.sendStep({ targetId: history.targetId, seq: history.lastSeq + 1, wake: false }, dueAtMs);
  ports.log('remediation-joined', { remediation: live.id, via: signal.via });
  return true;
}

async function open(
  ports: Ports,
  config: Config,
  history: TargetHistory,
  target: Target,
  signal: Signal,
): Promise<void> {
  const row = openingRow(history, target, ports.now());
  // The row comes first: should we die before the message, the schedule finds the target by it.
  await ports.index.put(row);
  const appended = await ports.history.append(history.targetId, history.lastSeq, {
    kind: 'opened',
    target,
    signal,
    mode: config.mode,
  });
  if (appended === 'taken') throw new Later(crowdedMs);
  await ports.queue.sendStep({ targetId: history.targetId, seq: row.seq, wake: false }, ports.now());
  ports.log('remediation-opened', { remediation: row.remediation, via: signal.via });
}

/**
 * Whether a remediation that has ended already answered this signal: it knew this very one, or it found nothing failing in a look
 * after the signal was fired. An echo must not open another.
 */
function isEcho(history: TargetHistory, signal: Signal): boolean {
  if (history.remediations.some((remediation) => remediation.signals.some((joined) => joined.id === signal.id)))
    return true;
  const last = history.remediations.at(-1);
  return last?.closed !== undefined && last.look !== undefined && signal.atMs < last.look.atMs - skewMs;
}

async function joinOrOpen(ports: Ports, config: Config, target: Target, signal: Signal): Promise<void> {
  const history = await readTarget(ports, targetIdOf(ports, target));
  if (await join(ports, history, signal)) return;
  if (signal.joinOnly === true || isEcho(history, signal)) return;
  await open(ports, config, history, target, signal);
}

/** Another signal about the same revision, of about the same time, already told which images fail: the app need not be read again. */
const sameTroubleMs = 5 * 60_000;

function isSameTrouble(live: Remediation | undefined, signal: Signal): boolean {
  return (live?.signals ?? []).some(
    (one) =>
      one.id !== signal.id &&
      one.joinOnly !== true &&
      one.revision === signal.revision &&
      Math.abs(one.atMs - signal.atMs) < sameTroubleMs,
  );
}

interface Joined {
  readonly targets: ReadonlySet<TargetId>;
  /** Nothing that the signal could add is unknown. */
  readonly known: boolean;
}

/** Targets of the app that the signal joined. A row without a remediation is one whose opening died: it is opened, not skipped. */
async function joinLive(ports: Ports, appId: ArmId, signal: Signal): Promise<Joined> {
  const targets = new Set<TargetId>();
  let sameTrouble = false;
  for (const row of await ports.index.liveOf(appId)) {
    const history = await readTarget(ports, row.targetId);
    if (!(await join(ports, history, signal))) continue;
    targets.add(row.targetId);
    sameTrouble ||= isSameTrouble(liveOf(history), signal);
  }
  return { targets, known: sameTrouble };
}

/** Whether a remediation can be waiting for what this signal says. A pushed image matters to those of its repository. */
async function concerns(ports: Ports, row: IndexRow, about: Happened): Promise<boolean> {
  const target = liveOf(await readTarget(ports, row.targetId))?.target;
  if (target === undefined) return false;
  if (about.kind === 'change') return canMatter(about.resource, target.registry);
  return (
    loginServerOf(target.registry) === about.registry && parseImageRef(target.image)?.repository === about.repository
  );
}

type Happened = Extract<Signal['about'], { kind: 'change' | 'pushed' }>;

/**
 * When to look after a change: at once; soon again, because a step under way read Azure before it and lists of Azure lag behind; and
 * when the platform has surely tried the next pull (5 minutes at most) and its row can be read.
 */
const looksAfterMs = [0, 2 * 60_000, 7 * 60_000];

/** How many remediations are woken at once. The others follow one by one, `spreadMs` apart, as fast as the budget for requests allows. */
const atOnce = 20;
const spreadMs = 250;

/** Wakes the remediations that wait for a person and may depend on the changed resource. */
async function wake(ports: Ports, about: Happened): Promise<void> {
  const waiting = await ports.index.waiting();
  for (const [place, row] of waiting.entries()) {
    if (!(await concerns(ports, row, about))) continue;
    const step = { targetId: row.targetId, seq: row.seq, wake: true };
    const startMs = ports.now() + Math.max(0, place - atOnce) * spreadMs;
    for (const afterMs of looksAfterMs) await ports.queue.sendStep(step, startMs + afterMs);
    ports.log('woken', { remediation: row.remediation });
  }
}

/**
 * Handles one signal. Safe to repeat: the same signal joins once and opens once. A signal that comes in a crowd, or when nothing may be
 * asked of Azure, is sent again for later. Throws {@link Unreachable} to be delivered again.
 */
export async function handleSignal(ports: Ports, config: Config, signal: Signal): Promise<void> {
  try {
    await handleNow(ports, config, signal);
  } catch (error) {
    if (!(error instanceof Later)) throw error;
    const spread = Number.parseInt(ports.hash(`later|${signal.id}|${ports.now()}`).slice(0, 4), 16) / 0xffff;
    await ports.queue.sendSignal(signal, ports.now() + Math.round(error.waitMs * (1 + spread)));
    ports.log('signal-later', { via: signal.via });
  }
}

async function handleNow(ports: Ports, config: Config, signal: Signal): Promise<void> {
  if (signal.about.kind === 'change' || signal.about.kind === 'pushed') return wake(ports, signal.about);
  const apps = await appsOf(ports, signal);
  if (apps.length === 0) ports.log('signal-app-not-found', { via: signal.via });
  for (const appId of apps) {
    const joined = await joinLive(ports, appId, signal);
    if (signal.joinOnly === true || joined.known) continue;
    for (const target of await targetsOf(ports, appId, signal)) {
      if (!joined.targets.has(targetIdOf(ports, target))) await joinOrOpen(ports, config, target, signal);
    }
  }
}
