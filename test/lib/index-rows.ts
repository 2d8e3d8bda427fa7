// A row of the index: of the first remediation of a target, open and due at the instant of the tests, unless a test says otherwise.
import type { IndexRow } from '../../src/lib/history/index-row.ts';
import { remediationIdOf } from '../../src/lib/words/target.ts';
import { appId, nowMs, targetId } from './facts.ts';

export function indexRow(more: Partial<IndexRow> = {}): IndexRow {
  return {
    remediation: remediationIdOf(more.targetId ?? targetId, 1),
    targetId,
    appId,
    closed: false,
    needsPerson: false,
    asleep: false,
    dueAtMs: nowMs,
    seq: 1,
    updatedAtMs: nowMs,
    openedAtMs: nowMs,
    ...more,
  };
}
