// The changes that make the platform pull again: a restart, or a new revision. Each is made, asked of a person, or refused.

import type { Cause } from '../causes/causes.ts';
import type { RevisionFacts } from '../evidence/app-facts.ts';
import { appOf } from '../evidence/evidence.ts';
import type { Wanted } from '../history/approval.ts';
import type { Decided, Decision } from '../history/decision.ts';
import { codeOf, type Refusal } from '../history/refusals.ts';
import { soonMs } from './answers.ts';
import { type Permission, permissionFor, requestApproval } from './approvals.ts';
import type { DecisionInput } from './decision-input.ts';
import { isApprovable } from './grant-guards.ts';
import type { PlatformTries } from './platform-tries.ts';
import { restartsInAttempt } from './restart-limit.ts';
import { newRevisionRefusals } from './retry-guards.ts';

/** A decision to make the change or to ask for it, or why neither may be. */
export type Change =
  | { readonly ok: true; readonly decided: Decided }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** Why it should work, and since when. */
export interface ShouldWork {
  readonly because: (Decision & { readonly do: 'restart' })['because'];
  readonly sinceMs: number;
}

/** A role takes its time until it works; another cause that is gone does not. Milliseconds. */
export function worksFromMs({ config }: Pick<DecisionInput, 'config'>, { because, sinceMs }: ShouldWork): number {
  return sinceMs + (because === 'role-should-work' ? config.settings.expectedPropagationSeconds * 1000 : 0);
}

/** The rung that a restart is made for. `nextMs`: when the platform would try by itself. */
interface Rung extends ShouldWork, PlatformTries {
  readonly cause: Cause;
  readonly rung: number;
  readonly countsFromMs: number;
  /** How many restarts the attempt may have, where that is not what the settings say. */
  readonly most?: number;
}

/** Restarts the revision. `refusals`: what the guards say. */
export function restart(
  input: DecisionInput,
  revision: RevisionFacts,
  refusals: readonly Refusal[],
  { cause, because, sinceMs, rung, countsFromMs, nextMs, most = input.config.settings.retry.atMost }: Rung,
): Change {
  const { nowMs } = input;
  const made = restartsInAttempt(input, revision.name);
  const next = nextMs === undefined ? {} : { nextTryInMs: nextMs - nowMs };
  const retry = { rung, number: made + 1, most, sinceMs, afterMs: nowMs - sinceMs, countsFromMs, ...next };
  const about = { restart: revision.name, upTo: Math.max(most - made, 1) };
  return ifAllowed(input, { about, cause, doubts: refusals }, (allowed) => ({
    decision: { do: 'restart', revision: revision.name, because, retry, ...allowed },
    dueAtMs: nowMs + soonMs,
    refusals: [],
  }));
}

/** A new revision of the same template. Its name contains the instant, so that no other revision has it. */
export function newRevision(
  input: DecisionInput,
  revision: RevisionFacts | undefined,
  because: 'restart-refused' | 'write-rejected',
  cause: Cause,
): Change {
  const { nowMs, target } = input;
  const template = appOf(input.evidence)?.template;
  const refusals = newRevisionRefusals(input, revision);
  if (template === undefined) return { ok: false, refusals: [...refusals, { guard: 'superseded', why: 'unreadable' }] };
  const suffix = `pm-${nowMs.toString(36)}`;
  const name = `${target.appName}--${suffix}`;
  const instead = revision === undefined ? {} : { instead: revision.name };
  const decision = { do: 'new-revision', revision: name, suffix, template, ...instead, because } as const;
  return ifAllowed(input, { about: { newRevision: template }, cause, doubts: refusals }, (allowed) => ({
    decision: { ...decision, ...allowed },
    dueAtMs: nowMs + soonMs,
    refusals: [],
  }));
}

/** Azure refused the restart. If the settings allow it, pullmedic asks for a new revision instead. */
export function isWithoutRestart({ config }: DecisionInput, refusals: readonly Refusal[]): boolean {
  return config.settings.retry.newRevision && refusals.some((refusal) => refusal.guard === 'failed-before');
}

/** Makes the change if nothing refuses it, or if a person approved it; asks a person where an answer is all that is missing. */
function ifAllowed(
  input: DecisionInput,
  wanted: Wanted,
  change: (allowed: { readonly question?: number }) => Decided,
): Change {
  const { doubts } = wanted;
  const permission = permissionFor(input, wanted);
  switch (permission.state) {
    case 'rejected':
    case 'expired':
      return { ok: false, refusals: withRefusal(doubts, { guard: 'approval', why: permission.state }) };
    case 'approved':
    case 'pending':
    case 'to-ask':
      return doubts.every(isApprovable)
        ? { ok: true, decided: decidedWith(permission) }
        : { ok: false, refusals: doubts };
  }

  function decidedWith(permitted: Exclude<Permission, { readonly sinceMs: number }>): Decided {
    if (permitted.state === 'approved') return change({ question: permitted.question });
    return doubts.length === 0 ? change({}) : requestApproval(input, wanted, permitted);
  }
}

/** A no of this remediation is remembered for the whole app as well, and named once. */
function withRefusal(doubts: readonly Refusal[], more: Refusal): readonly Refusal[] {
  return doubts.some((doubt) => codeOf(doubt) === codeOf(more)) ? doubts : [...doubts, more];
}
