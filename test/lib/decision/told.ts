// What guards are told, for their tests: what Azure shows, what happened before, and how the deployment stands.

import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import { grantRefusals } from '../../../src/lib/decision/grant-guards.ts';
import { restartRefusals } from '../../../src/lib/decision/retry-guards.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry, OutcomeKind } from '../../../src/lib/history/entries.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import { codeOf } from '../../../src/lib/history/refusals.ts';
import { acrPull, config, nowMs, principal, registryId, revision, roleMissing } from '../facts.ts';
import { decisionInput, type Story } from '../situations.ts';

/** The grant that the evidence of a missing role asks for. */
export const grant: Grant = { registryId, principalId: principal, roleId: acrPull };

export type Told = Story & { readonly evidence?: Evidence };

export function asked({ evidence = roleMissing, ...story }: Told): DecisionInput {
  return decisionInput(evidence, story);
}

/** The codes of all guards that refuse this grant. */
export function grantRefused(told: Told, change: Grant = grant): string[] {
  return grantRefusals(asked(told), change).map(codeOf);
}

/** The codes of all guards that refuse to restart the revision. */
export function restartRefused(told: Told): string[] {
  return restartRefusals(asked(told), revision).map(codeOf);
}

/** The grant was decided, and came to this outcome. */
export function granted(outcome: OutcomeKind, because = 'x'): Entry[] {
  const decided: Entry = {
    kind: 'decided',
    decision: { do: 'grant', grant, because: 'pull-role-missing' },
    dueAtMs: nowMs,
    refusals: [],
  };
  return [decided, { kind: 'outcome', action: 'grant', outcome, because }];
}

/** The registry is opted in for these consumers. */
export function optedInFor(consumers: readonly string[], more: object = {}): Told {
  return { config: config({ PULLMEDIC_REGISTRIES: JSON.stringify([{ id: registryId, consumers, ...more }]) }) };
}
