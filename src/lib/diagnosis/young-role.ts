// A role that was assigned a short time ago: whether it explains the failure, and what speaks against that.

import { type Label, saysPullFailed } from '../classify/classify.ts';
import type { ContainerFacts } from '../evidence/app-facts.ts';
import { type Evidence, isWriteRejected, registryOf, targetReplicas } from '../evidence/evidence.ts';
import { parseImageRef } from '../words/image-ref.ts';
import type { Target } from '../words/target.ts';
import type { Access } from './access.ts';
import { leadingSuspicion, rowsOfTarget, verdictOfText } from './text-claims.ts';
import type { DiagnosisInput, Verdict } from './verdict.ts';
import { confirmed } from './verdict.ts';

/** A direct assignment works within this time; Microsoft documents "up to 10 minutes" and advises to wait longer. Milliseconds. */
export const propagationWindowMs = 30 * 60_000;

/**
 * A role that comes through a group: the back end of managed identities remembers the old answer for a day (Microsoft: "cannot be
 * forced").
 */
const groupWindowMs = 24 * 3_600_000;

type CanPull = Access & { answer: 'can' };

/**
 * The verdict that the role is not in effect yet; `undefined` if the role is old, and what the text says if the role has let the app pull already. `otherwise` is the
 * verdict without a young role: it stands if a text of after the assignment can only come from before or after the sign-in. The role is then
 * not what stops the pull. If nothing else explains that text, the role is suspected.
 */
export function verdictOfYoungRole(
  input: DiagnosisInput,
  access: CanPull,
  otherwise: () => Verdict,
): Verdict | undefined {
  const young = whenYoung(input.evidence, access);
  if (young === undefined) return undefined;
  const workedAtMs = access.group === undefined ? lastWorkedAtMs(input, access.since) : undefined;
  // The pull proves the way to the registry as well: text of before it leaves no doubt about the network, nor about a token.
  if (workedAtMs !== undefined) return isOlder(input, workedAtMs) ? verdictOfText(input) : otherwise();
  if (!isBesideSignIn(input)) return isUnclearWrite(input) ? { ...young, sure: 'suspected' } : young;
  const said = isOlder(input, access.since) ? undefined : otherwise();
  return said === undefined || said.sure === 'unexplained' ? { ...young, sure: 'suspected' } : said;
}

/**
 * Whether Azure rejected a write in words that tell of no sign-in: a young role can explain them, and proves nothing. A write without any words
 * leaves the role as the only thing that is known.
 */
function isUnclearWrite({ target, evidence, suspicions }: DiagnosisInput): boolean {
  const said = leadingSuspicion(suspicions);
  if (said === undefined || !isWriteRejected(target, evidence)) return false;
  return said.label !== 'unauthorized' && said.label !== 'identity-token';
}

/** The verdict by the age of the role alone. */
function whenYoung(evidence: Evidence, access: CanPull): Verdict | undefined {
  const age = evidence.atMs - access.since;
  if (access.group !== undefined)
    return age < groupWindowMs ? { ...confirmed('pull-role-propagating'), roleOfGroup: true } : undefined;
  return age < propagationWindowMs ? { ...confirmed('pull-role-propagating'), roleSinceMs: access.since } : undefined;
}

/**
 * Whether the leading text can only come from before the sign-in (no such host, no connection, no trust, a refused address), or from after it
 * (the registry looked for the image, counted the pull or sent layers). A role that is missing or not in effect is neither.
 */
function isBesideSignIn({ suspicions }: DiagnosisInput): boolean {
  const leading = leadingSuspicion(suspicions);
  if (leading === undefined || !saysPullFailed(leading) || !besideSignIn.has(leading.label)) return false;
  // "Not found or access denied" is one sentence of the platform for both. The codes of a registry come after the sign-in.
  return leading.label !== 'manifest-unknown' || /unknown|tagged by/i.test(leading.words);
}

const besideSignIn: ReadonlySet<Label> = new Set<Label>([
  'dns',
  'network',
  'tls',
  'firewall',
  'invalid-reference',
  'manifest-unknown',
  'rate-limited',
  'platform-mismatch',
  'image-invalid',
  'no-space',
]);

/** Whether the leading text is known to be older than the role: what it speaks of may be over. */
function isOlder({ saidAtMs }: DiagnosisInput, sinceMs: number): boolean {
  return saidAtMs !== undefined && saidAtMs < sinceMs;
}

/**
 * When the app last pulled with its own role since it was assigned: a row says so, or ARM shows a container of a younger replica that has its
 * image by now. A row can be forged; it only takes the role out of suspicion. It says nothing of a role of a group: each token that was
 * issued before is used up to a day (Microsoft: "cannot be forced"), so one replica can pull while another cannot.
 */
function lastWorkedAtMs({ target, evidence }: DiagnosisInput, sinceMs: number): number | undefined {
  const wanted = pulledFrom(target, evidence);
  const hasImage = targetReplicas(target, evidence).some(
    ({ createdAtMs, containers }) =>
      createdAtMs > sinceMs &&
      containers.some(
        (container) => container.image?.toLowerCase().startsWith(wanted) === true && hasItsImage(container),
      ),
  );
  if (hasImage) return evidence.atMs;
  return rowsOfTarget(target, evidence).findLast(
    ({ reason, text, atMs }) => atMs > sinceMs && /^(?:PulledImage|ImagePulled)$/.test(reason) && text.includes(wanted),
  )?.atMs;
}

/** The beginning of the images that the role allows: those of the registry, or of the repository in a registry with repository permissions. */
function pulledFrom(target: Target, evidence: Evidence): string {
  const repository = registryOf(evidence)?.roleMode === 'legacy' ? undefined : parseImageRef(target.image)?.repository;
  return repository === undefined ? `${target.registry}/` : `${target.registry}/${repository}`;
}

function hasItsImage({ ready, state, details = '' }: ContainerFacts): boolean {
  return ready || /^(?:Running|Terminated)$/i.test(state) || /CrashLoopBackOff/i.test(details);
}
