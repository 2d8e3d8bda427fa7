// The page of one remediation: a summary that decides, the question if there is one, the course as a bar, links, and every entry.

import { shortName } from '../../history/finding-words.ts';
import type { Part } from '../../incidents/parts.ts';
import { nameOf, resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import type { Cloud } from '../../words/cloud.ts';
import { parseRemediationId, remediationIdOf } from '../../words/target.ts';
import { withoutUserinfo } from '../../words/userinfo.ts';
import { sayFor } from '../../workloads/sentences.ts';
import { answerButtons, otherIntents, questionIntents } from '../answer-forms.ts';
import { azureLinks } from '../azure-links.ts';
import { surenessesIn } from '../decision-sureness.ts';
import { bindingLine } from '../entry-details.ts';
import { adviceOf, commandsTitle } from '../grant-words.ts';
import { type Html, html } from '../html.ts';
import { commandsOf } from '../incident-parts.ts';
import { layout, type Shell } from '../layout.ts';
import { phaseBar } from '../phase-bar.ts';
import { phasesOf } from '../phases.ts';
import {
  asSentence,
  badge,
  commandBlock,
  exactInstant,
  factList,
  folded,
  instant,
  namedSubscription,
  sayState,
} from '../pieces.ts';
import { questionBlock } from '../questions.ts';
import type { Story } from '../story.ts';
import { timeline } from '../timeline.ts';
import { sayRestartsMade, undoByHand } from '../undo-words.ts';
import { sayVia } from '../via-words.ts';
import { sayActions, sayCauses, sayTimes, shownState, withIdentityName } from '../view-words.ts';
import type { RemediationView } from '../views.ts';
import { sayClose, sayEntry, sayWait } from '../words.ts';
import { sayWriter, writerLine } from '../writer-words.ts';

/** What the page needs besides the history: of the settings, and the name of the subscription. */
export interface Place {
  readonly cloud: Cloud;
  /** The settings let a person have a grant taken back. */
  readonly undo?: boolean;
  /** What people call the app's subscription, where that can be read. */
  readonly subscription?: string;
}

export function remediationPage(story: Story, place: Place, shell: Shell): string {
  const { remediation: view, entries } = story;
  const { nowMs } = shell;
  const failed = view.times.failedAtMs;
  const phases = phasesOf({ entries, nowMs, ...(failed === undefined ? {} : { failedAtMs: failed }) });
  return layout(
    view.target.appName,
    'history',
    html`<h1>${view.target.appName} ${badge(shownState(view))}</h1>
<p class="lead">${summary(view)}</p>${whatToRun(story)}${questionBlock(view, nowMs, shell.viewer)}${bindingLine(view)}${facts(story, place, nowMs)}${whatElse(view, place, shell)}
<h2>Course</h2>${phaseBar(phases)}${timesLine(view)}${repeatedLine(view)}
${undoBlock(view, place.undo === true)}${sayRestartsMade(view).map((sentence) => html`<p class="meta">${sentence}</p>`)}
<h2>Look for yourself</h2>${links(story, place)}
<h2>What happened</h2><p><a href="/api/history/${view.id}/report">Report to copy</a></p>${timeline(entries, view)}`,
    shell,
  );
}

/** Buttons beside the question. A reader who was told at the question why there are none is not told again. */
function whatElse(view: RemediationView, { undo = false }: Place, { viewer, nowMs }: Shell): Html | undefined {
  const isTold = viewer?.mayAnswer === false && questionIntents(view, nowMs).length > 0;
  return isTold ? undefined : answerButtons(viewer, otherIntents(view, undo));
}

/** What is wrong, how sure that is, and what was done or is asked. */
function summary(view: RemediationView): string {
  const ended = view.closed === undefined ? '' : ` ${sayClose(view.closed.because, view.target.appId)}`;
  return `${asSentence(sayCauses(view))}; ${sayActions(view)}.${ended}`;
}

/** What a person can do about it by hand, where its incident is open: without a way over another page. */
function whatToRun({ remediation, incident }: Story): Html | undefined {
  if (remediation.closed !== undefined || incident?.state !== 'open') return undefined;
  return html`<p>${adviceOf(incident, [remediation])}</p>${folded(commandsTitle(incident, [remediation]), commandsOf(incident))}`;
}

function facts(story: Story, { subscription }: Place, nowMs: number): Html {
  const { remediation: view, environmentId, incident } = story;
  const { target, openedAtMs, startedBy, signals } = view;
  return factList([
    [
      'Where',
      html`${sayFor(target.appId, 'app')} <strong>${target.appName}</strong> in the resource group ${resourceGroupOf(target.appId)}${environmentId === undefined ? undefined : html`, environment ${nameOf(environmentId)}`}, subscription ${namedSubscription(subscriptionOf(target.appId), subscription)}`,
    ],
    [
      'Image',
      html`${withoutUserinfo(target.image)}${view.revisions.length === 0 ? undefined : html`, ${sayFor(target.appId, 'revision')} ${view.revisions.join(', ')}`}`,
    ],
    [
      'Pulls as',
      view.pullsAs === undefined
        ? undefined
        : html`identity ${view.pullsAs.name} <span class="meta">(principal ${view.pullsAs.principalId})</span>`,
    ],
    [
      'Problem',
      incident === undefined
        ? view.incident && html`<a href="/api/incidents/${view.incident}">Incident ${view.incident}</a>`
        : html`<a href="/api/incidents/${incident.id}">${incident.title}</a> ${badge(incident.state)}, for the ${incident.owner}`,
    ],
    ['Next look', nextLook(story, nowMs)],
    [
      'Opened',
      html`${instant(openedAtMs, nowMs)} (${exactInstant(openedAtMs)}) by ${sayVia(startedBy)}, ${signals.toLocaleString('en-US')} ${signals === 1 ? 'signal' : 'signals'} in all`,
    ],
    ['Before', recurrence(view)],
    ['Kept', view.archived ? inTheArchive : undefined],
    ['Deployed by', sayWriter(view, nowMs)],
  ]);
}

const inTheArchive = 'in the archive of old histories, from which this page was read';

/** When pullmedic looks again, why it waits, and how often it has looked. */
function nextLook({ remediation: view, entries }: Story, nowMs: number): Html | undefined {
  const { decision, dueAtMs, closed, target } = view;
  if (closed !== undefined || dueAtMs === undefined) return undefined;
  const looks = entries.filter(({ entry }) => entry.kind === 'looked').length;
  const waits = decision?.do === 'wait' ? ` ${sayWait(decision.because, target.appId)}` : '';
  const times = looks === 1 ? 'once' : `${looks} times`;
  // An answer is acted on at once: the instant in the history is from before it.
  if (view.state === 'needs-approval' && shownState(view) !== view.state)
    return html`now; it has looked ${times} so far.`;
  return html`${instant(dueAtMs, nowMs)} (${exactInstant(dueAtMs)}); it has looked ${times} so far.${waits}`;
}

/** Earlier remediations of the same app and image. */
function recurrence({ id, target: { appId } }: RemediationView): Html | undefined {
  const parsed = parseRemediationId(id);
  if (parsed === undefined) return undefined;
  const { target, ordinal } = parsed;
  return ordinal === 1
    ? html`${sayFor(appId, 'This is the first time that this app failed with this image.')}`
    : html`This is time ${ordinal} that ${sayFor(appId, 'this app failed with this image')}: <a href="/api/history/${remediationIdOf(target, ordinal - 1)}">the time before</a>.`;
}

function timesLine(view: RemediationView): Html | undefined {
  const times = sayTimes(view);
  return times === '' ? undefined : html`<p>From the failure on: ${times}.</p>`;
}

/** Where signals were only counted: how many, since the entries below show the others. */
function repeatedLine({ signals, repeated }: RemediationView): Html | undefined {
  if (repeated === undefined) return undefined;
  const { count, lastAtMs, lastRevision } = repeated;
  const about = lastRevision === undefined ? '' : ` about ${lastRevision}`;
  return html`<p class="meta">${signals - count} signals are in this history, and ${count.toLocaleString('en-US')} more that repeat them, the last at ${exactInstant(lastAtMs)}${about}.</p>`;
}

/** How a person can undo the grant, or how the undo ended. */
function undoBlock(view: RemediationView, allowed: boolean): Html | undefined {
  const { undo } = view;
  if (undo === undefined) return undefined;
  if (undo.state === 'possible') return undoWays(view.id, undo.assignment, allowed);
  const why = undo.because.length === 0 ? undefined : html` (${undo.because.join(', ')})`;
  return html`<p>Undo, asked for by ${undo.by ?? 'an unknown person'}: ${undo.state}${why}. Assignment: ${withIdentityName(shortName(undo.assignment), view)}</p>`;
}

/** Where the setting allows it there is a button above, so only the command line stands here. */
function undoWays(id: string, assignment: string, allowed: boolean): Html {
  return allowed
    ? folded(
        'Undo by the command line',
        commandBlock('Take the grant back:', `pullmedic undo ${id} --url "https://<function app>"`),
      )
    : folded(
        'Undo by hand',
        html`<p>The setting undo is off, so pullmedic does not take the grant back.</p>${commandBlock('Take the grant back:', undoByHand(assignment))}`,
      );
}

function links(story: Story, { cloud }: Place): Html {
  const { remediation: view, environmentId, registryId, diagnosis } = story;
  const azure = azureLinks(cloud, {
    appId: view.target.appId,
    ...(registryId === undefined ? {} : { registryId }),
    ...(environmentId === undefined ? {} : { environmentId }),
    ...(diagnosis === undefined ? {} : { diagnosis }),
  });
  const runbooks = view.causes.map((cause) => html`<li><a href="/api/runbooks/${cause}">Runbook ${cause}</a></li>`);
  return html`<ul class="links">${runbooks}${azure.map(({ text, url }) => html`<li><a href="${url}">${text}</a></li>`)}</ul>`;
}

/** The page as parts of a Markdown text: a report of what happened. */
export function remediationMarkdown({ remediation: view, entries, incident }: Story): readonly Part[] {
  const sure = surenessesIn(entries);
  return [
    { kind: 'heading', text: `${view.target.appName}: ${sayState(view.closed?.how ?? view.state)}` },
    { kind: 'paragraph', text: summary(view) },
    {
      kind: 'fields',
      fields: [
        ['Image', withoutUserinfo(view.target.image)],
        [sayFor(view.target.appId, 'App'), view.target.appId],
        [sayFor(view.target.appId, 'Revision'), view.revisions.join(', ') || 'not known'],
        ['Opened', `${exactInstant(view.openedAtMs)} by ${sayVia(view.startedBy)}`],
        ...(view.archived ? ([['Kept', 'in the archive of old histories']] as const) : []),
        ['Deployed by', writerLine(view)],
        ...(incident === undefined ? [] : [['Problem', incident.title] as const]),
        ...(sayTimes(view) === '' ? [] : [['From the failure on', sayTimes(view)] as const]),
      ],
    },
    { kind: 'heading', text: 'What happened' },
    {
      kind: 'list',
      items: entries.map(
        ({ seq, atMs, entry }) =>
          `${exactInstant(atMs)} ${withIdentityName(sayEntry(entry, view.target.appId, sure.get(seq)), view)}`,
      ),
    },
  ];
}
