// The limits of the whole deployment, from its ledger of grants: the hourly limit, the circuit breaker and the slow start.

import type { LedgerGrant } from '../history/deployment-ledger.ts';
import type { Refusal } from '../history/refusals.ts';
import { valueOf } from '../words/fact.ts';
import type { Standing } from './decision-input.ts';
import { refuse } from './guard.ts';

const minute = 60_000;
const hourMs = 60 * minute;
/** A grant that has not helped after this long did not help. */
const provenWithinMs = hourMs / 2;
/**
 * A grant on a registry that moved to repository permissions: tokens from before are rejected until each client has a new one, which takes
 * minutes to several hours (Microsoft, June 2026), so a recovery that is late says nothing about the grant.
 */
const slowlyProvenWithinMs = 6 * hourMs;
/** How long after the last grant an open breaker lets one grant through, to see whether grants help again. */
const probeAfterMs = hourMs;

/** The hourly limit and the breaker. A ledger that cannot be read allows no grant. */
export function deploymentGuard(input: Pick<Standing, 'nowMs' | 'config' | 'ledger'>): Refusal | undefined {
  const grants = valueOf(input.ledger);
  if (grants === undefined) return refuse('hourly-limit', 'unreadable');
  const { grantsPerHour, unprovenGrants } = input.config.settings.limits;
  if (grants.filter((grant) => grant.atMs > input.nowMs - hourMs).length >= grantsPerHour)
    return refuse('hourly-limit', 'reached');
  return breaker(grants, unprovenGrants, input.nowMs);
}

/**
 * Circuit breaker: stops after this many grants in a row without a recovery, because what we believe must be wrong. After a while it lets
 * one grant through, and no other one while that grant may still help.
 */
function breaker(grants: readonly LedgerGrant[], most: number, nowMs: number): Refusal | undefined {
  const judged = grants.filter((grant) => grant.proven || nowMs - grant.atMs > timeToProve(grant));
  const lastProven = judged.findLastIndex((grant) => grant.proven);
  if (judged.length - 1 - lastProven < most) return undefined;
  const newest = grants.at(-1);
  const pending = newest !== undefined && !judged.includes(newest);
  if (pending) return refuse('breaker', 'probe-pending');
  const rested = newest === undefined || nowMs - newest.atMs >= probeAfterMs;
  return rested ? undefined : refuse('breaker', 'unproven-grants');
}

function timeToProve({ slow }: LedgerGrant): number {
  return slow === true ? slowlyProvenWithinMs : provenWithinMs;
}

type SlowStartInput = Pick<Standing, 'nowMs' | 'config' | 'ledger' | 'awakeSinceMs'>;

/**
 * A backlog that built up before the first start, or while pullmedic was down, must not become a burst of grants: if pullmedic is wrong,
 * the first few grants show it.
 */
export function slowStartGuard(input: SlowStartInput): Refusal | undefined {
  const endsMs = slowStartEndsMs(input);
  const grants = valueOf(input.ledger);
  if (endsMs === undefined || grants === undefined) return refuse('slow-start', 'unreadable');
  if (input.nowMs >= endsMs) return undefined;
  const { slowStartMinutes, slowStartGrants } = input.config.settings.limits;
  const made = grants.filter((grant) => grant.atMs > input.nowMs - slowStartMinutes * minute).length;
  return made >= slowStartGrants ? refuse('slow-start', 'reached') : undefined;
}

/** When the slow start of this deployment ends; `undefined` where its beginning cannot be read. Milliseconds. */
export function slowStartEndsMs({
  config,
  awakeSinceMs,
}: Pick<SlowStartInput, 'config' | 'awakeSinceMs'>): number | undefined {
  const since = valueOf(awakeSinceMs);
  return since === undefined ? undefined : since + config.settings.limits.slowStartMinutes * minute;
}
