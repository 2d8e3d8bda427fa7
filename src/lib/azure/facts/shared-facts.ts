// Shares facts between looks. In a storm, hundreds of looks depend on one registry; its facts are read once for all of them.
import { relatedPrincipals } from '../../diagnosis/elsewhere.ts';
import type { Evidence, Probe } from '../../evidence/evidence.ts';
import { appOf, declaredIdentity, declaredResource, outboundSubnet, registryOf } from '../../evidence/evidence.ts';
import type { ProbeAnswer } from '../../evidence/reads.ts';
import { isWhole } from '../../look/recall.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Fact } from '../../words/fact.ts';
import { latest } from '../../words/latest.ts';
import type { Target } from '../../words/target.ts';

type Read = Ports['azure']['probe'];

interface Shared {
  readonly startedMs: number;
  readonly answer: Promise<ProbeAnswer>;
}

/** The most answers that are kept. The oldest one goes first. */
const mostShared = 400;

/** The resource that an answer depends on. `undefined` if the answer concerns one app only, or if pullmedic's own changes alter it. */
function dependsOn(probe: Probe, target: Target, soFar: Evidence): string | undefined {
  switch (probe) {
    case 'environment':
      return appOf(soFar)?.environmentId;
    case 'registry':
      return target.registry;
    case 'vnet':
    case 'subnet':
      return outboundSubnet(soFar);
    case 'zones':
    case 'endpoints':
    case 'zoneGroups':
    case 'changes':
    case 'removals':
    case 'denials':
      return registryOf(soFar)?.id;
    case 'identity':
      return declaredResource(declaredIdentity(target, soFar));
    case 'holders': {
      const home = declaredResource(declaredIdentity(target, soFar));
      return home === undefined ? undefined : `${home} ${registryOf(soFar)?.id ?? ''}`;
    }
    case 'elsewhere':
      return (
        [...new Set(relatedPrincipals(target, soFar).map(({ principalId }) => principalId))].join(' ') || undefined
      );
    case 'app':
    case 'revisions':
    case 'replicas':
    case 'logs':
    case 'roles':
    case 'writes':
    case 'manifest':
    case 'token':
      return undefined;
  }
}

/**
 * Wraps the probes. A look accepts an answer of another look that is not older than `sharedSinceMs`; without that it reads everything
 * anew, for other looks too. Only readable facts are shared: a look that meets an unreadable one reads for itself.
 */
export function sharing(now: () => number, read: Read): Read {
  const all = latest<string, Shared>(mostShared);
  return async (...asked) => {
    const [probe, target, soFar, , look] = asked;
    const on = dependsOn(probe, target, soFar);
    if (on === undefined) return read(...asked);
    const key = `${probe}|${on}`;
    const shared = all.get(key);
    if (shared !== undefined && look?.sharedSinceMs !== undefined && shared.startedMs >= look.sharedSinceMs) {
      const answer = await shared.answer;
      if (isWhole(answer.facts)) return { facts: answer.facts, calls: 0, readAtMs: shared.startedMs };
    }
    const answer = read(...asked);
    all.put(key, { startedMs: now(), answer });
    return answer;
  };
}

/** Shares one list between callers. A caller gets a list not older than `sinceMs` (default: now). An unreadable one is read again. */
export function lately<T>(now: () => number, read: () => Promise<Fact<T>>): (sinceMs?: number) => Promise<Fact<T>> {
  let last: { readonly startedMs: number; readonly answer: Promise<Fact<T>> } | undefined;
  return async (sinceMs = now()) => {
    if (last !== undefined && last.startedMs >= sinceMs) {
      const answer = await last.answer;
      if (answer.read) return answer;
    }
    last = { startedMs: now(), answer: read() };
    return last.answer;
  };
}
