// The page of one incident: what is wrong and whose it is, the apps that fail and those that do not, the commands, and where it was told.

import type { Finding } from '../../history/diagnosis.ts';
import { sayFinding, shortName } from '../../history/finding-words.ts';
import { sayPartly } from '../../history/replica-count.ts';
import { sayIncidentEnd } from '../../incidents/incident-words.ts';
import type { OutboxRow } from '../../incidents/outbox.ts';
import type { Part } from '../../incidents/parts.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { withoutUserinfo } from '../../words/userinfo.ts';
import { nounFor, oneKind } from '../../workloads/sentences.ts';
import { adviceOf, commandsToRun } from '../grant-words.ts';
import { type Html, html } from '../html.ts';
import { comparisonOf, courseOf } from '../incident-parts.ts';
import type { IncidentStory } from '../incident-story.ts';
import { layout, type Shell } from '../layout.ts';
import { asSentence, badge, exactInstant, factList, instant, namedSubscription, sayLength } from '../pieces.ts';
import { questionLines } from '../questions.ts';
import { counted } from '../standing.ts';
import { sayRestartsMade, sayRunbookUndo } from '../undo-words.ts';
import type { IncidentView, RemediationView } from '../views.ts';
import { sayCause } from '../words.ts';
import { writerLine } from '../writer-words.ts';

export function incidentPage(story: IncidentStory, shell: Shell): string {
  const { incident, members, evidence } = story;
  const { nowMs } = shell;
  const noun = nounFor(incident.apps);
  return layout(
    incident.title,
    'history',
    html`<h1>${incident.title} ${badge(incident.state)}</h1><p class="lead">${adviceOf(incident, members)}</p>${courseOf(incident, members)}
${facts(story, nowMs)}
<h2>${runTitle(incident)}</h2>${questionLines(incident, shell, members)}${commandsToRun(incident, members)}${members.flatMap((view) => sayRestartsMade(view).map((sentence) => html`<p class="meta">${view.target.appName}: ${sentence}</p>`))}
<h2>${asSentence(`${noun}s`)} that fail or failed</h2>${memberList(story, nowMs)}
<h2>Workloads that do not fail</h2>${comparisonOf(incident) ?? html`<p class="meta">The members were not compared with other workloads.</p>`}
${evidence === undefined ? undefined : html`<h2>Evidence</h2><p class="meta">From the look at ${evidence.app}.</p>${findings('Shows the cause', evidence.for, evidence.appId)}${findings('Speaks against it, or has nothing to do with it', evidence.against, evidence.appId)}`}
<h2>Openings</h2>${openingList(story, nowMs)}
<h2>Where it was told</h2>${toldList(story.told, nowMs)}`,
    shell,
  );
}

/** The commands stay on the page after the incident has ended, and then nobody has to run them. */
function runTitle({ state }: IncidentView): string {
  return state === 'open' ? 'What to run' : 'What there was to run';
}

function facts({ incident, subscriptions = [] }: IncidentStory, nowMs: number): Html {
  return factList([
    [
      'Cause',
      html`${sayCause(incident.cause, oneKind(incident.apps))} (${incident.sureness}): <a href="/api/runbooks/${incident.cause}">runbook ${incident.cause}</a>`,
    ],
    ['Owner', incident.owner],
    ['Registry', shortName(incident.registry)],
    ['Subscription', subscriptionsLine(subscriptions)],
    ['Opened', html`${instant(incident.openedAtMs, nowMs)} (${exactInstant(incident.openedAtMs)})`],
    [
      'Ended',
      incident.resolvedAtMs === undefined
        ? undefined
        : html`${instant(incident.resolvedAtMs, nowMs)} (${exactInstant(incident.resolvedAtMs)})`,
    ],
  ]);
}

function subscriptionsLine(subscriptions: NonNullable<IncidentStory['subscriptions']>): Html | undefined {
  if (subscriptions.length === 0) return undefined;
  return html`${subscriptions.map(({ id, name }, at) => html`${at === 0 ? '' : ', '}${namedSubscription(id, name)}`)}`;
}

function memberList({ incident, members }: IncidentStory, nowMs: number): Html {
  const unread = incident.members.length - members.length;
  return html`<ul class="rows">${members.map((view) => memberRow(view, incident, nowMs))}</ul>${unread === 0 ? undefined : html`<p class="meta">${counted(unread, 'more remediation is', 'more remediations are')} not shown here.</p>`}`;
}

function memberRow(view: RemediationView, incident: IncidentView, nowMs: number): Html {
  const left = incident.left.find(({ app }) => app === view.target.appId);
  const partly =
    view.partly === undefined
      ? undefined
      : html` ${view.target.appName}: ${sayPartly(view.partly, view.target.appId)}.`;
  return html`<li><p><a href="/api/history/${view.id}"><strong>${view.target.appName}</strong></a> ${badge(view.closed?.how ?? view.state)} <span class="meta">opened ${instant(view.openedAtMs, nowMs)}</span></p><p class="meta">${withoutUserinfo(view.target.image)}${left === undefined ? undefined : html` · left the incident: ${left.how}`}${partly === undefined ? undefined : html` ·${partly}`}${view.writes === undefined ? undefined : html` · deployed by: ${writerLine(view)}`}</p></li>`;
}

function findings(title: string, found: readonly Finding[], of: ArmId): Html | undefined {
  if (found.length === 0) return undefined;
  return html`<p>${title}:</p><ul>${found.map((finding) => html`<li>${sayFinding(finding, of)}</li>`)}</ul>`;
}

function openingList({ incident: { apps }, openings }: IncidentStory, nowMs: number): Html {
  return html`<ol class="rows">${openings.map(({ openedAtMs, closedAtMs, how, because }) => {
    const end =
      closedAtMs === undefined
        ? html` and still open`
        : html`, ${how} after ${sayLength(closedAtMs - openedAtMs)}${because === undefined ? undefined : html`. ${sayIncidentEnd(because, [], apps)}`}`;
    return html`<li>Opened ${exactInstant(openedAtMs)} (${instant(openedAtMs, nowMs)})${end}</li>`;
  })}</ol>`;
}

function toldList(told: readonly OutboxRow[], nowMs: number): Html {
  if (told.length === 0)
    return html`<p class="meta">No incident system was told, as far as the notes of that can be read: none is in the settings, or no route leads there.</p>`;
  return html`<ul class="rows">${told.map((row) => html`<li>${toldRow(row, nowMs)}</li>`)}</ul>`;
}

function toldRow({ system, state, toldAtMs, external, dead, failure }: OutboxRow, nowMs: number): Html {
  const link = external?.url;
  const name = link?.startsWith('https://') === true ? html`<a href="${link}">${system}</a>` : html`${system}`;
  const trouble =
    dead === true
      ? html` <strong>It refuses the message for good.</strong>`
      : failure === undefined
        ? undefined
        : html` The last try failed ${instant(failure.atMs, nowMs)}.`;
  const when = toldAtMs === undefined ? html`not told yet` : html`told ${instant(toldAtMs, nowMs)}, ${state} there`;
  return html`<strong>${name}</strong> <span class="meta">${when}</span>${trouble}`;
}

/** The page as parts of a Markdown text. */
export function incidentMarkdown({ incident, members, evidence, openings }: IncidentStory): readonly Part[] {
  return [
    { kind: 'heading', text: incident.title },
    { kind: 'paragraph', text: `${incident.state}. ${incident.advice}` },
    {
      kind: 'fields',
      fields: [
        ['Cause', `${sayCause(incident.cause, oneKind(incident.apps))} (${incident.cause}, ${incident.sureness})`],
        ['Owner', incident.owner],
        ['Registry', shortName(incident.registry)],
        ['Opened', openings.map(({ openedAtMs }) => exactInstant(openedAtMs)).join(', ')],
      ],
    },
    { kind: 'heading', text: asSentence(`${nounFor(incident.apps)}s`) },
    {
      kind: 'list',
      items: members.map(
        (view) => `${view.target.appName}: ${view.closed?.how ?? view.state}, ${withoutUserinfo(view.target.image)}`,
      ),
    },
    ...(evidence === undefined
      ? []
      : ([
          { kind: 'heading', text: 'Evidence' },
          {
            kind: 'list',
            items: [...evidence.for, ...evidence.against].map((finding) => sayFinding(finding, evidence.appId)),
          },
        ] as const)),
    { kind: 'heading', text: runTitle(incident) },
    ...incident.commands.flatMap(({ title, language, text }): readonly Part[] => [
      { kind: 'paragraph', text: title },
      { kind: 'code', language, text },
    ]),
    { kind: 'paragraph', text: 'Verify:' },
    { kind: 'code', language: 'az', text: incident.verify },
    { kind: 'paragraph', text: 'Undo of these commands:' },
    { kind: 'code', language: '', text: sayRunbookUndo(incident.undo) },
  ];
}
