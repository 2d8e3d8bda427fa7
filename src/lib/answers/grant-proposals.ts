// What taking a grant back would do, and what forgetting the refusal of one would.

import { isUndoing, undoableGrant } from '../history/queries.ts';
import { sayRefusal } from '../history/refusal-words.ts';
import type { Remediation } from '../history/state.ts';
import { sayGrant } from '../incidents/question-words.ts';
import { readQuestion } from '../remediation/approval.ts';
import { readRefusal } from '../remediation/forget-refusal.ts';
import { sayInstant } from '../words/say-instant.ts';
import {
  type Answering,
  heldBack,
  type Impossible,
  impossible,
  noSuchRemediation,
  type Proposal,
} from './answering.ts';
import { assignmentVersion, factsOf, factsOfGrant, namingIdentity } from './subject-facts.ts';
import type { Intent } from './verbs.ts';

export async function proposeUndo(
  answering: Answering,
  { verb, subject, shown }: Intent,
): Promise<Proposal | Impossible> {
  const { ports, config } = answering;
  const found = await readQuestion(ports, subject);
  if (found === undefined) return noSuchRemediation;
  const { remediation } = found;
  const made = undoableGrant(remediation);
  const refusal = whyNoUndo(remediation, config.settings.undo);
  if (refusal !== undefined || made === undefined) return refusal ?? nothingToUndo;
  if (assignmentVersion(made.assignment) !== shown)
    return impossible(409, 'This is not the assignment that was shown to you. Look at the page again first.');
  const app = remediation.target.appName;
  const others =
    verb === 'undo'
      ? 'Where another app or remediation relies on the assignment, pullmedic removes nothing and names them.'
      : 'pullmedic removes it although others may rely on it. What relies on it cannot pull from this registry afterwards.';
  return {
    kind: 'possible',
    ...(await heldBack(answering)),
    title: `Take back ${namingIdentity(sayGrant(made.grant), remediation)}?`,
    facts: [
      ...factsOf(remediation),
      ...factsOfGrant(made.grant, remediation),
      { name: 'Assignment', value: made.assignment },
    ],
    does: [
      `pullmedic removes the role assignment that it made for ${app}, if it still reads as pullmedic made it, and nothing else.`,
      others,
      'pullmedic does not make this grant again unless a person approves it.',
    ],
    doubts:
      verb === 'undo' ? [] : (remediation.undo?.refusals ?? []).map((one) => sayRefusal(one, remediation.target.appId)),
    button: 'Take the grant back',
  };
}

const nothingToUndo = impossible(
  409,
  'There is nothing to take back: this remediation made no assignment of its own, or the assignment was removed already.',
);

function whyNoUndo(remediation: Remediation, isAllowed: boolean): Impossible | undefined {
  if (!isAllowed)
    return impossible(
      409,
      'Taking grants back is off. Set "undo": true in PULLMEDIC_SETTINGS, or use the undo command of the runbook.',
    );
  if (isUndoing(remediation))
    return impossible(409, 'A person has asked for it already, and pullmedic is about to do it.');
  return undoableGrant(remediation) === undefined ? nothingToUndo : undefined;
}

export async function proposeForgetting(
  { ports }: Answering,
  { subject, shown }: Intent,
): Promise<Proposal | Impossible> {
  const found = await readRefusal(ports, subject);
  switch (found.kind) {
    case 'not-found':
      return noSuchRemediation;
    case 'no-refusal':
      return impossible(409, 'No refusal binds the grant of this remediation: there is nothing to forget.');
    case 'unreadable':
      return impossible(503, 'The refusals cannot be read now. Try again in a minute.');
    case 'found': {
      const { refused, remediation, grant } = found;
      if (String(refused.atMs) !== shown) return anotherRefusal;
      return {
        kind: 'possible',
        title: `Forget the refusal that binds ${remediation.target.appName}?`,
        facts: [
          ...factsOf(remediation),
          ...factsOfGrant(grant, remediation),
          { name: 'Refused', value: sayRefused(refused) },
        ],
        does: [
          'Every refusal of this identity on this registry is forgotten, for every app and image. pullmedic then decides anew.',
          'What speaks against the grant otherwise still does, and nothing is granted by forgetting.',
        ],
        doubts: [],
        button: 'Forget the refusal',
      };
    }
  }
}

export const anotherRefusal = impossible(409, 'Another refusal binds the grant by now. Look at the page again first.');

function sayRefused({ how, by, atMs }: { readonly how: string; readonly by?: string; readonly atMs: number }): string {
  const when = sayInstant(atMs);
  return how === 'rejected'
    ? `by ${by ?? 'a person'}, ${when}`
    : `${when}: a question about it expired without an answer`;
}
