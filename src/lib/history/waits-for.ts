// What a remediation waits for, as its row in the index keeps it.

import type { Cause } from '../causes/causes.ts';
import type { ArmId, PrincipalId } from '../words/arm-id.ts';
import type { Remediation } from './state.ts';

/** Enough to tell whether a change can concern a remediation, without its history. */
export interface WaitsFor {
  /** The image as the app writes it, and the host of its registry. */
  readonly image: string;
  readonly registry: string;
  /** The registry and the principal of the pull, as the last look read them. */
  readonly registryId?: ArmId;
  readonly principalId?: PrincipalId;
  /** The last look may not read something: any role may be the one that lets us. */
  readonly blind: boolean;
  /** The causes, where they are confirmed. */
  readonly confirmed: readonly Cause[];
}

export function waitsForOf({ target, look }: Pick<Remediation, 'target' | 'look'>): WaitsFor {
  const { host = target.registry, environmentId: _environment, ...ends } = look?.pulls ?? {};
  return {
    image: target.image,
    registry: host,
    ...ends,
    blind: look?.blind ?? true,
    confirmed: look?.diagnosis.sure === 'confirmed' ? look.diagnosis.causes : [],
  };
}
