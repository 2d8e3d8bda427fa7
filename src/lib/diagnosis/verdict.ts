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

/** What the registry lacks of the image; empty where the registry has it, or was not asked. */
export function imageCauses({ evidence }: DiagnosisInput): Cause[] {
  const manifest = valueOf(evidence.manifest);
  return manifest?.state === 'missing' ? [missingPart[manifest.what]] : [];
}

/** The cause, by what the registry does not have. Written out, so that a search for a code finds where it is diagnosed. */
const missingPart = { tag: 'tag-missing', repository: 'repository-missing', digest: 'digest-missing' } as const;
