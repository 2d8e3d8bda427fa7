// A person has the refusals of an identity on a registry forgotten, and says why. What was refused may then be decided anew.

import { bindingRefusal } from '../decision/access-guards.ts';
import type { RefusedGrant } from '../history/access-memory.ts';
import type { Grant } from '../history/grant.ts';
import { liveOf } from '../history/queries.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';
import { readRemediation } from '../history/targets.ts';
import type { Clock, DeploymentLedger, EventLog, Histories, Names, Queues } from '../ports/ports.ts';
import { sendWake } from '../ports/send-wake.ts';
import { recallAccess, remember } from './access-memory.ts';

/**
 * `no-refusal`: nothing binds the grant of this remediation. `unreadable`: whether something does cannot be read now. `another`: the
 * refusal that binds it is not the one that the person saw.
 */
export type Forgotten = 'forgotten' | 'not-found' | 'no-refusal' | 'unreadable' | 'another';

/** The refusal that binds the grant of a remediation, with what was read to find it. */
export type FoundRefusal =
  | {
      readonly kind: 'found';
      readonly remediation: Remediation;
      readonly history: TargetHistory;
      readonly grant: Grant;
      readonly refused: RefusedGrant;
    }
  | { readonly kind: Exclude<Forgotten, 'forgotten' | 'another'> };

/** Reads which refusal binds the grant of this remediation. Throws when the store cannot be reached. */
export async function readRefusal(
  ports: Histories & DeploymentLedger & Names & Clock,
  id: string,
): Promise<FoundRefusal> {
  const stored = await readRemediation(ports, id);
  if (stored === undefined) return { kind: 'not-found' };
  const { history, remediation } = stored;
  const grant = grantOf(remediation);
  if (grant === undefined) return { kind: 'no-refusal' };
  const access = await recallAccess(ports, grant);
  if (!access.read) return { kind: 'unreadable' };
  // The approval of this remediation is left out: forgetting is for the whole deployment, which that approval does not speak for.
  const { approval: _approval, ...unapproved } = remediation;
  const refused = bindingRefusal({ nowMs: ports.now(), history, access, remediation: unapproved }, grant);
  return refused === undefined ? { kind: 'no-refusal' } : { kind: 'found', remediation, history, grant, refused };
}

/** What a person wants forgotten. */
export interface ForgetWish {
  readonly by: string;
  readonly why: string;
  /** When the refusal was given that the person saw, in milliseconds: a later one is not forgotten. */
  readonly refusedAtMs?: number;
}

/**
 * Forgets every refusal of the identity and registry that this remediation is about, and has the remediation look again. Throws when the
 * store cannot be reached.
 */
export async function forgetRefusal(
  ports: Histories & Queues & DeploymentLedger & Names & Clock & EventLog,
  id: string,
  { by, why, refusedAtMs }: ForgetWish,
): Promise<Forgotten> {
  const found = await readRefusal(ports, id);
  if (found.kind !== 'found') return found.kind;
  const { remediation, history, grant, refused } = found;
  if (refused.atMs !== (refusedAtMs ?? refused.atMs)) return 'another';
  const { registryId, principalId } = grant;
  await remember(ports, grant, { kind: 'refusal-forgotten', registryId, principalId, by, why });
  const live = liveOf(history);
  if (live !== undefined) await sendWake(ports, { targetId: history.targetId, seq: history.lastSeq }, ports.now());
  ports.log('refusal-forgotten', { remediation: remediation.id });
  return 'forgotten';
}

/** The grant that the remediation asked about, would make, or tried to make. */
function grantOf({ approval, decision, attempts }: Remediation): Grant | undefined {
  const decided = decision?.decision;
  const proposed = decided !== undefined && 'grant' in decided ? decided.grant : undefined;
  return approval?.about.grant ?? proposed ?? attempts.findLast((attempt) => attempt.grant !== undefined)?.grant;
}
