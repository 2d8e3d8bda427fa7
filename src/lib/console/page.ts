// The pages of the history. They show what happened, why, and what to do now; rendered on the server, without script.
// The room console/ holds pages, the JSON beside them, the sentences for each code, and whether pullmedic itself is well. Not
// here: anything that changes a history.

import { sentenceOfRule } from '../decision/rules.ts';
import { sayBinding } from '../history/binding-refusal.ts';
import type { CloseReason } from '../history/closing.ts';
import type { Finding } from '../history/diagnosis.ts';
import type { Entry } from '../history/entries.ts';
import { sayFinding } from '../history/finding-words.ts';
import type { StoredEntry } from '../history/ledger.ts';
import type { Refusal } from '../history/refusals.ts';
import { sayPartly } from '../history/replica-count.ts';
import { sayIncidentEnd, sayRecurrence } from '../incidents/incident-words.ts';
import type { DeadLetter } from '../intake/dead-letter.ts';
import type { KillSwitchState } from '../ports/controls.ts';
import type { Fact } from '../words/fact.ts';
import { valueOf } from '../words/fact.ts';
import { sayRepeats } from '../words/say-repeats.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { layout, type PageName, type Shell } from './layout.ts';
import type { UnreadableView } from './lists.ts';
import { badge } from './pieces.ts';
import { sayRestartsMade, sayRunbookUndo } from './undo-words.ts';
import type { ApprovalView, IncidentView, RemediationView } from './views.ts';
import { sayAsked, sayCause, sayCauseReads, sayEntry, sayRefusal, sayUnread, sayUnreadableHistory } from './words.ts';

/** Shown beside the list: the total, the start of the next page, approval requests of every page, and dead letters. */
export interface Rest {
  readonly next?: string;
  readonly total?: number;
  readonly asked?: readonly RemediationView[];
  readonly dead?: readonly DeadLetter[];
  readonly unreadable?: readonly UnreadableView[];
}

/** The page that lists everything, beginning with what needs a person. */
export function historyPage(
  remediations: readonly RemediationView[],
  incidents: readonly IncidentView[],
  standing: Standing,
  clock: Clock,
  rest: Rest = {},
  { current = 'history', ...shell }: Shell & { readonly current?: PageName } = { nowMs: 0, address: '/api/history' },
): string {
  const open = incidents.filter((incident) => incident.state === 'open');
  const past = incidents.filter((incident) => incident.state !== 'open');
  const { next, total = remediations.length, dead = [], unreadable = [] } = rest;
  const asked = rest.asked ?? remediations.filter((view) => view.state === 'needs-approval');
  const older =
    next === undefined ? undefined : html`<p><a href="/api/history?after=${next}">Older ones</a> (${total} in all)</p>`;
  const none = html`<p class="meta">None.</p>`;
  const membersOf = ({ id }: IncidentView): RemediationView[] => remediations.filter(({ incident }) => incident === id);
  return layout(
    current === 'now' ? 'Now' : 'History',
    current,
    html`<h1>pullmedic</h1><p class="meta">Mode ${standing.mode}. Times are UTC. The same as JSON: <a href="/api/remediations">remediations</a>, <a href="/api/incidents">incidents</a>, <a href="/api/dead-letters">dead letters</a>.</p>
${killSwitchBlock(standing, clock)}
${dead.length === 0 ? undefined : html`<h2>Messages that could not be handled</h2><ul class="cards">${dead.map((letter) => letterCard(letter, clock))}</ul>`}
${asked.length === 0 ? undefined : html`<h2>Waiting for approval</h2><ul class="cards">${asked.map((view) => approvalCard(view, clock))}</ul>`}
${unreadable.length === 0 ? undefined : html`<h2>Histories that cannot be read</h2><ul class="cards">${unreadable.map((view) => unreadableCard(view, clock))}</ul>`}
<h2>Needs a person</h2>${open.length === 0 ? none : html`<ul class="cards">${open.map((incident) => incidentCard(incident, membersOf(incident), clock))}</ul>`}
<h2>Remediations</h2>${remediations.length === 0 ? none : html`<ul class="cards">${remediations.map((view) => card(view, clock))}</ul>`}${older}
<h2>Past incidents</h2>${past.length === 0 ? none : html`<ul class="cards">${past.map((incident) => incidentCard(incident, membersOf(incident), clock))}</ul>`}`,
    shell,
  );
}

/** The state of the whole deployment, as the page shows it. */
export interface Standing {
  readonly mode: string;
  readonly killSwitch: Fact<boolean>;
  /** The person who set the kill switch last, and when. */
  readonly setting: Fact<KillSwitchState | undefined>;
}

/** The state of the kill switch, the person who set it, and the command that turns it the other way. */
function killSwitchBlock({ killSwitch, setting }: Standing, clock: Clock): Html {
  const on = valueOf(killSwitch) ?? true;
  const unread = killSwitch.read ? '' : ' (it could not be read, and that counts as on)';
  const set = valueOf(setting);
  const who = set === undefined ? undefined : html` Set by ${set.by} at ${clock(set.atMs)}.`;
  const seen = on && set !== undefined ? `, "seen": "${set.version}"` : '';
  const body = `{"on": ${on ? 'false' : 'true'}${seen}}`;
  const request = `curl --request POST "https://<function app>/api/kill-switch" ${asOperator} --data '${body}'`;
  return html`<p>Kill switch ${badge(on ? 'on' : 'off')}${unread}.${who}${on ? ' pullmedic changes nothing while it is on.' : undefined}</p>
<details><summary>Turn it ${on ? 'off' : 'on'}</summary><pre>${request}</pre></details>`;
}

/** How much of a message the page shows, in characters. The JSON holds the whole message. */
const mostShown = 400;
/** The host delivers a message five times before it moves it to the poison queue (host.json, maxDequeueCount). */
const deliveriesPerTry = 5;

function letterCard(letter: DeadLetter, clock: Clock): Html {
  const why =
    letter.lastError === undefined ? 'the error could not be recorded' : `the last error was ${letter.lastError}`;
  const verb = letter.kind === 'unreadable' ? 'dismiss' : 'replay';
  const what =
    letter.kind === 'unreadable'
      ? 'is neither a signal nor a step'
      : `failed ${letter.tries * deliveriesPerTry} times; ${why}`;
  return html`<li><p><strong>${letter.kind}</strong> ${badge('dead')} ${what}.</p>
<pre>${letter.message.slice(0, mostShown)}</pre>
<p>${verb === 'replay' ? 'Send it again:' : 'pullmedic cannot read it. Once you have seen it:'}</p>
<pre>${`curl --request POST "https://<function app>/api/dead-letters/${letter.id}/${verb}" ${asOperator} --data '{}'`}</pre>
<p class="meta">${letter.id} · first ${clock(letter.firstAtMs)} · last ${clock(letter.lastAtMs)}</p></li>`;
}

function approvalCard(view: RemediationView, clock: Clock): Html {
  return html`<li><p><a href="/api/history/${view.id}"><strong>${view.target.appName}</strong></a> ${badge(view.state)}</p>
<p>${causeLine(view)}.</p>${approvalBlock(view, clock)}</li>`;
}

const standDownWords: Readonly<Partial<Record<CloseReason, string>>> = {
  'not-a-pull-failure': 'not a pull failure',
  'push-refused': 'the registry refused a push, not a pull',
  'build-refused': 'the registry refused a build, not a pull',
};

function causeLine(view: RemediationView): string {
  if (view.causes.length === 0)
    return (view.closed === undefined ? undefined : standDownWords[view.closed.because]) ?? 'no cause named';
  const now =
    view.causeReads === undefined || view.closed !== undefined ? '' : `; now ${sayCauseReads(view.causeReads)}`;
  const partly = view.partly === undefined ? '' : `; ${sayPartly(view.partly)}`;
  return `${view.causes.map(sayCause).join(' and ')} (${view.sureness ?? 'unexplained'})${now}${partly}`;
}

/** The headers of a request by an operator: the token of the person's own sign-in (docs/operations.md, "Commands"). */
const asOperator = '--header "authorization: Bearer $PULLMEDIC_TOKEN" --header "content-type: application/json"';

/** The question, its deadline, and how to answer it by its number. The console has no buttons yet, so it shows the commands. */
function approvalBlock(view: RemediationView, clock: Clock): Html | undefined {
  const { approval } = view;
  if (approval === undefined) return undefined;
  const what = sayAsked(approval);
  const command = (words: string): string => `pullmedic ${words} --url "https://<function app>"`;
  switch (approval.state) {
    case 'approved':
    case 'rejected':
      return html`<p>Question ${approval.question}, to ${what}: ${approval.state} by ${approval.by}${approvalEnd(approval, clock)}.</p>`;
    case 'expired':
      return html`<p>Question ${approval.question}, to ${what}: expired at ${clock(approval.expiresAtMs)}, because no person answered it in time. To have it asked again:</p><pre>${command(`ask ${view.id}`)}</pre>`;
    case 'pending': {
      const answer = (verb: string): string => command(`${verb} ${view.id} --question ${approval.question}`);
      return html`<p>Question ${approval.question}: asks to ${what}, until ${clock(approval.expiresAtMs)}. Because:</p><ul>${approval.because.map((refusal) => html`<li>${sayRefusal(refusal)}</li>`)}</ul>
<p>Approve:</p><pre>${answer('approve')}</pre><p>Reject:</p><pre>${answer('reject')}</pre>`;
    }
  }
}

/** Whether an approval was used, or until when it holds. */
function approvalEnd({ usedAtMs, endsAtMs }: ApprovalView, clock: Clock): string {
  if (usedAtMs !== undefined) return `, used at ${clock(usedAtMs)}`;
  return endsAtMs === undefined ? '' : `, good for one change until ${clock(endsAtMs)}`;
}

function unreadableCard(view: UnreadableView, clock: Clock): Html {
  const app = view.appId.split('/').at(-1) ?? view.appId;
  return html`<li><p><strong>${app}</strong> ${badge('unreadable')} ${sayUnreadableHistory(view.why)}.</p>
<p class="meta">${view.id} · last written ${clock(view.updatedAtMs)}</p></li>`;
}

/** `members` are the remediations of the incident that this page shows. */
function incidentCard(view: IncidentView, members: readonly RemediationView[], clock: Clock): Html {
  const end = view.because === undefined ? undefined : sayIncidentEnd(view.because, view.left);
  const again = sayRecurrence(view.occurrences, clock(view.sinceMs));
  return html`<li id="${view.id}"><p><strong>${view.title}</strong> ${badge(view.state)}</p>
${again === undefined ? undefined : html`<p><strong>${again}</strong></p>`}${end === undefined ? undefined : html`<p>${end}</p>`}<p>${view.advice}</p><p class="meta">For the ${view.owner} · ${view.cause} (${view.sureness}) · opened ${clock(view.openedAtMs)} · ${view.apps.length} ${view.apps.length === 1 ? 'app' : 'apps'}: ${view.apps.map((app) => app.split('/').at(-1)).join(', ')}</p>
${questionLines(view, clock)}${comparisonLine(view, clock)}${view.commands.map(commandBlock)}<p>Verify:</p><pre>${view.verify}</pre><p>Undo of these commands:</p><pre>${sayRunbookUndo(view.undo)}</pre>${members.map(partlyLine)}${members.map(restartsLine)}</li>`;
}

/** Questions about the apps of an incident: the page of each remediation says how to answer. */
function questionLines({ questions, state }: IncidentView, clock: Clock): Html | undefined {
  if (state !== 'open') return undefined;
  return html`${questions.map(({ remediation, app, question, says, expiresAtMs }) => {
    const name = html`<a href="/api/history/${remediation}">${app.split('/').at(-1) ?? app}</a>`;
    if (says === 'answered') return html`<p>Question ${question} about ${name} was answered.</p>`;
    return says === 'asked'
      ? html`<p>Question ${question} about ${name} was asked; it can be answered until ${clock(expiresAtMs)}.</p>`
      : html`<p>Question ${question} about ${name} expired at ${clock(expiresAtMs)}: no person answered it in time. It can be asked again.</p>`;
  })}`;
}

/** Apps that use the same registry and do not fail. They show the reader at once how far the trouble reaches. */
function comparisonLine({ ready }: IncidentView, clock: Clock): Html | undefined {
  if (ready === undefined) return undefined;
  if (ready.ready.length === 0)
    return html`<p class="meta">At ${clock(ready.atMs)} no other app with images of this registry was ready.</p>`;
  const names = ready.ready.map(
    ({ app, sameEnvironment }) => `${app.split('/').at(-1) ?? app}${sameEnvironment ? ' (same environment)' : ''}`,
  );
  const more = ready.more === 0 ? '' : ` and ${ready.more} more`;
  return html`<p class="meta">Ready with images of the same registry, at ${clock(ready.atMs)}: ${names.join(', ')}${more}.</p>`;
}

function commandBlock(command: IncidentView['commands'][number]): Html {
  return html`<p>${command.title} (${command.language}):</p><pre>${command.text}</pre>`;
}

/** Beside an incident: which of its apps have recovered in part. */
function partlyLine({ partly, target }: RemediationView): Html | undefined {
  return partly === undefined ? undefined : html`<p>${target.appName}: ${sayPartly(partly)}.</p>`;
}

/** A restart or a new revision that pullmedic made, beside the commands that a person can undo. */
function restartsLine(view: RemediationView): Html {
  return html`${sayRestartsMade(view).map((sentence) => html`<p class="meta">${view.target.appName}: ${sentence}</p>`)}`;
}

function card(view: RemediationView, clock: Clock): Html {
  const href = `/api/history/${view.id}`;
  return html`<li><p><a href="${href}"><strong>${view.target.appName}</strong></a> ${badge(view.closed?.how ?? view.state)}</p>
<p>${causeLine(view)}; ${actionLine(view)}.</p>
<p class="meta">${withoutUserinfo(view.target.image)} · opened ${clock(view.openedAtMs)} · ${timesOf(view)}</p></li>`;
}

function actionLine(view: RemediationView): string {
  if (view.actions.length === 0) return 'pullmedic changed nothing';
  return sayRepeats(view.actions.map((action) => `${action.action}: ${action.outcome}`)).join(', ');
}

function timesOf({ times }: RemediationView): string {
  const from = times.failedAtMs ?? times.detectedAtMs;
  const parts = [
    times.failedAtMs === undefined ? undefined : `detected after ${duration(times.detectedAtMs - from)}`,
    times.diagnosedAtMs === undefined ? undefined : `diagnosed after ${duration(times.diagnosedAtMs - from)}`,
    times.recoveredAtMs === undefined ? undefined : `recovered after ${duration(times.recoveredAtMs - from)}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

export type Clock = (atMs: number) => string;

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** One remediation from first signal to close. */
export function remediationPage(
  view: RemediationView,
  entries: readonly StoredEntry<Entry>[],
  clock: Clock,
  shell: Shell = { nowMs: 0, address: '/api/history' },
): string {
  const incident =
    view.incident === undefined
      ? undefined
      : html`<p><a href="/api/history#${view.incident}">Incident ${view.incident}</a></p>`;
  return layout(
    view.target.appName,
    'history',
    html`<p><a href="/api/history">All remediations</a></p><h1>${view.target.appName} ${badge(view.closed?.how ?? view.state)}</h1>
<p>${causeLine(view)}; ${actionLine(view)}.</p><p class="meta">${withoutUserinfo(view.target.image)} · ${timesOf(view)} · <a href="/api/remediations/${view.id}">JSON</a></p>${repeatedLine(view, clock)}${incident}${approvalBlock(view, clock)}${undoBlock(view)}${restartsLine(view)}
<ol class="timeline">${entries.map((stored) => timelineItem(stored, clock))}</ol>`,
    shell,
  );
}

/** Where signals were only counted: how many, since the entries below show the others. */
function repeatedLine({ signals, repeated }: RemediationView, clock: Clock): Html | undefined {
  if (repeated === undefined) return undefined;
  const { count, lastAtMs, lastRevision } = repeated;
  const about = lastRevision === undefined ? '' : ` about ${lastRevision}`;
  return html`<p class="meta">${signals - count} signals are in this history, and ${count.toLocaleString('en-US')} more that repeat them, the last at ${clock(lastAtMs)}${about}.</p>`;
}

/** How a person can undo the grant, or how the undo ended. */
function undoBlock(view: RemediationView): Html | undefined {
  const { undo } = view;
  if (undo === undefined) return undefined;
  if (undo.state === 'possible')
    return html`<p>You can take this grant back, if the settings allow it:</p><pre>PULLMEDIC_TOKEN=&lt;token&gt; pullmedic undo ${view.id} --url "https://&lt;function app&gt;"</pre>`;
  const why = undo.because.length === 0 ? undefined : html` (${undo.because.join(', ')})`;
  return html`<p>Undo, asked for by ${undo.by ?? 'an unknown person'}: ${undo.state}${why}. Assignment: ${undo.assignment}</p>`;
}

function timelineItem(stored: StoredEntry<Entry>, clock: Clock): Html {
  return html`<li><time>${clock(stored.atMs)}</time><p><strong>${sayEntry(stored.entry)}</strong></p>${details(stored.entry)}</li>`;
}

function details(entry: Entry): Html {
  switch (entry.kind) {
    case 'looked':
      return lookDetails(entry);
    case 'decided':
      return html`${reasons('Withheld, because', entry.refusals)}${bindingLine(entry)}${rule(entry.rule)}`;
    case 'outcome':
      return html`${entry.undo === undefined ? undefined : html`<p class="meta">Undo would remove ${entry.undo}</p>`}`;
    case 'undo-asked':
      return html`<p class="meta">Assignment ${entry.assignment}</p>`;
    case 'alert-decided':
      return html`<p class="meta">Alert ${entry.alert}</p>${reasons('Because', entry.refusals)}`;
    case 'undo-decided':
      return html`${reasons('Because', entry.refusals)}${reliedOnBy(entry.reliedOnBy)}`;
    case 'answered':
      return html`${reasons('The question showed', entry.saw ?? [])}`;
    case 'undo-outcome':
    case 'alert-outcome':
    case 'opened':
    case 'asked-again':
    case 'signal-joined':
    case 'incident-linked':
    case 'put-off':
    case 'closed':
      return html``;
  }
}

function lookDetails(entry: Entry & { kind: 'looked' }): Html {
  const { diagnosis, progress, calls, recalled } = entry;
  const isOfACause = diagnosis.serves !== true && !diagnosis.causes.includes('unexplained');
  const unread = entry.unread.length === 0 ? undefined : html`<p>Could not read: ${sayUnread(entry).join(', ')}</p>`;
  const again = recalled === undefined ? '' : ` · read a moment ago: ${recalled.join(', ')}`;
  return html`${findings(isOfACause ? 'Shows the cause' : 'Speaks of a failure', diagnosis.for)}
${findings(`Speaks against ${isOfACause ? 'it' : 'a failure'}, or has nothing to do with it`, diagnosis.against)}
${unread}<p class="meta">Proof of recovery: ${progress.proof} · pulled: ${progress.pulledRow ? 'yes' : 'no'} · ready: ${progress.readyReplica ? 'yes' : 'no'} · ${calls} calls${again}</p>`;
}

function findings(title: string, found: readonly Finding[]): Html | undefined {
  if (found.length === 0) return undefined;
  return html`<p>${title}:</p><ul>${found.map((finding) => html`<li>${sayFinding(finding)}</li>`)}</ul>`;
}

function reasons(title: string, refusals: readonly Refusal[]): Html | undefined {
  if (refusals.length === 0) return undefined;
  return html`<p>${title}</p><ul>${refusals.map((refusal) => html`<li>${sayRefusal(refusal)}</li>`)}</ul>`;
}

/** Who said no to the grant, when, and how a person says otherwise. */
function bindingLine({ bound }: Pick<RemediationView, 'bound'>): Html | undefined {
  return bound === undefined ? undefined : html`<p><strong>A refusal binds.</strong> ${sayBinding(bound)}</p>`;
}

/** The rule that decided. Entries of older versions name none, and those of newer ones may name one that we do not know. */
function rule(name: string | undefined): Html | undefined {
  return name === undefined
    ? undefined
    : html`<p class="meta">Rule ${name}: ${sentenceOfRule(name) ?? 'not known here.'}</p>`;
}

/** The findings of a look, what it could not read, and what it saw of the pull. */
function reliedOnBy(ids: readonly string[] | undefined): Html | undefined {
  return ids === undefined ? undefined : html`<p class="meta">Others rely on the assignment: ${ids.join(', ')}</p>`;
}
