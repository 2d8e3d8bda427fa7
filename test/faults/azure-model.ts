// What a run sees of Azure: a model world that answers at once, or real clients against the simulated Azure (wall.ts).

import type { AlertState } from '../../src/lib/history/entries.ts';
import type { Grant } from '../../src/lib/history/grant.ts';
import { codeOf } from '../../src/lib/history/refusals.ts';
import { recalling } from '../../src/lib/look/recall.ts';
import type { Ports } from '../../src/lib/ports/ports.ts';
import { known, unreadable } from '../../src/lib/words/fact.ts';
import { firedAlert, nowMs } from '../lib/facts.ts';
import type { Model } from './model.ts';

export interface Azure {
  readonly ports: Pick<Ports, 'azure' | 'actions'>;
  /** Time passes until this instant. */
  advance(nowMs: number): Promise<void>;
  /** A host died: what it remembered is gone. */
  forget(): void;
  /** How many grants pullmedic made, and how many of them are there still. */
  grants(): { readonly made: number; readonly left: number };
  /** The app of every restart that was asked for. */
  restarts(): readonly string[];
  /** States that alerts were set to, in order. */
  alertsSet(): readonly AlertState[];
  /** How many new revisions were asked for. */
  newRevisions(): number;
}

function keyOf(grant: Grant): string {
  return [grant.registryId, grant.principalId, grant.roleId, grant.repository ?? ''].join('|');
}

/** The Azure of a model world. */
export function modelAzure(model: Model): Azure {
  let atMs = nowMs;
  const granted = new Map<string, number>();
  const made: number[] = [];
  const restarted: { readonly app: string; readonly atMs: number }[] = [];
  const revised: { readonly suffix: string; readonly atMs: number }[] = [];
  const alertsSet: AlertState[] = [];
  const now = (): number => atMs;
  const reads: Ports['azure'] = {
    async probe(probe, target) {
      const changes = {
        grantedAtMs: [...granted.values()][0],
        undone: made.length > granted.size,
        restartedAtMs: restarted.findLast((one) => one.app === target.appId)?.atMs,
        revised: revised[0],
      };
      const evidence = model.read(changes, atMs, target.appId);
      return { facts: { [probe]: evidence[probe] ?? unreadable('not-asked') }, calls: 1 };
    },
    findApps: async () => unreadable('not-asked'),
    listApps: async () => unreadable('not-asked'),
    listed: async () => undefined,
    assignee: async () => unreadable('not-asked'),
    scarce: () => false,
  };
  let azure = recalling(reads, now);
  return {
    ports: {
      get azure() {
        return azure;
      },
      actions: {
        async grant(grant, _by, lastCheck) {
          // The name follows from the grant: doing it twice is doing it once.
          if (granted.has(keyOf(grant))) return { outcome: 'already-there' };
          const refusal = await lastCheck();
          if (refusal !== undefined) return { outcome: 'withheld', because: codeOf(refusal) };
          granted.set(keyOf(grant), atMs);
          made.push(atMs);
          return { outcome: 'done', undo: 'x' };
        },
        findGrant: async (grant) => ({ read: true, value: granted.has(keyOf(grant)) }),
        readMade: async (grant) =>
          known(granted.has(keyOf(grant)) ? { kind: 'ours', assignment: 'x' } : { kind: 'gone' }),
        async removeGrant(grant, _by, lastCheck) {
          const refusal = await lastCheck();
          if (refusal !== undefined) return { outcome: 'withheld', because: codeOf(refusal) };
          return { outcome: granted.delete(keyOf(grant)) ? 'removed' : 'already-gone' };
        },
        async restart(app, _revision, lastCheck) {
          const refusal = await lastCheck();
          if (refusal !== undefined) return { outcome: 'withheld', because: codeOf(refusal) };
          restarted.push({ app, atMs });
          return { outcome: 'done' };
        },
        async newRevision(_app, suffix, _template, lastCheck) {
          const refusal = await lastCheck();
          if (refusal !== undefined) return { outcome: 'withheld', because: codeOf(refusal) };
          revised.push({ suffix, atMs });
          return { outcome: 'unknown', because: 'accepted' };
        },
        async start(app, lastCheck) {
          const refusal = await lastCheck();
          if (refusal !== undefined) return { outcome: 'withheld', because: codeOf(refusal) };
          restarted.push({ app, atMs });
          return { outcome: 'done' };
        },
        readAlert: async () => known({ ...firedAlert, state: alertsSet.at(-1) ?? 'New' }),
        async setAlert(_alert, state, lastCheck) {
          const refusal = await lastCheck();
          if (refusal !== undefined) return { outcome: 'withheld', because: codeOf(refusal) };
          alertsSet.push(state);
          return { outcome: 'done' };
        },
      },
    },
    async advance(untilMs) {
      const { removesAtMs } = model;
      if (removesAtMs !== undefined && atMs < removesAtMs && untilMs >= removesAtMs) granted.clear();
      atMs = untilMs;
    },
    forget() {
      azure = recalling(reads, now);
    },
    alertsSet: () => alertsSet,
    grants: () => ({ made: made.length, left: granted.size }),
    restarts: () => restarted.map(({ app }) => app),
    newRevisions: () => revised.length,
  };
}
