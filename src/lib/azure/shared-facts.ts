// What many apps share is read once for all who ask within a moment: in a storm, hundreds of looks depend on one registry.
import type { Evidence, Probe } from '../evidence.ts';
import { appOf, declaredIdentity, declaredResource, environmentOf, registryOf } from '../evidence.ts';
import type { Fact } from '../fact.ts';
import type { Target } from '../target.ts';

export interface Answered {
  readonly facts: Partial<Evidence>;
  readonly calls: number;
}

interface Shared {
  readonly startedMs: number;
  readonly answer: Promise<Answered>;
}

/** So many answers are kept; the oldest goes first. */
const mostShared = 400;

/** What an answer depends on; `undefined` where it is one app's own, or changes by what pullmedic itself does. */
function dependsOn(probe: Probe, target: Target, soFar: Evidence): string | undefined {
  switch (probe) {
    case 'environment':
      return appOf(soFar)?.environmentId;
    case 'registry':
      return target.registry;
    case 'vnet':
    case 'subnet':
      return environmentOf(soFar)?.subnetId;
    case 'zones':
    case 'endpoints':
    case 'zoneGroups':
    case 'changes':
    case 'removals':
    case 'denials':
      return registryOf(soFar)?.id;
    case 'identity':
      return declaredResource(declaredIdentity(target, soFar));
    case 'app':
    case 'revisions':
    case 'replicas':
    case 'logs':
    case 'roles':
    case 'elsewhere':
    case 'writes':
    case 'manifest':
      return undefined;
  }
}

function isRead({ facts }: Answered): boolean {
  return Object.values(facts).every((fact) => typeof fact !== 'object' || !('read' in fact) || fact.read);
}

/**
 * Wraps the probes. An answer serves everybody whose evidence may be as old as it is: a look says with `atMs` how old its oldest fact
 * may be. Only facts that were read are shared; whoever meets an unreadable one asks for itself.
 */
export function sharing(
  now: () => number,
  read: (probe: Probe, target: Target, soFar: Evidence, logsSinceMs: number) => Promise<Answered>,
): typeof read {
  const all = new Map<string, Shared>();
  return async (probe, target, soFar, logsSinceMs) => {
    const on = dependsOn(probe, target, soFar);
    if (on === undefined) return read(probe, target, soFar, logsSinceMs);
    const key = `${probe}|${on}`;
    const shared = all.get(key);
    if (shared !== undefined && shared.startedMs >= soFar.atMs) {
      const { facts, calls } = await shared.answer.catch(() => ({ facts: {}, calls: 0 }));
      if (Object.keys(facts).length > 0 && isRead({ facts, calls })) return { facts, calls: 0 };
    }
    const answer = read(probe, target, soFar, logsSinceMs);
    all.delete(key);
    all.set(key, { startedMs: now(), answer });
    const [oldest] = all.keys();
    if (all.size > mostShared && oldest !== undefined) all.delete(oldest);
    return answer;
  };
}

/** One list for all who may have it as old as `sinceMs`; by default as of now. One that could not be read is not kept. */
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
