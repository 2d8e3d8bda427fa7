// What one remediation adds to the measures: instants, causes, refusals and its end, in a row that is short enough to read many of.

import type { Cause } from '../causes/causes.ts';
import type { ArmId } from '../words/arm-id.ts';
import type { RemediationId } from '../words/target.ts';
import type { CloseHow, CloseReason } from './closing.ts';
import type { Sureness } from './diagnosis.ts';
import { isMadeGrant } from './queries.ts';
import type { RefusalCode } from './refusals.ts';
import type { Remediation } from './state.ts';

/**
 * The figures of one remediation, derived from its history as a whole: written again, they say the same. Instants are milliseconds since
 * 1970; one that is absent did not happen, or is not known.
 */
export interface Figures {
  readonly remediation: RemediationId;
  readonly appId: ArmId;
  /** Host of the registry that the pull is from. */
  readonly registry: string;
  readonly openedAtMs: number;
  /** The first log row that speaks of the failure. */
  readonly failedAtMs?: number;
  /** The first look that could name a cause. */
  readonly diagnosedAtMs?: number;
  /** The first change of pullmedic that took effect. */
  readonly actedAtMs?: number;
  /** The first grant that pullmedic made itself: not one that was there already. */
  readonly grantedAtMs?: number;
  /** When a person was asked for the first time. */
  readonly askedAtMs?: number;
  /** The first look that saw the recovery that the remediation ended with. */
  readonly recoveredAtMs?: number;
  readonly causes: readonly Cause[];
  readonly sure?: Sureness;
  /** Every refusal of a guard, each once. */
  readonly refused: readonly RefusalCode[];
  readonly closed?: { readonly how: CloseHow; readonly because: CloseReason; readonly atMs: number };
}

export function figuresOf(remediation: Remediation): Figures {
  const { target, look, openedAtMs, failedAtMs, diagnosedAtMs, bestDiagnosis, closed } = remediation;
  const diagnosis = bestDiagnosis?.diagnosis;
  const acted = tookEffect(remediation);
  const granted = remediation.attempts.find(isMadeGrant);
  const recoveredAtMs = closed?.how === 'recovered' ? remediation.provenAtMs : undefined;
  return {
    remediation: remediation.id,
    appId: target.appId,
    registry: look?.pulls?.host ?? target.registry,
    openedAtMs,
    ...(failedAtMs === undefined ? {} : { failedAtMs }),
    ...(diagnosedAtMs === undefined ? {} : { diagnosedAtMs }),
    ...(acted === undefined ? {} : { actedAtMs: acted }),
    ...(granted === undefined ? {} : { grantedAtMs: granted.atMs }),
    ...(remediation.firstAskedAtMs === undefined ? {} : { askedAtMs: remediation.firstAskedAtMs }),
    ...(recoveredAtMs === undefined ? {} : { recoveredAtMs }),
    causes: diagnosis?.causes ?? [],
    ...(diagnosis === undefined ? {} : { sure: diagnosis.sure }),
    refused: remediation.refused,
    ...(closed === undefined ? {} : { closed }),
  };
}

/** The time of the first change that took effect, which is believed to be the one that helped. */
export function tookEffect({ attempts }: Pick<Remediation, 'attempts'>): number | undefined {
  return attempts.find(({ outcome }) => outcome === 'done' || outcome === 'already-there')?.atMs;
}
