// Situations to decide on, as production comes to them: a history that was folded from its entries, and a last look that was concluded from
// the evidence. A test says what Azure shows and what happened before; everything else follows.
import { classify } from '../../../src/lib/classify/classify.ts';
import type { GuardInput } from '../../../src/lib/decision/guard.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import { distinctSuspicions, judgeProgress, pulledBefore, readRows } from '../../../src/lib/diagnosis/recovery.ts';
import { activeRevisions, type Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { foldTarget } from '../../../src/lib/history/fold.ts';
import type { StoredEntry } from '../../../src/lib/history/ledger.ts';
import type { TargetHistory } from '../../../src/lib/history/state.ts';
import { known, type Unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import { config, minute, nowMs, signal, target, targetId } from '../facts.ts';

/** What happened before the last look: an entry, or an earlier look at this evidence. */
export type Earlier = { readonly agoMs: number } & ({ readonly entry: Entry } | { readonly saw: Evidence });

/** What a test may say besides the evidence of the last look. */
interface Story extends Partial<Pick<GuardInput, 'config' | 'killSwitch' | 'ledger' | 'undone' | 'awakeSinceMs'>> {
  readonly openedAgoMs?: number;
  readonly past?: readonly Earlier[];
}

/** The situation after a look at this evidence, which was made now. */
export function situation(evidence: Evidence, { openedAgoMs = 5000, past = [], ...standing }: Story = {}): GuardInput {
  const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
  let entries: readonly StoredEntry<Entry>[] = [{ seq: 1, atMs: nowMs - openedAgoMs, entry: opened }];
  for (const one of [...past, { agoMs: 0, saw: evidence }]) {
    const entry = 'entry' in one ? one.entry : looked(foldTarget(targetId, entries), one.saw);
    entries = [...entries, { seq: entries.length + 1, atMs: nowMs - one.agoMs, entry }];
  }
  const history = foldTarget(targetId, entries);
  const remediation = history.remediations.at(-1);
  if (remediation?.look === undefined) throw new Error('A situation ends with a look.');
  return {
    nowMs,
    config: config(),
    target,
    evidence,
    diagnosis: remediation.look.diagnosis,
    remediation,
    history,
    killSwitch: known(false),
    ledger: known([]),
    awakeSinceMs: known(nowMs - 30 * 24 * 60 * minute),
    undone: known([]),
    ...standing,
  };
}

/** What a look at this evidence records. */
function looked(history: TargetHistory, evidence: Evidence): Entry {
  const remediation = history.remediations.at(-1);
  if (remediation === undefined) throw new Error('A history begins with its opening.');
  const rows = readRows(target, evidence, (row) => classify(row.text, { reason: row.reason, type: row.severity }));
  const suspicions = distinctSuspicions(rows);
  const before = pulledBefore(target, evidence, valueOf(evidence.logs) ?? [], 0);
  const unread = Object.entries(evidence).flatMap(([name, fact]: [string, unknown]) =>
    typeof fact === 'object' && fact !== null && 'why' in fact ? [{ name, why: fact.why as Unreadable }] : [],
  );
  return {
    kind: 'looked',
    suspicions,
    diagnosis: diagnose({ target, evidence, suspicions, pulledBefore: before }),
    progress: judgeProgress(target, evidence, remediation, rows),
    revisions: activeRevisions(target, evidence).map(({ name }) => name),
    unread: unread.map(({ name }) => name),
    clouded: unread.some(({ why }) => ['throttled', 'timed-out', 'unavailable', 'over-budget'].includes(why)),
    calls: 1,
  };
}
