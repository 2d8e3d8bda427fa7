// Does what a form says, once the form is known to be ours. Each verb is bound to what was shown; a refusal changes nothing.

import { undoableGrant } from '../history/queries.ts';
import { dismiss, type Replayed, replay } from '../intake/dead-letter.ts';
import { type Answered, answerQuestion, askAgain, readQuestion } from '../remediation/approval.ts';
import { type Forgotten, forgetRefusal } from '../remediation/forget-refusal.ts';
import { type KillSwitchAnswer, setKillSwitch } from '../remediation/kill-switch.ts';
import { askUndo, type UndoAsked } from '../remediation/undo.ts';
import { lookWanted } from '../signals/operator.ts';
import {
  type Answering,
  heldBack,
  type Impossible,
  impossible,
  noSuchMessage,
  noSuchRemediation,
  type Proposal,
  switchedSince,
} from './answering.ts';
import { anotherRefusal } from './grant-proposals.ts';
import { cannotBeSent } from './message-proposals.ts';
import { propose } from './propose.ts';
import { assignmentVersion } from './subject-facts.ts';
import { neverSet, settingUnread } from './switch-proposals.ts';
import type { Intent } from './verbs.ts';

/** The person who answers, as histories name one, and the reason where one was given. */
export interface Giver {
  readonly by: string;
  readonly why?: string;
}

/** `held`: it is recorded, and the kill switch keeps back the change for now. */
export type Given = { readonly kind: 'given'; readonly held: boolean } | Impossible;

/**
 * Gives the answer, after reading once more that it is still possible as it was shown. Throws when the store fails while it is written, and
 * `Busy` when too many others write: then it may have been recorded or not.
 */
export async function give(answering: Answering, intent: Intent, giver: Giver): Promise<Given> {
  const now = await readAgain(answering, intent);
  if (now.kind === 'impossible') return now;
  const refusal = await done(answering, intent, giver);
  if (refusal !== undefined) return refusal;
  return { kind: 'given', held: now.held !== undefined && (await heldBack(answering)).held !== undefined };
}

/** Nothing is written yet, so a store that fails here leaves no doubt. */
async function readAgain(answering: Answering, intent: Intent): Promise<Proposal | Impossible> {
  try {
    return await propose(answering, intent);
  } catch {
    return impossible(503, 'What this is about cannot be read now. Try again in a minute.');
  }
}

async function done(answering: Answering, intent: Intent, giver: Giver): Promise<Impossible | undefined> {
  const { ports, upkeep } = answering;
  const { verb, subject, shown } = intent;
  switch (verb) {
    case 'approve':
    case 'reject': {
      const answer = verb === 'approve' ? 'approved' : 'rejected';
      return ofAnswer(await answerQuestion(ports, subject, { answer, question: Number(shown), ...giver }));
    }
    case 'ask': {
      const asked = await askAgain(ports, subject, { question: Number(shown), ...giver });
      return asked.kind === 'asked' ? undefined : movedOn;
    }
    case 'look':
      return look(answering, intent, giver);
    case 'undo':
    case 'undo-anyway':
      return undo(answering, intent, giver);
    case 'forget':
      return ofForgetting(await forgetRefusal(ports, subject, { why: '', ...giver, refusedAtMs: Number(shown) }));
    case 'replay':
      return ofReplay(await replay(upkeep, ports, subject, giver));
    case 'dismiss':
      return (await dismiss(upkeep, ports, subject, giver)) === 'dismissed' ? undefined : noSuchMessage;
    case 'switch-on':
      return ofSwitch(await setKillSwitch(ports, { on: true, ...giver }));
    case 'switch-off': {
      const seen = shown === neverSet ? {} : { seen: shown };
      return ofSwitch(await setKillSwitch(ports, { on: false, ...giver, ...seen }));
    }
  }
}

const movedOn = impossible(409, 'This changed at this very moment. Look at the page again first.');

async function look({ ports }: Answering, { subject }: Intent, giver: Giver): Promise<Impossible | undefined> {
  const found = await readQuestion(ports, subject);
  if (found === undefined) return noSuchRemediation;
  await ports.queue.sendSignal(lookWanted(found.remediation.target.appId, ports.now(), giver), ports.now());
  ports.log('signal-accepted', { via: 'operator' });
  return undefined;
}

async function undo(
  { ports, config }: Answering,
  { verb, subject, shown }: Intent,
  giver: Giver,
): Promise<Impossible | undefined> {
  const found = await readQuestion(ports, subject);
  const made = found && undoableGrant(found.remediation);
  if (made === undefined || assignmentVersion(made.assignment) !== shown) return movedOn;
  const wish = { ...giver, assignment: made.assignment, ...(verb === 'undo-anyway' ? { anyway: true } : {}) };
  return ofUndo(await askUndo(ports, config, subject, wish));
}

function ofAnswer(answered: Answered): Impossible | undefined {
  switch (answered.kind) {
    case 'answered':
      return undefined;
    case 'not-found':
      return noSuchRemediation;
    case 'expired':
      return impossible(410, 'The question has expired. You can have it asked again on the page.');
    case 'already-answered':
      return impossible(409, 'The question was answered at this very moment. The page shows by whom.');
    case 'nothing-asked':
    case 'another-question':
      return movedOn;
  }
}

function ofUndo(asked: UndoAsked): Impossible | undefined {
  switch (asked) {
    case 'asked':
      return undefined;
    case 'not-found':
      return noSuchRemediation;
    case 'off':
    case 'nothing-to-undo':
    case 'moved':
      return movedOn;
  }
}

function ofForgetting(forgotten: Forgotten): Impossible | undefined {
  switch (forgotten) {
    case 'forgotten':
      return undefined;
    case 'not-found':
      return noSuchRemediation;
    case 'unreadable':
      return impossible(503, 'The refusals cannot be read now. Try again in a minute.');
    case 'no-refusal':
      return movedOn;
    case 'another':
      return anotherRefusal;
  }
}

function ofReplay(replayed: Replayed): Impossible | undefined {
  switch (replayed) {
    case 'replayed':
      return undefined;
    case 'not-found':
      return noSuchMessage;
    case 'unreadable':
      return cannotBeSent;
  }
}

function ofSwitch(answer: KillSwitchAnswer): Impossible | undefined {
  if (answer.done) return undefined;
  return answer.because === 'unreadable' ? settingUnread : switchedSince(answer.now?.by ?? 'a person');
}
