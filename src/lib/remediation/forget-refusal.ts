// A person has the refusals of an identity on a registry forgotten, and says why. What was refused may then be decided anew.

import { bindingRefusal } from '../decision/access-guards.ts';
import type { Grant } from '../history/grant.ts';
import { liveOf } from '../history/queries.ts';
import type { Remediation } from '../history/state.ts';
import { readTarget } from '../history/targets.ts';
import type { Clock, DeploymentLedger, EventLog, Histories, Names, Queues } from '../ports/ports.ts';
import { parseRemediationId } from '../words/target.ts';
import { recallAccess, remember } from './access-memory.ts';

/** `no-refusal`: nothing binds the grant of this remediation. `unreadable`: whether something does cannot be read now. */
export type Forgotten = 'forgotten' | 'not-found' | 'no-refusal' | 'unreadable';

/**
 * Forgets every refusal of the identity and registry that this remediation is about, and has the remediation look again. Throws when the
 * store cannot be reached.
 */
export async function forgetRefusal(
  ports: Histories & Queues & DeploymentLedger & Names & Clock & EventLog,
  id: string,
  by: string,
  why: string,
): Promise<Forgotten> {
  const parsed = parseRemediationId(id);
  if (parsed === undefined) return 'not-found';
  const history = await readTarget(ports, parsed.target);
  const remediation = history.remediations[parsed.ordinal - 1];
  if (remediation === undefined) return 'not-found';
  const grant = grantOf(remediation);
  if (grant === undefined) return 'no-refusal';
  const access = await recallAccess(ports, grant);
  if (!access.read) return 'unreadable';
  // The approval of this remediation is left out: forgetting is for the whole deployment, which that approval does not speak for.
  const { approval: _approval, ...unapproved } = remediation;
  const about = { nowMs: ports.now(), history, access, remediation: unapproved };
  if (bindingRefusal(about, grant) === undefined) return 'no-refusal';
  const { registryId, principalId } = grant;
  await remember(ports, grant, { kind: 'refusal-forgotten', registryId, principalId, by, why });
  const live = liveOf(history);
  if (live !== undefined)
    await ports.queue.sendStep({ targetId: parsed.target, seq: history.lastSeq, wake: true }, ports.now());
  ports.log('refusal-forgotten', { remediation: remediation.id });
  return 'forgotten';
}

/** The grant that the remediation asked about, would make, or tried to make. */
function grantOf({ approval, decision, attempts }: Remediation): Grant | undefined {
  const decided = decision?.decision;
  const proposed = decided !== undefined && 'grant' in decided ? decided.grant : undefined;
  return approval?.about.grant ?? proposed ?? attempts.findLast((attempt) => attempt.grant !== undefined)?.grant;
}
