// Finds apps that no log row or event tells of: apps whose latest revision does not get ready, and apps that woke up. The schedule calls
// it at intervals.

import { toldImages } from '../diagnosis/whose-pull.ts';
import type { RevisionFacts } from '../evidence/app-facts.ts';
import { type Evidence, nothingAsked } from '../evidence/evidence.ts';
import { correctedSince, lacksImage } from '../evidence/executions.ts';
import { imageOverdueMs } from '../evidence/only-begun.ts';
import { type AppSummary, smallLook } from '../evidence/reads.ts';
import { saysImagePull } from '../evidence/serving.ts';
import type { IndexRow } from '../history/index-row.ts';
import { targetIdOf } from '../history/targets.ts';
import type { AzureReads, Clock, EventLog, Index, Names, Queues, SweepNotes } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import type { ArmId } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import { type TargetId, targetOf } from '../words/target.ts';
import { kindOf } from '../workloads/workloads.ts';

/** The roles that a sweep uses. */
type Sweeping = AzureReads & Index & Queues & Names & Clock & EventLog & SweepNotes;

/**
 * Sends a signal for each app that is stuck and has no remediation, and for an image of one that has a remediation of another image only: once a day for the
 * same revision or image. Returns how many. An app whose id cannot be read is counted, in the log and for health.
 */
export async function sweep(ports: Sweeping, config: Config): Promise<number> {
  const apps = await ports.azure.listApps();
  if (!apps.read) {
    ports.log('sweep-unreadable', { why: apps.why });
    await ports.sweeps.write({ atMs: ports.now(), apps: 0, skipped: 0, unreadable: apps.why });
    return 0;
  }
  const { skipped } = apps.value;
  await ports.sweeps.write({ atMs: ports.now(), apps: apps.value.apps.length, skipped });
  const live = await ports.index.live();
  // An app is left to its remediation, but not to one whose history cannot be read: another image of the app may fail.
  const readable = live.filter((row) => row.unreadable === undefined);
  const busy = new Set(readable.map((row) => row.appId));
  const open = new Set(live.map((row) => row.targetId));
  let found = 0;
  for (const app of turn(apps.value.apps, (one) => one.id, ports.now())) {
    const failing = busy.has(app.id)
      ? await imageOutOfSight(ports, app, open)
      : await failingRevision(ports, config, app);
    if (failing === undefined) continue;
    const id = `schedule|${app.id}|${failing}|${Math.floor(ports.now() / dayMs)}`;
    await ports.queue.sendSignal(
      { id, via: 'schedule', about: { kind: 'app', id: app.id }, atMs: ports.now() },
      ports.now(),
    );
    found += 1;
  }
  if (found > 0) ports.log('stuck-found', { apps: found });
  ports.log('swept', { apps: apps.value.apps.length, skipped });
  return found;
}

/**
 * Sends a signal for each remediation that ended without a replica, once its app starts one: the recovery can be proved now. Returns how
 * many signals it sent.
 */
export async function sweepAsleep(ports: Sweeping): Promise<number> {
  const rows = await ports.index.asleep();
  for (const row of tooOld(rows, ports.now())) await ports.index.stopWatching(row.remediation);
  let found = 0;
  for (const row of watched(rows, ports.now())) {
    if (!(await revisionsOf(ports, row.appId)).some((revision) => isStarted(revision, row))) continue;
    const id = `schedule|awake|${row.remediation}`;
    const signal = { id, via: 'schedule', about: { kind: 'app', id: row.appId }, atMs: ports.now() } as const;
    await ports.queue.sendSignal(signal, ports.now());
    await ports.index.stopWatching(row.remediation);
    found += 1;
  }
  if (found > 0) ports.log('awake-found', { apps: found });
  return found;
}

const minute = 60_000;
const dayMs = 24 * 60 * minute;
/** How many apps of one sweep have their revisions read. The next sweep continues after them. */
const appsPerSweep = 40;

/**
 * How long after its creation a revision that pulls is no failure yet: a large image takes minutes, and a remediation tells a person only
 * after 15 minutes of one pull. Milliseconds.
 */
const pullsForMs = 30 * minute;

/** It pulls at this moment, and nothing of it failed to. */
function onlyPulls({ details = '' }: RevisionFacts): boolean {
  return /PullingImage/.test(details) && !/ImagePull|ErrImage|BackOff/.test(details);
}

/** Revisions that are on their way or have failed; the sweep skips running revisions and revisions that are scaled to zero. */
function isStuck(revision: RevisionFacts, config: Config, nowMs: number): boolean {
  const { details = '' } = revision;
  // A crash has a row and an alert of its own, and no pull.
  if (/crashing/i.test(details) && !/ImagePull/.test(details)) return false;
  if (!revision.active || nowMs - revision.createdAtMs < config.settings.stuckMinutes * minute) return false;
  // What runs serves while another replica of it pulls, as when it scales out.
  if (onlyPulls(revision) && (isRunning(revision) || nowMs - revision.createdAtMs < pullsForMs)) return false;
  if (/^(?:Running|RunningAtMaxScale|ScaledToZero|Stopped)$/.test(revision.runningState))
    return /ImagePull|PullingImage/.test(details);
  return revision.runningState !== 'unknown' || revision.provisioningState !== 'Provisioned';
}

/** A container whose own events say that its pull failed, or that it pulls for too long. */
function isWithoutImage(run: RevisionFacts, config: Config, nowMs: number): boolean {
  const ageMs = nowMs - run.createdAtMs;
  if (!run.active || ageMs < config.settings.stuckMinutes * minute) return false;
  return saysImagePull(run.details) || (onlyPulls(run) && ageMs >= pullsForMs);
}

function isRunning({ runningState }: RevisionFacts): boolean {
  return /^Running(?:AtMaxScale)?$/.test(runningState);
}

/** The apps of this sweep. Each app gets its turn, even if there are many. */
function turn<T>(all: readonly T[], nameOf: (one: T) => string, nowMs: number): readonly T[] {
  const sorted = [...all].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const rounds = Math.max(1, Math.ceil(sorted.length / appsPerSweep));
  const round = Math.floor(nowMs / (5 * minute)) % rounds;
  return sorted.slice(round * appsPerSweep, (round + 1) * appsPerSweep);
}

async function revisionsOf(ports: AzureReads & Clock, appId: ArmId): Promise<readonly RevisionFacts[]> {
  const { facts } = await ports.azure.probe('revisions', targetOf(appId, ''), nothingAsked(ports.now()), ports.now());
  return valueOf(facts.revisions) ?? [];
}

/** The name under which an app that fails is told of once a day. */
async function failingRevision(
  ports: AzureReads & Clock,
  config: Config,
  app: AppSummary,
): Promise<string | undefined> {
  return (await isFailing(ports, config, app)) ? (app.latestRevision ?? 'none') : undefined;
}

async function isFailing(ports: AzureReads & Clock, config: Config, app: AppSummary): Promise<boolean> {
  if (app.provisioningState === 'Failed') return true;
  switch (kindOf(app.id).failureShows) {
    case 'in-state':
      return (await revisionsOf(ports, app.id)).some((revision) => isStuck(revision, config, ports.now()));
    case 'by-absence':
      return runsWithoutImage(ports, app.id);
    case 'in-events':
      return (await revisionsOf(ports, app.id)).some((run) => isWithoutImage(run, config, ports.now()));
  }
}

/**
 * An image of a workload that has an open remediation of another one, where Azure says of its own container that it cannot be pulled. No signal may
 * tell of it: an alert that has fired for one image is silent while it stays so, and an image that is pulled after another fails only once that one
 * is there. The containers of a job do not say it, and their absence does not tell which of two images is waited for.
 */
async function imageOutOfSight(
  ports: AzureReads & Names & Clock,
  { id, images }: AppSummary,
  open: ReadonlySet<TargetId>,
): Promise<string | undefined> {
  const isOpen = (image: string): boolean => open.has(targetIdOf(ports, targetOf(id, image)));
  if (kindOf(id).failureShows === 'by-absence' || images?.every(isOpen)) return undefined;
  const nowMs = ports.now();
  const asked = targetOf(id, '');
  const look = smallLook();
  const revisions = (await ports.azure.probe('revisions', asked, nothingAsked(nowMs), nowMs, look)).facts;
  const active = (valueOf(revisions.revisions) ?? []).filter((revision) => revision.active);
  const declared = images ?? active.flatMap((run) => run.images);
  const others = [...new Set(declared)].filter((image) => !isOpen(image));
  if (others.length === 0) return undefined;
  const soFar: Evidence = { ...nothingAsked(nowMs), ...revisions };
  const replicas = (await ports.azure.probe('replicas', asked, soFar, nowMs, look)).facts;
  return toldImages(id, others, { ...soFar, ...replicas })[0];
}

/** A run of the workload lacks its image. The log is not asked: an execution that it would clear is cleared by the look. */
async function runsWithoutImage(ports: AzureReads & Clock, jobId: ArmId): Promise<boolean> {
  const nowMs = ports.now();
  const asked = targetOf(jobId, '');
  const look = smallLook();
  const revisions = (await ports.azure.probe('revisions', asked, nothingAsked(nowMs), nowMs, look)).facts;
  if (!mayBeStuck(valueOf(revisions.revisions) ?? [], nowMs)) return false;
  const replicas = (await ports.azure.probe('replicas', asked, nothingAsked(nowMs), nowMs, look)).facts;
  const evidence: Evidence = { ...nothingAsked(nowMs), ...revisions, ...replicas };
  const images = new Set((valueOf(revisions.revisions) ?? []).flatMap((execution) => execution.images));
  const missing = [...images].filter((image) => lacksImage(targetOf(jobId, image), evidence));
  if (missing.length === 0) return false;
  const { app } = (await ports.azure.probe('app', asked, nothingAsked(nowMs), nowMs)).facts;
  const known: Evidence = app === undefined ? evidence : { ...evidence, app };
  // A job whose template was corrected since has nothing to repair that an execution shows.
  return missing.some((image) => correctedSince(targetOf(jobId, image), known) === undefined);
}

/**
 * Spares the second request where no execution can lack its image: each of them is young, or ended without a failure, or failed so long ago that
 * a remediation of it is over. The newest execution of a job that people start can be months old.
 */
function mayBeStuck(executions: readonly RevisionFacts[], nowMs: number): boolean {
  return executions.some(({ active, ended, runningState, createdAtMs }) => {
    const ageMs = nowMs - createdAtMs;
    return active && (ended ? runningState === 'Failed' && ageMs < failedLatelyMs : ageMs >= imageOverdueMs);
  });
}

/** How long after its beginning an execution that failed is news. Milliseconds. */
const failedLatelyMs = dayMs;

/** How long an app that ended asleep is watched for its next start. */
const watchedForMs = 7 * dayMs;

/** What runs wakes up where it goes on. Where it ends, a run counts that began after the remediation had ended. */
function isStarted({ active, runningState, createdAtMs }: RevisionFacts, { appId, updatedAtMs }: IndexRow): boolean {
  switch (kindOf(appId).runs) {
    case 'go-on':
      return active && !/^(?:ScaledToZero|Stopped|unknown)$/.test(runningState);
    case 'end':
      return createdAtMs > updatedAtMs;
  }
}

/** Rows whose watch is over, some at a time. */
function tooOld(rows: readonly IndexRow[], nowMs: number): readonly IndexRow[] {
  return rows.filter((row) => nowMs - row.updatedAtMs >= watchedForMs).slice(0, appsPerSweep);
}

/** Rows whose watch goes on: a few at a time, in turns like the apps. */
function watched(rows: readonly IndexRow[], nowMs: number): readonly IndexRow[] {
  return turn(
    rows.filter((row) => nowMs - row.updatedAtMs < watchedForMs),
    (row) => row.remediation,
    nowMs,
  );
}
