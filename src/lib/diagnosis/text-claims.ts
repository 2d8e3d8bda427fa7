// What the text of the logs claims, and where the control plane speaks against it.

import type { Cause } from '../causes/causes.ts';
import type { Label, Suspicion } from '../classify/classify.ts';
import { saysPullFailed } from '../classify/classify.ts';
import type { LogRow } from '../evidence/app-facts.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { activeRevisions, environmentOf, outboundSubnet } from '../evidence/evidence.ts';
import { writeErrors } from '../evidence/write-errors.ts';
import { valueOf } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import type { Target } from '../words/target.ts';
import { causeOfCode } from './code-claims.ts';
import { causeOfName, causeOfSignIn } from './name-claims.ts';
import { isPlatformFault, passesOnLimit } from './platform-text.ts';
import { claimOfRow } from './read-row.ts';
import type { DiagnosisInput, Verdict } from './verdict.ts';
import { unexplained } from './verdict.ts';

/** The text's own claim, where the control plane neither confirms nor refutes it. */
export function verdictOfText(input: DiagnosisInput): Verdict {
  const rows = rowsOfTarget(input.target, input.evidence);
  if (isPlatformFault(input, rows)) return { causes: ['platform-fault'], sure: 'suspected' };
  const leading = leadingSuspicion(input.suspicions);
  const claimed = leading === undefined ? 'unexplained' : claimOf(input, leading, rows);
  const cause = refuted(claimed, input, rows);
  return cause === 'unexplained' ? unexplained : { causes: [cause], sure: 'suspected' };
}

function claimOf(input: DiagnosisInput, leading: Suspicion, rows: readonly LogRow[]): Cause {
  if (leading.label === 'registry-unavailable' && passesOnLimit(input, rows)) return 'rate-limited';
  const ofCode = causeOfCode(input.target.appId, leading);
  if (ofCode !== undefined) return ofCode;
  return causeOfSignIn(input, leading, rows) ?? causeOfAbsence(input, leading, rows) ?? causeOfLabel[leading.label];
}

/**
 * What is not there. Where it is a part, the registry had the manifest that names it. A reference with a digest is pulled by it, whatever tag stands
 * beside it (OCI distribution specification, "Pulling manifests").
 */
function causeOfAbsence({ target }: DiagnosisInput, { label }: Suspicion, rows: readonly LogRow[]): Cause | undefined {
  if (label !== 'manifest-unknown') return undefined;
  if (lacksPart(rows)) return 'image-invalid';
  return parseImageRef(target.image)?.digest === undefined ? undefined : 'digest-missing';
}

/**
 * Whether the latest text that says that something is missing speaks of a part of an image: the manifest of one platform, or a layer. containerd
 * asks for it by the digest and the media type that the image's own manifest gives (containerd, `core/remotes/docker/fetcher.go`).
 */
export function lacksPart(rows: readonly LogRow[]): boolean {
  const latest = rows.findLast((row) => claimOfRow(row).label === 'manifest-unknown');
  return /could not fetch content descriptor sha256:[0-9a-f]{6,64}/i.test(latest?.text ?? '');
}

const causeOfLabel: Readonly<Record<Label, Cause>> = {
  unauthorized: 'unexplained',
  'identity-token': 'unexplained',
  'manifest-unknown': 'tag-missing',
  dns: 'name-wrong',
  network: 'egress-blocked',
  firewall: 'registry-firewall',
  'rate-limited': 'rate-limited',
  'registry-unavailable': 'registry-unavailable',
  tls: 'tls-untrusted',
  'platform-mismatch': 'platform-mismatch',
  'invalid-reference': 'reference-invalid',
  'image-invalid': 'image-invalid',
  'no-space': 'no-space',
  'refused-by-policy': 'refused-by-policy',
  'unknown-pull-failure': 'unexplained',
  'not-a-pull-failure': 'unexplained',
};

/** What the control plane says against the text's own claim. */
function refuted(cause: Cause, input: DiagnosisInput, rows: readonly LogRow[]): Cause {
  // The registry has the image, so the text speaks of another moment, or of another place that said so.
  if ((cause === 'tag-missing' || cause === 'digest-missing') && valueOf(input.evidence.manifest)?.state === 'exists')
    return 'unexplained';
  // Without a network of the user's nothing of theirs stands in the way: the other side does not answer.
  if (cause === 'egress-blocked' && leavesByNoNetwork(input.evidence)) return 'registry-unavailable';
  return cause === 'name-wrong' ? causeOfName(input, rows) : cause;
}

/** ARM shows that the environment has no network of the user's. */
function leavesByNoNetwork(evidence: Evidence): boolean {
  return environmentOf(evidence) !== undefined && outboundSubnet(evidence) === undefined;
}

/** Whether the text says above all that the registry refused who asked. */
export function isRefused({ suspicions }: DiagnosisInput): boolean {
  return leadingSuspicion(suspicions)?.label === 'unauthorized';
}

/**
 * The most telling suspicion: the latest one that names a cause, else the latest that says a pull failed. Never a push or a build that
 * was refused: it says nothing about the way, the address or the identity by which the app pulls.
 */
export function leadingSuspicion(suspicions: readonly Suspicion[]): Suspicion | undefined {
  const pulls = suspicions.filter((suspicion) => saysPullFailed(suspicion));
  return (
    pulls.findLast((suspicion) => suspicion.label !== 'unknown-pull-failure') ??
    pulls.at(-1) ??
    suspicions.findLast(({ refused }) => refused === undefined)
  );
}

/**
 * The address that the registry refused, by the latest text about a pull that names one. Another text may come after it: the platform signs in
 * from an address of its own, and a role can be missing at the same time.
 */
export function refusedAddress(suspicions: readonly Suspicion[]): string | undefined {
  return (
    leadingSuspicion(suspicions)?.refusedIp ??
    suspicions.findLast((suspicion) => saysPullFailed(suspicion) && suspicion.refusedIp !== undefined)?.refusedIp
  );
}

/** Whether a text about a pull says that the image is for another platform. */
export function doubtsPlatform(target: Target, evidence: Evidence): boolean {
  return rowsOfTarget(target, evidence).some((row) => claimOfRow(row).label === 'platform-mismatch');
}

/** The latest push or build that a registry refused. */
export function refusedOtherwise(suspicions: readonly Suspicion[]): Suspicion | undefined {
  return suspicions.findLast(({ refused }) => refused !== undefined);
}

/** Whether a log row about the target has such words. `words`: without the flag `g`. */
export function logSays(target: Target, evidence: Evidence, words: RegExp): boolean {
  return rowsOfTarget(target, evidence).some(({ text }) => words.test(text));
}

/** The rows of the target's own revisions, oldest first. Rows without a revision speak of the whole app. */
export function rowsOfTarget(target: Target, evidence: Evidence): LogRow[] {
  const names = new Set(activeRevisions(target, evidence).map((revision) => revision.name));
  const rows = [...(valueOf(evidence.logs) ?? []), ...writeErrors(evidence)];
  return rows.filter((row) => row.revision === '' || names.has(row.revision)).sort((a, b) => a.atMs - b.atMs);
}
