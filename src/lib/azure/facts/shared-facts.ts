// Shares facts between looks. In a storm, hundreds of looks depend on one registry; its facts are read once for all of them.
import { relatedPrincipals } from '../../diagnosis/elsewhere.ts';
import type { Evidence, Probe } from '../../evidence/evidence.ts';
import { appOf, declaredIdentity, declaredResource, isOverBudget } from '../../evidence/evidence.ts';
import type { SharedProbe } from '../../evidence/facts.ts';
import { isShared } from '../../evidence/facts.ts';
import type { LookContext, ProbeAnswer } from '../../evidence/reads.ts';
import { isWhole, registryId, subjects } from '../../look/recall.ts';
import type { AzureReads } from '../../ports/ports.ts';
import type { Fact } from '../../words/fact.ts';
import { latest } from '../../words/latest.ts';
import type { Target } from '../../words/target.ts';

type Read = AzureReads['azure']['probe'];

interface Shared {
  readonly startedMs: number;
  readonly answer: Promise<ProbeAnswer>;
  /** The answer is there. */
  ended: boolean;
}

/** The most answers that are kept, and for how long. The oldest one goes first. A look takes none that is older than a minute. */
const mostShared = 400;
const sharedForMs = 60_000;

/**
 * Wraps the probes. A look accepts an answer of another look that is not older than `sharedSinceMs`; without that it reads everything
 * anew, for other looks too. A look that meets an unreadable fact reads for itself, unless the budget had no request left: then all that wait for it are
 * put off together, where each would wait for a request of its own.
 */
export function sharing(now: () => number, read: Read): Read {
  const all = latest<string, Shared>(mostShared, { forMs: sharedForMs, now });
  return async (...asked) => {
    const [probe, target, soFar, , look] = asked;
    const on = dependsOn(probe, target, soFar);
    if (on === undefined) return read(...asked);
    const key = `${probe}|${on}`;
    const shared = all.get(key);
    if (shared !== undefined && accepts(look, shared)) {
      const waits = !shared.ended;
      const { facts } = await shared.answer;
      // The budget has no request left for a look that waited for this one either. It may have one for a look that comes later.
      if (isWhole(facts) || (waits && isOverBudget(facts))) return { facts, calls: 0, readAtMs: shared.startedMs };
    }
    const begun: Shared = { startedMs: now(), answer: read(...asked), ended: false };
    all.put(key, begun);
    try {
      return await begun.answer;
    } finally {
      begun.ended = true;
    }
  };
}

function accepts(look: LookContext | undefined, { startedMs, ended }: Shared): boolean {
  const { sharedSinceMs = Number.POSITIVE_INFINITY, underWaySinceMs = Number.POSITIVE_INFINITY } = look ?? {};
  return startedMs >= sharedSinceMs || (!ended && startedMs >= underWaySinceMs);
}

/** The resource that an answer depends on; `undefined` for a fact that the table of facts does not let looks share. */
function dependsOn(probe: Probe, target: Target, soFar: Evidence): string | undefined {
  return isShared(probe) ? resources[probe](soFar, target) : undefined;
}

/** The resource behind each shared fact. It is `undefined` while that resource is not known. */
const resources: { readonly [Name in SharedProbe]: (soFar: Evidence, target: Target) => string | undefined } = {
  environment: (soFar) => appOf(soFar)?.environmentId,
  registry: (_, target) => target.registry,
  ...subjects,
  removals: registryId,
  denials: registryId,
  identity: declaredHome,
  holders: (soFar, target) => {
    const home = declaredHome(soFar, target);
    return home === undefined ? undefined : `${home} ${registryId(soFar) ?? ''}`;
  },
  elsewhere: (soFar, target) =>
    [...new Set(relatedPrincipals(target, soFar).map(({ principalId }) => principalId))].join(' ') || undefined,
};

/** The resource of the identity that the app declares. */
function declaredHome(soFar: Evidence, target: Target): string | undefined {
  return declaredResource(declaredIdentity(target, soFar));
}

/**
 * Shares one list between callers. A caller gets a list not older than `sinceMs` (default: now). An unreadable one is read again, once for all that
 * waited for it.
 */
export function lately<T>(now: () => number, read: () => Promise<Fact<T>>): (sinceMs?: number) => Promise<Fact<T>> {
  let last: { readonly startedMs: number; readonly answer: Promise<Fact<T>> } | undefined;
  return async (sinceMs = now()) => {
    const before = last;
    if (before !== undefined && before.startedMs >= sinceMs) {
      const answer = await before.answer;
      if (answer.read) return answer;
      if (last !== undefined && last !== before) return last.answer;
    }
    last = { startedMs: now(), answer: read() };
    return last.answer;
  };
}
