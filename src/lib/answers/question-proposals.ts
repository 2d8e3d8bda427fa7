// What an answer to a question would do, and what asking it again or looking again would.

import { type Approval, approvalLastsMs } from '../history/approval.ts';
import { sayRefusal } from '../history/refusal-words.ts';
import type { Refusal } from '../history/refusals.ts';
import { sayAsked, sayAskedCause } from '../incidents/question-words.ts';
import { readQuestion } from '../remediation/approval.ts';
import type { ArmId } from '../words/arm-id.ts';
import { sayInstant } from '../words/say-instant.ts';
import {
  type Answering,
  heldBack,
  type Impossible,
  impossible,
  noSuchRemediation,
  type Proposal,
} from './answering.ts';
import { factsOf, factsOfAsked, namingIdentity, type SubjectFact } from './subject-facts.ts';
import type { Intent } from './verbs.ts';

const minutes = approvalLastsMs / 60_000;

/** A yes or a no to the question that was shown; a no also where a yes to it still allows its change. */
export async function proposeAnswer(
  answering: Answering,
  { verb, subject, shown }: Intent,
): Promise<Proposal | Impossible> {
  const found = await readQuestion(answering.ports, subject);
  if (found === undefined) return noSuchRemediation;
  const { open, revocable, remediation } = found;
  const asked = [open, verb === 'reject' ? revocable : undefined].find((one) => String(one?.question) === shown);
  if (asked === undefined) return notThatQuestion(open);
  const { question, about, doubts } = asked;
  const app = remediation.target.appName;
  const common = {
    kind: 'possible',
    facts: [
      ...factsOf(remediation),
      ...factsOfAsked(about, remediation),
      ...factsOfQuestion(asked, remediation.target.appId),
    ],
    ...reasonsOf(doubts, remediation.target.appId),
  } as const;
  if (verb === 'reject')
    return { ...common, title: `Reject question ${question} about ${app}?`, does: afterNo(asked), button: 'Reject' };
  const does = [
    `pullmedic will ${namingIdentity(sayAsked(about), remediation)}, for ${app}. It reads the facts once more right before, and leaves it where one of them has changed.`,
    `Your yes allows this change and no other, and ends after ${minutes} minutes.`,
  ];
  const title = `Approve question ${question} about ${app}?`;
  return { ...common, ...(await heldBack(answering)), title, does, button: 'Approve' };
}

/** The mode makes pullmedic ask and speaks against nothing; every other doubt does. */
function reasonsOf(doubts: readonly Refusal[], of: ArmId): Pick<Proposal, 'asks' | 'doubts'> {
  const said = (some: readonly Refusal[]): readonly string[] => some.map((doubt) => sayRefusal(doubt, of));
  return {
    asks: said(doubts.filter(({ guard }) => guard === 'mode')),
    doubts: said(doubts.filter(({ guard }) => guard !== 'mode')),
  };
}

function notThatQuestion(open: Approval | undefined): Impossible {
  return open === undefined
    ? impossible(409, 'pullmedic asks nothing here now: the question was answered, withdrawn, or has expired.')
    : impossible(
        409,
        `This is not the question that was shown to you. Question ${open.question} is open by now. Look at it first.`,
      );
}

function factsOfQuestion(
  { question, cause, doubts, expiresAtMs, answer }: Approval,
  of: ArmId,
): readonly SubjectFact[] {
  const state = answer === undefined ? `open until ${sayInstant(expiresAtMs)}` : `${answer.answer} by ${answer.by}`;
  return [
    { name: 'Cause', value: sayAskedCause(cause, doubts, of) },
    { name: 'Question', value: `${question}, ${state}` },
  ];
}

function afterNo({ about, answer }: Approval): readonly string[] {
  return [
    answer === undefined
      ? 'pullmedic does not make this change.'
      : `This takes back the yes of ${answer.by}. A change that is on its way to Azure at this moment can still arrive.`,
    'grant' in about
      ? 'The no binds every app and image with the same identity on this registry, until a person approves this very grant or has the refusal forgotten.'
      : 'The no binds every remediation of this app.',
  ];
}

export async function proposeAsking({ ports }: Answering, { subject, shown }: Intent): Promise<Proposal | Impossible> {
  const found = await readQuestion(ports, subject);
  if (found === undefined) return noSuchRemediation;
  const { expired, remediation } = found;
  if (expired === undefined || String(expired.question) !== shown)
    return impossible(
      409,
      'Only a question that expired without an answer is asked again, and there is none here now.',
    );
  return {
    kind: 'possible',
    title: `Have question ${expired.question} about ${remediation.target.appName} asked again?`,
    facts: [...factsOf(remediation), ...factsOfAsked(expired.about, remediation)],
    does: ['pullmedic looks again, and asks anew if the change is still needed. Asking changes nothing in Azure.'],
    doubts: [],
    button: 'Have it asked again',
  };
}

export async function proposeLook({ ports, config }: Answering, { subject }: Intent): Promise<Proposal | Impossible> {
  const found = await readQuestion(ports, subject);
  if (found === undefined) return noSuchRemediation;
  const { remediation } = found;
  return {
    kind: 'possible',
    title: `Look at ${remediation.target.appName} now?`,
    facts: factsOf(remediation),
    does: [
      'pullmedic reads the app, its registry, its roles and its network once more. Looking changes nothing in Azure.',
      `What it finds is treated as after any alert: the mode (${config.mode}) and the guards decide what may follow.`,
    ],
    doubts: [],
    button: 'Look now',
  };
}
