// Which targets of an app a signal is about: one image of an app can fail while the others run.

import { type Suspicion, saysPullFailed } from '../classify/classify.ts';
import { claimOfRow } from '../diagnosis/read-row.ts';
import { showsPullTrouble } from '../diagnosis/trouble.ts';
import { imagesMeantByUnnamed, namedImages, toldImages } from '../diagnosis/whose-pull.ts';
import type { AppFacts, LogRow } from '../evidence/app-facts.ts';
import {
  appOf,
  type Evidence,
  isOverBudget,
  isWriteRejected,
  nothingAsked,
  type Probe,
  withFacts,
} from '../evidence/evidence.ts';
import { type LookContext, smallLook } from '../evidence/reads.ts';
import { writeErrors } from '../evidence/write-errors.ts';
import type { AzureReads, Clock } from '../ports/ports.ts';
import { Later, Unreachable } from '../ports/steering.ts';
import type { Signal } from '../signals/signal.ts';
import type { ArmId } from '../words/arm-id.ts';
import type { Unreadable } from '../words/fact.ts';
import { valueOf } from '../words/fact.ts';
import { meansImage } from '../words/image-ref.ts';
import type { Target } from '../words/target.ts';
import { targetOf } from '../words/target.ts';
import { kindOf } from '../workloads/workloads.ts';

/** The targets of an app that a signal can be about. Only an app with several images needs a closer look to tell. */
export async function targetsOf(ports: AzureReads & Clock, appId: ArmId, signal: Signal): Promise<Target[]> {
  const listed = await listedImage(ports, appId, signal);
  if (listed !== undefined) return [targetOf(appId, listed)];
  const probe = targetOf(appId, '');
  const look = smallLook();
  const app = (await ports.azure.probe('app', probe, nothingAsked(ports.now()), ports.now(), look)).facts.app;
  if (app === undefined) throw new Unreachable('The app of a signal could not be read.');
  if (!app.read) throw unread(app.why, 'The app of a signal could not be read.');
  const told = app.value !== 'gone' && tellsOf(app.value, signal);
  if (!told && mayBeToldLater(appId, signal, ports.now())) throw new Later(toldLaterMs);
  if (app.value === 'gone') return [];
  const images = [...new Set(app.value.images)];
  // The latest revision has the images of the template, unless the last write was rejected; any other one may have others.
  const { latestRevision, provisioningState } = app.value;
  const written = signal.revision === latestRevision && provisioningState === 'Succeeded';
  const latest = signal.revision === undefined || written;
  if (images.length <= 1 && latest) return images.map((image) => targetOf(appId, image));
  const evidence = await triage(ports, probe, { ...nothingAsked(ports.now()), app }, look);
  // Which image fails was not asked, so that the first one would be taken for it.
  if (isOverBudget(evidence)) throw new Later(overBudgetMs);
  const revision = valueOf(evidence.revisions)?.find((candidate) => candidate.name === signal.revision);
  const asked = revision === undefined ? (appOf(evidence)?.images ?? images) : revision.images;
  return failingImages(appId, [...new Set(asked)], evidence).map((image) => targetOf(appId, image));
}

/**
 * The only image of the revision that the signal names, as a list of all apps tells it in a crowd of signals. A revision never changes, so the
 * age of the list does not matter as long as that revision was written by the last write of the app, and that write was accepted.
 */
async function listedImage({ azure }: AzureReads, appId: ArmId, signal: Signal): Promise<string | undefined> {
  if (signal.revision === undefined) return undefined;
  const app = await azure.listed(appId);
  if (app?.provisioningState !== 'Succeeded' || app.latestRevision !== signal.revision) return undefined;
  const images = new Set(app.images);
  return images.size === 1 ? [...images][0] : undefined;
}

/** A signal of a refused write may come before the Activity Log tells of it, and no resource does. */
function mayBeToldLater(appId: ArmId, signal: Signal, nowMs: number): boolean {
  return isOfRefusedWrite(appId, signal) && nowMs - signal.atMs < logLagsMs;
}

/**
 * Whether a signal is about a refused write that leaves no resource, and no revision to tell it by: two of them a moment apart can be about two
 * images.
 */
export function isOfRefusedWrite(appId: ArmId, { via, joinOnly }: Signal): boolean {
  const ofWrite = (via === 'activity-alert' || via === 'resource-event') && joinOnly !== true;
  return ofWrite && kindOf(appId).refusedLeavesNothing === true;
}

/**
 * Whether a refused write that Azure tells of can be the one of the signal. The Activity Log may still tell of an earlier one, of another image; an
 * event has the instant of its write, and an alert is only fired once the log has it.
 */
function tellsOf({ provisioningState, writeError }: AppFacts, { via, atMs }: Signal): boolean {
  if (provisioningState !== 'Failed') return false;
  return via !== 'resource-event' || writeError === undefined || writeError.atMs >= atMs - sameWriteMs;
}

/** How far the clocks of an event and of the Activity Log may be apart for the same write. Milliseconds. */
const sameWriteMs = 60_000;

/** How long after a refused write it is waited for in the Activity Log, which lags by up to 20 minutes. Milliseconds. */
const logLagsMs = 20 * 60_000;
/** How often. Milliseconds. */
const toldLaterMs = 60_000;

/** Reads what else tells which image fails. `soFar`: what the same look read of the app. */
async function triage(
  ports: AzureReads & Clock,
  target: Target,
  soFar: Evidence,
  look: LookContext,
): Promise<Evidence> {
  let evidence = soFar;
  for (const round of triageProbes) {
    const answers = await Promise.all(
      round.map((probe) => ports.azure.probe(probe, target, evidence, ports.now() - 30 * 60_000, look)),
    );
    evidence = withFacts(evidence, ...answers.map((answer) => answer.facts));
  }
  return evidence;
}

const triageProbes: readonly (readonly Probe[])[] = [['revisions'], ['replicas', 'environment'], ['logs']];

/**
 * The images that a signal is about. Those that a text or their own container names; else those that run without their image, or pull; else those
 * that a text can mean that names none; else those that a text named before they were pulled; and the first one if nothing shows which.
 */
function failingImages(appId: ArmId, images: readonly string[], evidence: Evidence): readonly string[] {
  const ofWrite = imagesOfWrite(appId, images, evidence);
  const told = toldImages(appId, images, evidence);
  const steps = [
    () => images.filter((image) => told.includes(image) || ofWrite.includes(image)),
    () => images.filter((image) => fails(appId, image, evidence)),
    () => imagesMeantByUnnamed(appId, images, evidence),
    () => namedImages(images, evidence),
  ];
  for (const step of steps) {
    const found = step();
    if (found.length > 0) return found;
  }
  return images.slice(0, 1);
}

/** What rows say of pulls that failed. */
function claimsOf(rows: readonly LogRow[]): readonly Suspicion[] {
  return rows.map(claimOfRow).filter((suspicion) => saysPullFailed(suspicion));
}

/** Whether ARM shows that the image is not pulled. What a rejected write stopped was found before: it fails for all of its images. */
function fails(appId: ArmId, image: string, evidence: Evidence): boolean {
  return showsPullTrouble(targetOf(appId, image), evidence);
}

/** The images that the error of a rejected write names, by themselves or by their registry; the first image where it names none. */
function imagesOfWrite(appId: ArmId, images: readonly string[], evidence: Evidence): readonly string[] {
  const rejected = images.filter((image) => isWriteRejected(targetOf(appId, image), evidence));
  const claims = claimsOf(writeErrors(evidence));
  const named = rejected.filter((image) =>
    claims.some((one) => one.image !== undefined && meansImage(one.image, image)),
  );
  if (named.length > 0) return named;
  const { registry } = claims.find((one) => one.registry !== undefined) ?? {};
  const first = rejected.find((image) => targetOf(appId, image).registry === registry) ?? rejected[0];
  return first === undefined ? [] : [first];
}

/** How to go on when Azure did not answer: later where the budget of requests is spent, else the queue delivers again. */
export function unread(why: Unreadable, message: string): Error {
  return why === 'over-budget' ? new Later(overBudgetMs) : new Unreachable(message);
}

/** Time that a signal waits when the budget of requests is spent; times a jitter of up to two. */
const overBudgetMs = 20_000;
