// Whether the app has recovered: the image was pulled, a replica that was not ready before is ready now, and so is every other one that the
// app wants. A green revision does not prove it.
import type { Suspicion } from '../classify/classify.ts';
import { saysPullFailed } from '../classify/classify.ts';
import type { LogRow } from '../evidence/app-facts.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { environmentOf, imageReady, targetReplicas } from '../evidence/evidence.ts';
import { saysPresent, saysPulled, withPulledRows } from '../evidence/executions.ts';
import { revisionsNotRead, saysImagePull } from '../evidence/serving.ts';
import type { PullProgress } from '../history/entries.ts';
import { madeChanges } from '../history/queries.ts';
import type { ReplicaCount } from '../history/replica-count.ts';
import type { Remediation } from '../history/state.ts';
import { valueOf } from '../words/fact.ts';
import { meansImage } from '../words/image-ref.ts';
import type { Target } from '../words/target.ts';
import { kindOf } from '../workloads/workloads.ts';
import { asksAt, isAboutSubject, otherRegistry } from './named-registry.ts';
import { leadingSuspicion, rowsOfTarget } from './text-claims.ts';
import type { DiagnosisInput } from './verdict.ts';
import { countReplicas } from './wanted-replicas.ts';
import { meansAnother } from './whose-pull.ts';

/** A row with what its text claims. */
export interface ReadRow {
  readonly row: LogRow;
  readonly suspicion: Suspicion;
}

/**
 * The rows that speak of this target. Rows about another image or container of the same app do not, and neither do rows that name another registry. A
 * row about a push or a build names another image; it is kept, so that the closing reason can name it.
 */
export function readRows(target: Target, evidence: Evidence, read: (row: LogRow) => Suspicion): ReadRow[] {
  return rowsAsRead(target, evidence, read).filter(
    ({ row, suspicion }) =>
      suspicion.refused !== undefined ||
      (isOfImage(target, suspicion) &&
        !meansAnother(target, evidence, row) &&
        otherRegistry(target, evidence, suspicion) === undefined),
  );
}

/** The rows about pulls of this app that failed at another registry than the target's. */
export function rowsOfOthers(target: Target, evidence: Evidence, read: (row: LogRow) => Suspicion): ReadRow[] {
  return rowsAsRead(target, evidence, read).filter(
    ({ suspicion }) => otherRegistry(target, evidence, suspicion) !== undefined,
  );
}

function rowsAsRead(target: Target, evidence: Evidence, read: (row: LogRow) => Suspicion): ReadRow[] {
  return rowsOfTarget(target, evidence).map((row) => ({ row, suspicion: read(row) }));
}

function isOfImage(target: Target, said: Suspicion): boolean {
  const { image } = said;
  return image === undefined || meansImage(image, target.image) || asksAt(target.registry, said);
}

/**
 * From when on a pull counts as proof: the last grant, else the first failure we know of. A restart does not move it: the platform may
 * have pulled by itself in the moment in which it was decided, and what is ready now is read from ARM anyway.
 */
function proofSince(remediation: Remediation, firstFailureMs: number | undefined): number {
  const grants = madeChanges(remediation.attempts, 'grant');
  if (grants.length > 0) return Math.max(...grants.map((grant) => grant.atMs));
  return remediation.failedAtMs ?? firstFailureMs ?? remediation.openedAtMs;
}

/**
 * A failure of the same instant is in no order with the pull: rows of one batch can share a time. Then ARM tells, which has to show the
 * container ready in any case.
 */
function pulledSince(rows: readonly ReadRow[], image: string, sinceMs: number): boolean {
  const pulled = rows.findLast(({ row }) => saysPulled(row, image) && row.atMs > sinceMs);
  if (pulled === undefined) return false;
  return !rows.some(
    ({ row, suspicion }) =>
      saysPullFailed(suspicion) && row.replica === pulled.row.replica && row.atMs > pulled.row.atMs,
  );
}

/** True if the replica runs with an image that its node had already: then nothing was pulled for it. */
function wasPresentOnNode(rows: readonly ReadRow[], image: string, replica: string): boolean {
  const own = rows.filter(({ row }) => row.replica === replica);
  return own.some(({ row }) => saysPresent(row, image)) && !own.some(({ row }) => saysPulled(row, image));
}

/**
 * Replicas whose own rows say that they failed to pull and pulled later. A look that comes only after the recovery, because the host was
 * down, cannot have seen them wait. Rows can be forged, so this counts only if ARM shows no waiting replica.
 */
function healedByRows(rows: readonly ReadRow[], image: string, sinceMs: number): ReadonlySet<string> {
  const failedFirst = (replica: string, pulledAtMs: number): boolean =>
    rows.some(({ row, suspicion }) => row.replica === replica && row.atMs < pulledAtMs && saysPullFailed(suspicion));
  const healing = rows.filter(
    ({ row }) => saysPulled(row, image) && row.atMs > sinceMs && failedFirst(row.replica, row.atMs),
  );
  return new Set(healing.map(({ row }) => row.replica));
}

/** What this look shows of the pull. A forged log row alone proves nothing, because the control plane has to agree. */
export function judgeProgress(
  target: Target,
  read: Evidence,
  remediation: Remediation,
  rows: readonly ReadRow[],
): PullProgress {
  const evidence = withPulledRows(target, read);
  const failures = rows.filter(({ suspicion }) => saysPullFailed(suspicion)).map(({ row }) => row.atMs);
  const sinceMs = proofSince(remediation, failures.at(0));
  const replicas = targetReplicas(target, evidence);
  const notReady = replicas.filter((replica) => !imageReady(replica, target.image)).map((replica) => replica.name);
  const healed = notReady.length > 0 ? new Set<string>() : healedByRows(rows, target.image, sinceMs);
  const fresh = replicas.filter(
    ({ name, createdAtMs }) => createdAtMs > sinceMs || remediation.seenNotReady.includes(name) || healed.has(name),
  );
  const readyReplica = fresh.some(
    (replica) => imageReady(replica, target.image) && !wasPresentOnNode(rows, target.image, replica.name),
  );
  const pulledRow = pulledSince(rows, target.image, sinceMs);
  // An execution pulls as it begins: that its container runs or ran since then proves the pull. A replica of an app may only be back.
  const armAlone = environmentOf(evidence)?.logs.kind === 'none' || kindOf(target.appId).pullProof === 'container';
  const proof = !readyReplica ? 'not-yet' : pulledRow ? 'proven' : armAlone ? 'arm-half' : 'not-yet';
  const failed =
    failures.length === 0 ? {} : { failedAtMs: Math.min(...failures), lastFailedAtMs: Math.max(...failures) };
  return { pulledRow, readyReplica, notReady, ...forAll(proof, countReplicas(target, evidence)), ...failed };
}

/** What holds for one replica is a recovery only once it holds for every replica that the app wants. */
function forAll(proof: PullProgress['proof'], count: ReplicaCount | undefined): Pick<PullProgress, 'proof' | 'partly'> {
  if (proof === 'not-yet' || count === undefined) return { proof: 'not-yet' };
  return count.ready < count.wanted ? { proof: 'not-yet', partly: count } : { proof };
}

/** Distinct suspicions, oldest first, the latest few: a back-off repeats the same text for hours. */
export function distinctSuspicions(rows: readonly ReadRow[]): Suspicion[] {
  const seen = new Map<string, Suspicion>();
  for (const { suspicion } of rows) {
    const key = JSON.stringify([
      suspicion.label,
      suspicion.rule,
      suspicion.words,
      suspicion.refused,
      suspicion.registry,
    ]);
    seen.delete(key);
    seen.set(key, suspicion);
  }
  const all = [...seen.values()];
  const pulls = all.filter((suspicion) => saysPullFailed(suspicion)).slice(-12);
  const rest = all.filter((suspicion) => !saysPullFailed(suspicion)).slice(-6);
  return [...rest, ...pulls];
}

/** What the rows say, for a diagnosis. `others`: the rows that name another registry. */
export function textOf(
  target: Target,
  rows: readonly ReadRow[],
  others: readonly ReadRow[],
): Pick<DiagnosisInput, 'suspicions' | 'saidAtMs' | 'ofOthers'> {
  const suspicions = distinctSuspicions(rows.filter(({ suspicion }) => isAboutSubject(target, suspicion)));
  const leading = leadingSuspicion(suspicions);
  const said = rows.findLast(({ suspicion }) => suspicion === leading);
  return {
    suspicions,
    ...(said === undefined ? {} : { saidAtMs: said.row.atMs }),
    ...(others.length === 0 ? {} : { ofOthers: distinctSuspicions(others) }),
  };
}

/** True if the app pulled from this registry before. Then a missing role was removed by a person or a program, and a person decides. */
export function pulledBefore(
  target: Target,
  evidence: Evidence,
  rows: readonly LogRow[],
  earlierRecoveries: number,
): boolean {
  if (earlierRecoveries > 0) return true;
  const host = `${target.registry}/`;
  if (rows.some((row) => row.reason === 'PulledImage' && row.text.includes(host))) return true;
  const replicas = valueOf(evidence.replicas) ?? [];
  const served = (image: string | undefined): boolean => image?.toLowerCase().startsWith(host) ?? false;
  if (replicas.some((replica) => replica.containers.some((container) => container.ready && served(container.image))))
    return true;
  return readyRevisionUsed(target, evidence, served);
}

/** `latestReadyRevisionName` of the failing revision itself says nothing: it is set before the pull is tried. */
function readyRevisionUsed(
  target: Target,
  evidence: Evidence,
  served: (image: string | undefined) => boolean,
): boolean {
  const revisions = valueOf(evidence.revisions) ?? [];
  const others = revisions.filter((revision) => !revision.images.includes(target.image));
  // Of an older revision with the same image whose replicas were not read, Azure's own word counts: it runs, so it pulled.
  const unread = revisionsNotRead(target, evidence).filter(({ details }) => !saysImagePull(details));
  return [...others, ...unread]
    .filter((revision) => revision.images.some(served))
    .some(
      (revision) =>
        /^(?:Running|RunningAtMaxScale)$/.test(revision.runningState) && revision.provisioningState === 'Provisioned',
    );
}
