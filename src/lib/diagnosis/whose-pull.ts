// Which images of a workload the failed pulls are about. Each image is judged by its own containers and by the text that names it. A text
// that names none is about every image only where nothing tells which one it means.

import { saysPullFailed } from '../classify/classify.ts';
import type { ContainerFacts, LogRow, RevisionFacts } from '../evidence/app-facts.ts';
import { activeRevisions, type Evidence } from '../evidence/evidence.ts';
import { saysImagePull } from '../evidence/serving.ts';
import type { ArmId } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import { meansImage } from '../words/image-ref.ts';
import { isSameRegistry } from '../words/registry-host.ts';
import { type Target, targetOf } from '../words/target.ts';
import { claimOfRow } from './read-row.ts';

/**
 * Those of the images that a row about a failed pull names, by themselves or by their container, or whose own container says that its pull
 * fails. A row is of earlier where ARM shows every container of the image with it.
 */
export function toldImages(appId: ArmId, images: readonly string[], evidence: Evidence): readonly string[] {
  const named = namedImages(images, evidence);
  return images.filter(
    (image) =>
      (named.includes(image) && !isThere(image, evidence)) ||
      activeRevisions(targetOf(appId, image), evidence).some((run) => complains(image, run, evidence)),
  );
}

/** Those of the images that a row about a failed pull names, whatever became of them since. */
export function namedImages(images: readonly string[], evidence: Evidence): readonly string[] {
  const named = failures(evidence).flatMap((row) => imageNamed(row, evidence) ?? []);
  return images.filter((image) => named.some((one) => meansImage(one, image)));
}

/**
 * The images that may be meant by the rows about a failed pull that name none: those of the registry that the row names, or all that lack
 * their container.
 */
export function imagesMeantByUnnamed(appId: ArmId, images: readonly string[], evidence: Evidence): readonly string[] {
  const unnamed = failures(evidence).filter((row) => imageNamed(row, evidence) === undefined);
  return images.filter((image) => {
    const { registry } = targetOf(appId, image);
    const mayBeMeant = unnamed.some((row) => {
      const asked = claimOfRow(row).registry;
      return asked === undefined || isSameRegistry(asked, registry);
    });
    return mayBeMeant && !isThere(image, evidence);
  });
}

/**
 * True where each run that lacks the image lacks another one as well, of which ARM or a row of that run tells, and nothing of that run tells of
 * this one. Containers of one run start together or one after the other, so that this image is there, or is pulled once the other one is.
 */
export function waitsForAnother(target: Target, evidence: Evidence): boolean {
  const lacking = activeRevisions(target, evidence).filter((run) => lacks(target.image, run, evidence));
  return lacking.length > 0 && lacking.every((run) => isOfAnother(target.image, run, evidence));
}

/** True for a row about a failed pull that names no image, where something tells that another image than this one is meant. */
export function meansAnother(target: Target, evidence: Evidence, row: LogRow): boolean {
  const claim = claimOfRow(row);
  if (claim.image !== undefined || !saysPullFailed(claim)) return false;
  const named = imageNamed(row, evidence);
  if (named !== undefined) return !meansImage(named, target.image);
  const run = activeRevisions(target, evidence).find(({ name }) => name === row.revision);
  return run !== undefined && claim.registry === undefined && isOfAnother(target.image, run, evidence);
}

function isOfAnother(image: string, run: RevisionFacts, evidence: Evidence): boolean {
  if (isTold(image, run, evidence)) return false;
  return run.images.some((other) => other !== image && lacks(other, run, evidence) && isTold(other, run, evidence));
}

function isTold(image: string, run: RevisionFacts, evidence: Evidence): boolean {
  const rows = failures(evidence).filter(({ revision }) => revision === run.name);
  const named = rows.flatMap((row) => imageNamed(row, evidence) ?? []);
  return named.some((one) => meansImage(one, image)) || complains(image, run, evidence);
}

/** The image that a row names, by itself or by its container; `undefined` where it names none. */
function imageNamed(row: LogRow, evidence: Evidence): string | undefined {
  const { image } = claimOfRow(row);
  if (image !== undefined) return image;
  const container = /\bContainer '([a-z0-9-]{1,64})' was terminated\b/i.exec(row.text)?.[1];
  const run = (valueOf(evidence.revisions) ?? []).find(({ name }) => name === row.revision);
  const images = run?.imageOf ?? {};
  return container !== undefined && Object.hasOwn(images, container) ? images[container] : undefined;
}

function failures(evidence: Evidence): readonly LogRow[] {
  return (valueOf(evidence.logs) ?? []).filter((row) => saysPullFailed(claimOfRow(row)));
}

function complains(image: string, run: RevisionFacts, evidence: Evidence): boolean {
  return containersOf(image, run, evidence).some(({ ready, details }) => !ready && saysImagePull(details));
}

function lacks(image: string, run: RevisionFacts, evidence: Evidence): boolean {
  return containersOf(image, run, evidence).some(({ ready }) => !ready);
}

/** Every container with this image that ARM shows is ready. */
function isThere(image: string, evidence: Evidence): boolean {
  const all = (valueOf(evidence.replicas) ?? []).flatMap(({ containers }) => containers);
  const own = all.filter((container) => container.image === image);
  return own.length > 0 && own.every(({ ready }) => ready);
}

function containersOf(image: string, { name }: RevisionFacts, evidence: Evidence): readonly ContainerFacts[] {
  const replicas = (valueOf(evidence.replicas) ?? []).filter(({ revision }) => revision === name);
  return replicas.flatMap(({ containers }) => containers.filter((container) => container.image === image));
}
