// The input and the verdict of a diagnosis, and the causes that do not depend on the identity that pulls.

import type { Cause } from '../causes/causes.ts';
import type { Suspicion } from '../classify/classify.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Sureness } from '../history/diagnosis.ts';
import type { PrincipalId } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import type { NetworkCause, NetworkVerdict } from './network-verdict.ts';

/** What a look hands to the diagnosis. */
export interface DiagnosisInput {
  readonly target: Target;
  readonly evidence: Evidence;
  readonly suspicions: readonly Suspicion[];
  /** What the text says of other registries than the target's. */
  readonly ofOthers?: readonly Suspicion[];
  /** When the row was written that the leading suspicion is of. Absent if that is not known. Milliseconds. */
  readonly saidAtMs?: number;
  /** Whether this identity is known to have pulled from this registry before the failure. */
  readonly pulledBefore: boolean;
  /** Azure refused a grant to this principal, because the directory does not know it. */
  readonly unknownPrincipal?: PrincipalId;
}

/** The causes, the first of them the one to act on, and how sure they are. */
export interface Verdict {
  readonly causes: Cause[];
  readonly sure: Sureness;
  /** When the young role was assigned. Milliseconds. */
  readonly roleSinceMs?: number;
  readonly roleOfGroup?: boolean;
}

/** Nothing that was read explains the failure. */
export const unexplained: Verdict = { causes: ['unexplained'], sure: 'unexplained' };

/** Causes that the control plane proves. */
export function confirmed(...found: Cause[]): Verdict {
  return { causes: found, sure: 'confirmed' };
}

/** What blocks the way to the registry; empty where nothing does, or where it cannot be told. */
export function networkCauses(network: NetworkVerdict): NetworkCause[] {
  return network.answer === 'blocks' ? [network.cause] : [];
}

/** The only platform of Container Apps (Microsoft, "Containers in Azure Container Apps": Linux-based x86-64 images). */
const platformOfApps = 'linux/amd64';

/** The platforms of the image, where the registry has it for others only; `undefined` where it has the right one, or none is known. */
export function otherPlatforms({ evidence }: Pick<DiagnosisInput, 'evidence'>): readonly string[] | undefined {
  const manifest = valueOf(evidence.manifest);
  const platforms = manifest?.state === 'exists' ? manifest.platforms : undefined;
  return platforms === undefined || platforms.includes(platformOfApps) ? undefined : platforms;
}

/** What the registry lacks of the image, or its platform; empty where the registry has it, or was not asked. */
export function imageCauses(input: DiagnosisInput): Cause[] {
  const manifest = valueOf(input.evidence.manifest);
  if (otherPlatforms(input) !== undefined) return ['platform-mismatch'];
  return manifest?.state === 'missing' ? [missingPart[manifest.what]] : [];
}

/** The cause, by what the registry does not have. Written out, so that a search for a code finds where it is diagnosed. */
const missingPart = { tag: 'tag-missing', repository: 'repository-missing', digest: 'digest-missing' } as const;
