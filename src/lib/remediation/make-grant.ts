// Makes one grant: counted for the whole deployment, announced in the memory of its pair, and only then asked of Azure.

import { memoryRefusal } from '../decision/access-guards.ts';
import { deploymentGuard, slowStartGuard } from '../decision/deployment-guards.ts';
import { repositoryReaderRole } from '../diagnosis/access.ts';
import { subjectOf } from '../diagnosis/named-registry.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { AccessMemory } from '../history/access-memory.ts';
import type { Change } from '../history/decision.ts';
import type { Grant } from '../history/grant.ts';
import { codeOf, type Refusal, withheldBy } from '../history/refusals.ts';
import type { Remediation } from '../history/state.ts';
import type { ActionAnswer } from '../ports/ports.ts';
import { type Fact, known } from '../words/fact.ts';
import { recallAccess, remember, rememberUnless } from './access-memory.ts';
import { appendToDeployment, countUnless, ledgerFacts } from './deployment.ts';
import { underKillSwitch, type WithKillSwitch } from './kill-switch.ts';
import { awakeSince } from './pulse.ts';
import { rememberNosOfOthers } from './remember-nos.ts';
import type { Turn } from './turn.ts';

/** Withheld where a limit was reached or a refusal arrived since the decision; otherwise what Azure answered. */
export async function makeGrant(
  turn: Turn,
  change: Change & { readonly do: 'grant' },
  remediation: Remediation,
  evidence: Evidence,
): Promise<WithKillSwitch<ActionAnswer>> {
  const { ports } = turn;
  const { grant } = change;
  await rememberNosOfOthers(ports, grant);
  const objection = await objections(turn, grant, remediation, evidence);
  // Asked twice: a grant that the memory speaks against uses up no place in the limits of the deployment.
  const before = objection(await recallAccess(ports, grant));
  if (before !== undefined) return withheldBy(before);
  const counted = await countGrant(turn, remediation, change);
  if (counted !== undefined) return withheldBy(counted);
  const announced = await announce(turn, grant, remediation, objection);
  if (announced !== undefined) {
    await takeOutOfLimits(turn, remediation, codeOf(announced));
    return withheldBy(announced);
  }
  const answer = await underKillSwitch(ports, (lastCheck) => ports.actions.grant(grant, remediation.id, lastCheck));
  if (answer.outcome === 'already-there') await sawAccess(turn, grant, remediation);
  const because = answer.because ?? answer.outcome;
  if (outcomesWithoutOurGrant.has(answer.outcome)) await takeBackAnnouncement(turn, grant, remediation, because);
  if (isOutsideLimits(answer)) await takeOutOfLimits(turn, remediation, because);
  return answer;
}

/** Outcomes after which the grant is not one that this remediation made. */
const outcomesWithoutOurGrant: ReadonlySet<ActionAnswer['outcome']> = new Set(['failed', 'withheld', 'already-there']);

/**
 * Whether the limits and the breaker of the deployment leave a grant out: nothing was made, and nothing failed. A throttled one is tried
 * again, and takes its place then. A grant that Azure refused counts, because the breaker counts failures.
 */
function isOutsideLimits({ outcome, because }: ActionAnswer): boolean {
  return outcome === 'withheld' || outcome === 'already-there' || (outcome === 'failed' && because === 'throttled');
}

/**
 * Takes a counted grant out of the limits of the deployment. It is written before the outcome, so that a host that dies in between settles
 * the grant and writes it again: written twice it means the same.
 */
export async function takeOutOfLimits({ ports }: Turn, { id }: Remediation, because: string): Promise<void> {
  await appendToDeployment(ports, { kind: 'grant-not-made', remediation: id, because });
}

/** Takes back the announcement of a grant that was not made: it must not count as one that did not last. */
export async function takeBackAnnouncement(
  { ports }: Turn,
  grant: Grant,
  { id }: Remediation,
  because: string,
): Promise<void> {
  await remember(
    ports,
    grant,
    { kind: 'grant-not-made', remediation: id, because },
    ({ made }) => !made.some((one) => one.remediation === id),
  );
}

/**
 * Another caller made this grant first, so the identity holds the role now. It is remembered as a sighting: the next look may come after
 * a person took the role away, and the Activity Log lags.
 */
export async function sawAccess({ ports }: Turn, grant: Grant, { target }: Remediation): Promise<void> {
  const { registryId, principalId, roleId } = grant;
  const roleMode = roleId === repositoryReaderRole ? 'abac' : 'legacy';
  // Under which name it was made is not known.
  const seen = { registryId, principalId, app: target.appId, assignment: '', roleMode } as const;
  await remember(ports, grant, { kind: 'access-sighted', ...seen });
}

type Objection = (memory: Fact<AccessMemory>) => Refusal | undefined;

/** What the memory of the pair says against this grant, as it reads at that moment. */
async function objections(turn: Turn, grant: Grant, remediation: Remediation, evidence: Evidence): Promise<Objection> {
  const { ports, config, history } = turn;
  const { undone } = await ledgerFacts(ports);
  const target = subjectOf(remediation.target, evidence);
  return (access) =>
    undone.read
      ? memoryRefusal({ nowMs: ports.now(), config, target, evidence, remediation, history, access, undone }, grant)
      : { guard: 'role-removed', why: 'undone-unreadable' };
}

/** Announces the grant at the last number of the memory, so that no refusal can come between the two. */
async function announce(
  { ports }: Turn,
  grant: Grant,
  remediation: Remediation,
  objection: Objection,
): Promise<Refusal | undefined> {
  const entry = { kind: 'grant-made', grant, remediation: remediation.id, app: remediation.target.appId } as const;
  const announced = await rememberUnless(ports, grant, entry, (memory) => objection(known(memory)));
  if (announced === 'appended') return undefined;
  return announced === 'busy' ? { guard: 'refused-before', why: 'unreadable' } : announced;
}

/** Counts the grant against the deployment's limits before it is made; a refusal if one was reached meanwhile. */
async function countGrant(
  { ports, config }: Turn,
  remediation: Remediation,
  { question, because }: Pick<Change & { readonly do: 'grant' }, 'question' | 'because'>,
): Promise<Refusal | undefined> {
  const awakeSinceMs = await awakeSince(ports);
  // A grant that a person approved is not part of a backlog.
  const answered = question !== undefined;
  const slow = because === 'registry-became-abac' ? ({ slow: true } as const) : {};
  const entry = { kind: 'grant-counted', remediation: remediation.id, ...slow } as const;
  const counted = await countUnless(ports, entry, (grants) => {
    const input = { nowMs: ports.now(), config, ledger: known(grants), awakeSinceMs };
    return deploymentGuard(input) ?? (answered ? undefined : slowStartGuard(input));
  });
  if (counted === 'appended') return undefined;
  return counted === 'busy' ? { guard: 'hourly-limit', why: 'busy' } : counted;
}
