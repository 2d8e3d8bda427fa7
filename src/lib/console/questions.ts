// A question to a person as pages show it: what pullmedic would do, why it asks, until when an answer counts, and how to answer.

import { answerButtons, mayStillChange, notedIntents, questionIntents } from './answer-forms.ts';
import { type Html, html } from './html.ts';
import { commandBlock, exactInstant, folded, instant } from './pieces.ts';
import { withIdentityName } from './view-words.ts';
import type { Viewer } from './viewer.ts';
import type { ApprovalView, IncidentView, RemediationView } from './views.ts';
import { sayAsked, sayAskedCause, sayRefusal } from './words.ts';

/** The last question of a remediation and how to answer it; nothing where none was asked. */
export function questionBlock(view: RemediationView, nowMs: number, viewer?: Viewer): Html | undefined {
  const { approval } = view;
  if (approval === undefined) return undefined;
  const buttons = answerButtons(viewer, questionIntents(view, nowMs));
  switch (approval.state) {
    case 'approved':
    case 'rejected':
      return html`<p>Question ${approval.question}, to ${sayWhat(view, approval)}: ${approval.state} by ${approval.by}${approvalEnd(approval, mayStillChange(view, nowMs))}.</p>${buttons}`;
    case 'expired':
      return html`<p>Question ${approval.question}, to ${sayWhat(view, approval)}: expired at ${exactInstant(approval.expiresAtMs)}, because no person answered it in time.</p>${buttons}${byCommand(commandBlock('To have it asked again:', command(`ask ${view.id}`)))}`;
    case 'pending':
      return openQuestion(view, approval, nowMs, buttons);
  }
}

/** What pullmedic asks whether it may do, with the identity's name. */
export function sayWhat(view: RemediationView, approval: ApprovalView): string {
  return withIdentityName(sayAsked(approval), view);
}

function openQuestion(view: RemediationView, approval: ApprovalView, nowMs: number, buttons: Html | undefined): Html {
  const answer = (verb: string): string => command(`${verb} ${view.id} --question ${approval.question}`);
  return html`<section class="card bad-edge" id="question"><h2>May pullmedic ${sayWhat(view, approval)}?</h2>
<p>Question ${approval.question}. Cause: ${sayAskedCause(approval.cause, approval.because, view.target.appId)}.${principalOf(view)} It can be answered until ${exactInstant(approval.expiresAtMs)} (${instant(approval.expiresAtMs, nowMs)}).</p>
${approval.because.length === 0 ? undefined : html`<p>It asks because:</p><ul>${approval.because.map((refusal) => html`<li>${sayRefusal(refusal, view.target.appId)}</li>`)}</ul>`}
${buttons}${byCommand(html`${commandBlock('Approve:', answer('approve'))}${commandBlock('Reject:', answer('reject'))}`)}</section>`;
}

/** The same by the command line, for people who are there already. */
function byCommand(commands: Html): Html {
  return folded('By the command line', commands);
}

/** The id that is granted to, beside the name of its identity: an answer is about exactly this principal. */
function principalOf({ pullsAs, approval }: RemediationView): string {
  const granted = approval !== undefined && 'grant' in approval ? approval.grant.principalId : undefined;
  return granted === undefined || granted !== pullsAs?.principalId
    ? ''
    : ` ${pullsAs.name} is the principal ${granted}.`;
}

/** Answers need the person's own sign-in, so a page shows the commands that sign in. */
function command(words: string): string {
  return `pullmedic ${words} --url "https://<function app>"`;
}

/** Whether an approval was used up, or until when it holds. */
function approvalEnd({ usedAtMs, endsAtMs }: ApprovalView, holds: boolean): string {
  if (usedAtMs !== undefined) return `, used at ${exactInstant(usedAtMs)}`;
  return endsAtMs === undefined || !holds ? '' : `, good until ${exactInstant(endsAtMs)}`;
}

/** Questions about the apps of an incident, each in one line. `members` are its remediations: they know the names of their identities. */
export function questionLines(
  { questions, state }: IncidentView,
  { nowMs, viewer }: { readonly nowMs: number; readonly viewer?: Viewer | undefined },
  members: readonly RemediationView[] = [],
): Html | undefined {
  if (state !== 'open' || questions.length === 0) return undefined;
  return html`${questions.map((noted) => {
    const { remediation, app, question, says, expiresAtMs, about, by, answer } = noted;
    const buttons = answerButtons(viewer, notedIntents(noted));
    const name = html`<a href="/api/history/${remediation}">${shortApp(app)}</a>`;
    const member = members.find(({ id }) => id === remediation) ?? {};
    const what = about === undefined ? '' : `, to ${withIdentityName(sayAsked(about), member)},`;
    if (says === 'answered')
      return html`<p>Question ${question} about ${name} was answered${answer === undefined ? '' : `: ${answer}`}${by === undefined ? '' : ` by ${by}`}.</p>`;
    return says === 'asked'
      ? html`<p><strong>Question ${question}</strong> about ${name}${what} was asked; it can be answered until ${exactInstant(expiresAtMs)} (${instant(expiresAtMs, nowMs)}).</p>${buttons}`
      : html`<p>Question ${question} about ${name} expired at ${exactInstant(expiresAtMs)}: no person answered it in time. It can be asked again.</p>${buttons}`;
  })}`;
}

function shortApp(app: string): string {
  return app.split('/').at(-1) ?? app;
}
