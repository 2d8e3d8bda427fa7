// The buttons of a page: links to the page that shows what would be done and asks for a yes. A person for whom they would not work sees why.

import { versionOfLetter } from '../answers/message-proposals.ts';
import { assignmentVersion } from '../answers/subject-facts.ts';
import { neverSet } from '../answers/switch-proposals.ts';
import { addressOf, type Intent, type Verb, wholeDeployment } from '../answers/verbs.ts';
import type { NotedQuestion } from '../incidents/incident.ts';
import type { KillSwitchState } from '../ports/controls.ts';
import type { DeadLetter } from '../ports/upkeep.ts';
import { type Html, html } from './html.ts';
import { sayWhyNot, type Viewer } from './viewer.ts';
import type { RemediationView } from './views.ts';

/** Buttons for these intents; words where the viewer may not answer; nothing where there is nothing to do. */
export function answerButtons(viewer: Viewer | undefined, intents: readonly Intent[]): Html | undefined {
  if (viewer === undefined || intents.length === 0) return undefined;
  if (!viewer.mayAnswer) return html`<p class="meta">${sayWhyNot(viewer)}</p>`;
  return html`<p class="answers">${intents.map(
    (intent) => html`<a class="button ${intent.verb}" href="${addressOf(intent)}">${buttonWords[intent.verb]}</a> `,
  )}</p>`;
}

/** Each leads to a page that says what would be done, hence the dots. */
const buttonWords: Readonly<Record<Verb, string>> = {
  approve: 'Approve…',
  reject: 'Reject…',
  ask: 'Have it asked again…',
  look: 'Look again…',
  undo: 'Take the grant back…',
  'undo-anyway': 'Take it back all the same…',
  forget: 'Forget the refusal…',
  replay: 'Send it again…',
  dismiss: 'Dismiss…',
  'switch-on': 'Turn the kill switch on…',
  'switch-off': 'Turn the kill switch off…',
};

/** What an operator can do about a remediation now, beside answering what pullmedic asks. `undo`: the settings allow it. */
export function otherIntents(view: RemediationView, undo: boolean): readonly Intent[] {
  return [...(undo ? undoIntents(view) : []), ...refusalIntents(view), intent('look', view.id, '')];
}

/** Answers to a question that an incident names. */
export function notedIntents({ remediation, question, says }: NotedQuestion): readonly Intent[] {
  const number = String(question);
  if (says === 'answered') return [];
  return says === 'asked'
    ? [intent('approve', remediation, number), intent('reject', remediation, number)]
    : [intent('ask', remediation, number)];
}

type Asked = Pick<RemediationView, 'id' | 'approval' | 'closed'>;

/** True if a yes still allows a change: it was not used up, it has not ended, and neither has the remediation. */
export function mayStillChange({ approval, closed }: Asked, nowMs: number): boolean {
  const { state, usedAtMs, endsAtMs = Number.POSITIVE_INFINITY } = approval ?? {};
  return state === 'approved' && usedAtMs === undefined && closed === undefined && nowMs < endsAtMs;
}

/** Answers to the question of a remediation, where it takes one. */
export function questionIntents(view: Asked, nowMs: number): readonly Intent[] {
  const { id, approval } = view;
  if (approval === undefined) return [];
  const question = String(approval.question);
  switch (approval.state) {
    case 'pending':
      return [intent('approve', id, question), intent('reject', id, question)];
    case 'approved':
      return mayStillChange(view, nowMs) ? [intent('reject', id, question)] : [];
    case 'expired':
      return [intent('ask', id, question)];
    case 'rejected':
      return [];
  }
}

/** Where an undo was refused because others may rely on the assignment, a person can want it all the same. */
function undoIntents({ id, undo }: RemediationView): readonly Intent[] {
  if (undo?.state !== 'possible' && undo?.state !== 'refused' && undo?.state !== 'failed') return [];
  const isRelied = undo.because.some((code) => code === 'undo: others-rely' || code === 'undo: reliance-unreadable');
  return [intent(isRelied ? 'undo-anyway' : 'undo', id, assignmentVersion(undo.assignment))];
}

function refusalIntents({ id, bound }: RemediationView): readonly Intent[] {
  return bound === undefined ? [] : [intent('forget', id, String(bound.atMs))];
}

/** What an operator can do about a kept message. */
export function messageIntents(letter: DeadLetter): readonly Intent[] {
  const version = versionOfLetter(letter);
  const dismissing = intent('dismiss', letter.id, version);
  return letter.kind === 'unreadable' ? [dismissing] : [intent('replay', letter.id, version), dismissing];
}

/** The other setting of the kill switch. `on` is what counts now: a switch that cannot be read counts as on, and can be turned on for sure. */
export function switchIntents(on: boolean, setting: KillSwitchState | undefined): readonly Intent[] {
  const version = setting?.version ?? neverSet;
  if (!on) return [intent('switch-on', wholeDeployment, version)];
  return [intent(setting?.on === true ? 'switch-off' : 'switch-on', wholeDeployment, version)];
}

function intent(verb: Verb, subject: string, shown: string): Intent {
  return { verb, subject, shown };
}
