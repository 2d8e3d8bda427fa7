// What the texts tell about the registry of an entry that is not the image's own, and how sure a diagnosis of that entry can be.

import type { Cause } from '../causes/causes.ts';
import { type Suspicion, saysPullFailed } from '../classify/classify.ts';
import type { LogRow } from '../evidence/app-facts.ts';
import { type Evidence, isWriteRejected } from '../evidence/evidence.ts';
import type { Diagnosis } from '../history/diagnosis.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { isSameRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';
import { claimOfRow } from './read-row.ts';
import { serverWithoutImages } from './reference.ts';
import { rowsOfTarget } from './text-claims.ts';
import type { DiagnosisInput } from './verdict.ts';

/**
 * A diagnosis of another entry is confirmed only where a text names its registry and tells what the facts explain. Where no text names it,
 * the image itself may be what was refused. Where the texts tell only of the way there, no right of the identity explains them.
 */
export function asFarAsTold({ target, evidence }: DiagnosisInput, diagnosis: Diagnosis): Diagnosis {
  if (diagnosis.sure !== 'confirmed' || !isOfOtherEntry(target)) return diagnosis;
  const about = failedPulls(target, evidence).filter(
    ({ registry }) => registry !== undefined && isSameRegistry(registry, target.registry),
  );
  // Azure rejected the write, no text names a registry, and the app's own record shows which entry cannot work. What was read of the registry
  // of an entry is a fault too, and no proof that Azure meant it.
  const byRecord = about.length === 0 && isWriteRejected(target, evidence) && diagnosis.causes.every(isOfRecord);
  const ofTheWay = about.length > 0 && diagnosis.network === 'blocks';
  return byRecord || ofTheWay || about.some(isOfSignIn) ? diagnosis : { ...diagnosis, sure: 'suspected' };
}

function isOfRecord(cause: Cause): boolean {
  return ofRecord.has(cause);
}

const ofRecord: ReadonlySet<Cause> = new Set([
  'identity-not-assigned',
  'credential-rejected',
  'registry-secret-unreadable',
]);

function isOfOtherEntry({ image, registry }: Target): boolean {
  const own = parseImageRef(image)?.registry;
  return own !== undefined && !isSameRegistry(own, registry);
}

/**
 * Whether a text that names an entry's registry tells that this entry stops the pull. A runtime asks no registry but that of the image. So a
 * name that did not resolve, or a host that did not answer, means the entry only where the platform says that it signed in there.
 */
export function meansEntry({ text }: LogRow, said: Suspicion): boolean {
  return isOfSignIn(said) || platformSignsIn.test(text);
}

/** Whether the text tells of a refusal, or of a failure without a reason: the rights of the identity can explain both. */
function isOfSignIn({ label }: Suspicion): boolean {
  return label === 'unauthorized' || label === 'identity-token' || label === 'unknown-pull-failure';
}

/** The platform's words about the sign-in to the registry of an entry. */
const platformSignsIn = /construct registry secret|token exchange endpoint/i;

/**
 * The app's only entry, where it is for another registry than that of an image without a host, and no text about a failed pull names the
 * image or a registry. Azure signs in to the registry of every entry, so the entry's own facts come before any doubt about the image.
 */
export function entryBehindRefusal(target: Target, evidence: Evidence): string | undefined {
  const server = serverWithoutImages(target, evidence);
  if (server === undefined || isWriteRejected(target, evidence)) return undefined;
  const telling = failedPulls(target, evidence).filter(({ label }) => label !== 'unknown-pull-failure');
  const nameless = telling.every(({ image, registry }) => image === undefined && registry === undefined);
  return nameless && telling.at(-1)?.label === 'unauthorized' ? server : undefined;
}

/** Whether no text about a failed pull names an image or a registry: any entry of the app can be meant. */
export function tellsNoPlace(target: Target, evidence: Evidence): boolean {
  return failedPulls(target, evidence).every(({ image, registry }) => image === undefined && registry === undefined);
}

/** Whether the latest telling text gives a reason that only the image or the way to its own registry explains: no right, and no other entry. */
export function tellsOfImage(target: Target, evidence: Evidence): boolean {
  const said = failedPulls(target, evidence).findLast(({ label }) => label !== 'unknown-pull-failure');
  return said !== undefined && !isOfSignIn(said) && (said.image !== undefined || said.registry !== undefined);
}

function failedPulls(target: Target, evidence: Evidence): Suspicion[] {
  return rowsOfTarget(target, evidence)
    .map(claimOfRow)
    .filter((said) => saysPullFailed(said));
}
