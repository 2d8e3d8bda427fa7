// Rows of the index for tests of searches and lists.
import type { IndexRow } from '../../src/lib/history/index-row.ts';
import type { RowFacts } from '../../src/lib/history/row-facts.ts';
import { remediationIdOf, type TargetId } from '../../src/lib/words/target.ts';
import { appId, arm, image, minute, nowMs } from './facts.ts';

/** The id of the target with this number. */
export function targetNumber(at: number): TargetId {
  return `t${String(at).padStart(24, '0')}` as TargetId;
}

/** A live row that was opened so many minutes ago; `facts` says what differs from a missing role that waits. */
export function liveRow(at: number, facts: Partial<RowFacts> = {}, more: Partial<IndexRow> = {}): IndexRow {
  const appName = facts.appName ?? `ca-${at}`;
  const openedAtMs = nowMs - at * minute;
  return {
    remediation: remediationIdOf(targetNumber(at), 1),
    targetId: targetNumber(at),
    appId: arm(appId.replace(/[^/]+$/, `ca-${at}`)),
    closed: false,
    needsPerson: facts.state === 'needs-person' || facts.state === 'needs-approval',
    asleep: false,
    dueAtMs: nowMs + minute,
    seq: 3,
    updatedAtMs: openedAtMs,
    openedAtMs,
    facts: {
      appName,
      image,
      registry: 'acrshop.azurecr.io',
      state: 'waiting',
      openedAtMs,
      causes: ['pull-role-missing'],
      sure: 'confirmed',
      refused: [],
      ...facts,
    },
    ...more,
  };
}

/** The same, ended a minute after it was opened. */
export function endedRow(
  at: number,
  how: 'recovered' | 'withdrawn' = 'recovered',
  facts: Partial<RowFacts> = {},
): IndexRow {
  const row = liveRow(at, { state: 'closed', ...facts });
  const closedAtMs = nowMs - at * minute + minute;
  const because = how === 'recovered' ? 'pulled-and-ready' : 'superseded';
  const closed = { how, because, atMs: closedAtMs } as const;
  const recovered = how === 'recovered' ? { recoveredAtMs: closedAtMs } : {};
  return {
    ...row,
    closed: true,
    closedAtMs,
    ...(row.facts === undefined ? {} : { facts: { ...row.facts, closed, ...recovered } }),
  };
}
