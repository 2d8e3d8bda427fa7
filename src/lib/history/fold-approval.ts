// What entries make of the questions of a remediation: asked, asked again, answered, used, withdrawn.

import { type Approval, askedOfChange, covers, isOpen, takesBack, usedOnce } from './approval.ts';
import { type Asked, askedIn, sameAsked } from './asked.ts';
import { leavesQuestionOpen } from './decision.ts';
import type { Entry } from './entries.ts';
import type { Grant } from './grant.ts';

/** The last question about a grant, and the last one about a restart or a new revision. */
export interface Approvals {
  readonly approval?: Approval<{ readonly grant: Grant }>;
  readonly retryApproval?: Approval;
}

/** The question that a person can answer now, if there is one. */
export function openQuestion({ approval, retryApproval }: Approvals, nowMs: number): Approval | undefined {
  return [approval, retryApproval].find((one) => one !== undefined && isOpen(one, nowMs));
}

/** A question that expired without an answer, and that no signal and no person has let be asked again. */
export function expiredQuestion({ approval, retryApproval }: Approvals, nowMs: number): Approval | undefined {
  return [approval, retryApproval].find(
    (one) => one !== undefined && one.answer === undefined && !isOpen(one, nowMs) && one.askableAgain !== true,
  );
}

/** The question that was asked last, whatever became of it; `undefined` where none was asked, or that one was withdrawn. */
export function lastQuestion({ approval, retryApproval }: Approvals): Approval | undefined {
  return (retryApproval?.question ?? 0) > (approval?.question ?? 0) ? retryApproval : approval;
}

/** The question of this number, unless it was withdrawn or another one took its place. */
export function questionOfNumber({ approval, retryApproval }: Approvals, question: number): Approval | undefined {
  return [approval, retryApproval].find((one) => one?.question === question);
}

/** The question about this change, whatever became of it. */
export function questionAbout({ approval, retryApproval }: Approvals, about: Asked): Approval | undefined {
  const last = 'grant' in about ? approval : retryApproval;
  return last !== undefined && sameAsked(last.about, about) ? last : undefined;
}

/**
 * A decision that asks again for what the open question shows continues that question: its number and its time stay. A decision that asks
 * for more, or for something else, is another question. Any other decision withdraws the open question, except one that only looks again
 * because something could not be read, and one that says that it keeps it.
 */
export function afterDecided(
  before: Approvals,
  { decision, refusals }: Entry & { kind: 'decided' },
  question: number,
  atMs: number,
): Approvals {
  switch (decision.do) {
    case 'ask': {
      const wanted = { about: askedIn(decision), cause: decision.cause, doubts: refusals };
      const open = openQuestion(before, atMs);
      if (open !== undefined && covers(open, wanted)) return before;
      return put(withdrawn(before, atMs), { ...wanted, question, askedAtMs: atMs, expiresAtMs: decision.expiresAtMs });
    }
    case 'wait':
      return leavesQuestionOpen(decision) ? before : withdrawn(before, atMs);
    case 'grant':
    case 'restart':
    case 'new-revision': {
      const kept = withdrawn(before, atMs);
      const allowed = questionAbout(kept, askedOfChange(decision));
      const isUnused = allowed?.answer?.answer === 'approved' && allowed.usedAtMs === undefined;
      return allowed !== undefined && isUnused ? put(kept, usedOnce(allowed, atMs)) : kept;
    }
    case 'start':
    case 'incident':
    case 'close':
      return withdrawn(before, atMs);
  }
}

/** Entries of older versions name the grant in place of the question. */
export function afterAnswered(before: Approvals, entry: Entry & { kind: 'answered' }, atMs: number): Approvals {
  const asked =
    entry.question === undefined ? questionAbout(before, askedIn(entry)) : questionOfNumber(before, entry.question);
  if (asked === undefined || (asked.answer !== undefined && !takesBack(asked, entry.answer, atMs))) return before;
  return put(before, { ...asked, answer: { answer: entry.answer, by: entry.by, atMs } });
}

/** A new signal, or a person, lets a question be asked again that expired without an answer. A no is not asked again. */
export function askableAgain(before: Approvals, atMs: number): Approvals {
  const { approval, retryApproval } = before;
  const marked = (one: Approval | undefined): Approval | undefined =>
    one !== undefined && one.answer === undefined && !isOpen(one, atMs) ? { ...one, askableAgain: true } : undefined;
  return [marked(approval), marked(retryApproval)].reduce<Approvals>(
    (now, one) => (one === undefined ? now : put(now, one)),
    {
      ...(approval === undefined ? {} : { approval }),
      ...(retryApproval === undefined ? {} : { retryApproval }),
    },
  );
}

function withdrawn(before: Approvals, atMs: number): Approvals {
  return without(before, (one) => isOpen(one, atMs));
}

function without({ approval, retryApproval }: Approvals, drops: (one: Approval) => boolean): Approvals {
  return {
    ...(approval === undefined || drops(approval) ? {} : { approval }),
    ...(retryApproval === undefined || drops(retryApproval) ? {} : { retryApproval }),
  };
}

function put(before: Approvals, one: Approval): Approvals {
  return isAboutGrant(one) ? { ...before, approval: one } : { ...before, retryApproval: one };
}

function isAboutGrant(one: Approval): one is Approval<{ readonly grant: Grant }> {
  return 'grant' in one.about;
}
