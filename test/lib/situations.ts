// Situations to decide on, as production comes to them: a history that was folded from its entries, and a last look that was concluded from
// the evidence. A test says what Azure shows and what happened before; everything else follows.
import type { Cause } from '../../src/lib/causes/causes.ts';
import { decide } from '../../src/lib/decision/decide.ts';
import {
  type DecisionInput,
  decisionInputOf,
  type Situation,
  type Standing,
} from '../../src/lib/decision/decision-input.ts';
import { noCalls } from '../../src/lib/evidence/calls.ts';
import type { Evidence } from '../../src/lib/evidence/evidence.ts';
import { nothingRemembered } from '../../src/lib/history/access-memory.ts';
import type { Diagnosis } from '../../src/lib/history/diagnosis.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import { foldTarget } from '../../src/lib/history/fold.ts';
import type { StoredEntry } from '../../src/lib/history/ledger.ts';
import type { TargetHistory } from '../../src/lib/history/state.ts';
import { lookEntry } from '../../src/lib/remediation/look.ts';
import { known } from '../../src/lib/words/fact.ts';
import { config, minute, nowMs, roleMissing, signal, target, targetId } from './facts.ts';

/** What happened before the last look: an entry, or an earlier look at this evidence, which may have concluded something else. */
export type Earlier = { readonly agoMs: number } & (
  | { readonly entry: Entry }
  | { readonly saw: Evidence; readonly diagnosis?: Diagnosis }
);

/** What a test may say besides the evidence of the last look. */
export interface Story extends Partial<Standing> {
  readonly openedAgoMs?: number;
  /** Entries without a time were written a moment ago. */
  readonly past?: readonly (Earlier | Entry)[];
  /** What the last look concluded, where a test wants a conclusion that takes long to arrange. */
  readonly diagnosis?: Diagnosis;
}

/** The decision after a look at this evidence, which was made now. */
export function decideOn(evidence: Evidence, story: Story = {}): ReturnType<typeof decide> {
  return decide(situation(evidence, story), standing(story));
}

/** The diagnosis of a cause that is confirmed and the only one, of a network that lets the pull through. */
export function provedAlone(cause: Cause): Diagnosis {
  return {
    causes: [cause],
    sure: 'confirmed',
    for: [],
    against: [],
    network: 'allows',
    roleSinceMs: nowMs,
    detail: {},
  };
}

/** The same situation, as rules and guards get it. */
export function decisionInput(evidence: Evidence = roleMissing, story: Story = {}): DecisionInput {
  return decisionInputOf(situation(evidence, story), standing(story));
}

/** How a deployment stands that may do everything. */
function standing({ openedAgoMs: _opened, past: _past, diagnosis: _found, ...more }: Story): Standing {
  return {
    nowMs,
    config: config(),
    killSwitch: known(false),
    ledger: known([]),
    awakeSinceMs: known(nowMs - 30 * 24 * 60 * minute),
    undone: known([]),
    access: known(nothingRemembered),
    restarts: known([]),
    starts: known([]),
    beside: known([]),
    refusedRestarts: known([]),
    ...more,
  };
}

/** The situation after a look at this evidence, which was made now. */
function situation(evidence: Evidence, story: Story): Situation {
  const { openedAgoMs = 5000, past = [], nowMs: at = nowMs } = story;
  const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
  let entries: readonly StoredEntry<Entry>[] = [{ seq: 1, atMs: at - openedAgoMs, entry: opened }];
  const add = (atMs: number, entry: Entry): void => {
    entries = [...entries, { seq: entries.length + 1, atMs, entry }];
  };
  for (const one of past) {
    if ('kind' in one) add(at - Math.min(openedAgoMs, 4000), one);
    else add(at - one.agoMs, 'entry' in one ? one.entry : looked(foldTarget(targetId, entries), one.saw, one));
  }
  add(at, looked(foldTarget(targetId, entries), evidence, story));
  return { look: { evidence }, past: foldTarget(targetId, entries) };
}

/** What a look at this evidence records. */
function looked(history: TargetHistory, evidence: Evidence, { diagnosis }: Pick<Story, 'diagnosis'>): Entry {
  const remediation = history.remediations.at(-1);
  if (remediation === undefined) throw new Error('A history begins with its opening.');
  const entry = lookEntry(history, remediation, { evidence, calls: 1, sent: noCalls, recalled: [] }, false);
  return diagnosis === undefined ? entry : { ...entry, diagnosis };
}
