// The page Now: one line of the state of the world, what needs a person first, what is under way, and what ended a short time ago.
// The room console/pages/ holds the pages of the console, one file each, as HTML and as Markdown. Not here: what a page reads from storage, and
// the pieces that pages share (console/).

import { codeOf } from '../../history/refusals.ts';
import type { Part } from '../../incidents/parts.ts';
import { valueOf } from '../../words/fact.ts';
import { nounFor } from '../../workloads/sentences.ts';
import { answerButtons, questionIntents } from '../answer-forms.ts';
import { type Board, endedWithinMs, type Problem } from '../board.ts';
import { foundRows, sayRow } from '../found-rows.ts';
import { adviceOf, commandsTitle } from '../grant-words.ts';
import { type Html, html } from '../html.ts';
import { courseOf } from '../incident-parts.ts';
import { layout, type Shell } from '../layout.ts';
import {
  asSentence,
  badge,
  commandBlock,
  emptyState,
  folded,
  instant,
  sayDistance,
  sayLength,
  sayState,
} from '../pieces.ts';
import { questionLines, sayWhat } from '../questions.ts';
import { remediationRows, unreadableCards } from '../rows.ts';
import { sentencesOf } from '../sentences.ts';
import { counted, killSwitchBlock, troublesOf } from '../standing.ts';
import { sayCauses, shownState } from '../view-words.ts';
import type { Viewer } from '../viewer.ts';
import type { ApprovalView, IncidentView, RemediationView } from '../views.ts';
import { sayRefusalCode } from '../words.ts';

export function nowPage(board: Board, shell: Shell): string {
  const { nowMs } = shell;
  const { problems, underWay, ended, notShown } = board;
  return layout(
    'Now',
    'now',
    html`<h1>Now</h1>${figures(board)}${standingLines(board, shell)}
<h2>Needs a person</h2>${problems.length > 0 ? html`<ul class="cards">${problems.map((problem) => problemCard(problem, shell))}</ul>` : notShown.needPerson > 0 ? undefined : nothingToDo(board, nowMs)}
${unreadableCards(board.unreadable)}
<h2>Under way</h2>${underWay.length > 0 ? remediationRows(underWay, nowMs) : notShown.all > 0 ? undefined : html`<p class="meta">Nothing is under way.</p>`}${notShownLine(notShown)}
<h2>Ended in the last ${hoursShown} hours</h2>${foundRows(ended.rows, nowMs)}${endedNotes(ended)}
<p><a href="/api/history">The whole history</a></p>`,
    shell,
  );
}

const hoursShown = endedWithinMs / 3_600_000;

function notShownLine({ all, needPerson }: Board['notShown']): Html | undefined {
  if (all === 0) return undefined;
  const people = needPerson === 0 ? '' : `, ${needPerson} of them need${needPerson === 1 ? 's' : ''} a person`;
  return html`<p class="meta">${counted(all, 'more is', 'more are')} live and not shown here${people}: <a href="/api/history?q=state%3Alive">all that is live</a>.</p>`;
}

/** What the list of what ended does not hold; that nothing ended only where nothing was left out. */
function endedNotes({ rows, more, skipped, unknown }: Board['ended']): Html {
  const notes = [
    ...(rows.length + skipped === 0 && !more ? ['Nothing ended.'] : []),
    ...(more ? ['More ended than could be counted for this page.'] : []),
    ...(unknown === 0 ? [] : [`An older version did not note how ${unknown} of them ended.`]),
    ...(skipped === 0
      ? []
      : [
          `${counted(skipped, 'row', 'rows')} of what ended cannot be read and ${skipped === 1 ? 'is' : 'are'} not counted.`,
        ]),
  ];
  return html`${notes.map((note) => html`<p class="meta">${note}</p>`)}`;
}

/** The line of the state of the world: each number leads to what it counts. A `+` stands for more that were not counted. */
function figures({ problems, underWay, ended, notShown }: Board): Html {
  const members = problems.flatMap((problem) => problem.members);
  const asked = members.filter(({ state }) => state === 'needs-approval').length + notShown.ask;
  const since = `since:${hoursShown}h`;
  const median = ended.medianMs === undefined ? '' : `, median ${sayLength(ended.medianMs)} after the failure`;
  const tiles = [
    tile(
      problems.length,
      problems.length === 1 ? 'problem for you' : 'problems for you',
      'needs:person',
      'bad',
      notShown.needPerson > 0,
    ),
    tile(asked, asked === 1 ? 'question' : 'questions', 'state:needs-approval', 'bad'),
    tile(underWay.length + notShown.all - notShown.needPerson, 'under way', 'state:under-way', 'wait'),
    tile(ended.recovered, `recovered${median}`, `state:recovered ${since}`, 'good', ended.more),
    tile(ended.leftAlone, sayLeftAlone(ended), `state:left-alone ${since}`, 'calm', ended.more),
  ];
  return html`<ul class="figures">${tiles}</ul>`;
}

/** A look at an app that serves ends as left alone too, and is no trouble that pullmedic let be. */
function sayLeftAlone({ healthy }: Board['ended']): string {
  return healthy === 0 ? 'left alone' : `left alone, ${healthy} of them healthy`;
}

function tile(count: number, words: string, query: string, tone: string, more = false): Html {
  const shown = `${count}${more ? '+' : ''}`;
  return html`<li><a class="${count === 0 && !more ? 'calm' : tone}" href="/api/history?q=${encodeURIComponent(query)}"><strong>${shown}</strong> ${words}</a></li>`;
}

function standingLines({ standing, upkeep, lastStepAtMs }: Board, { nowMs, viewer }: Shell): Html {
  const troubles = troublesOf(upkeep, nowMs);
  const beat = valueOf(upkeep.pulse)?.lastMs;
  const swept = valueOf(upkeep.sweep);
  const parts = [
    beat === undefined ? undefined : html`its timer ran ${instant(beat, nowMs)}`,
    lastStepAtMs === undefined ? undefined : html`its last step was ${instant(lastStepAtMs, nowMs)}`,
    swept === undefined
      ? undefined
      : html`it listed ${counted(swept.apps, 'workload', 'workloads')} ${instant(swept.atMs, nowMs)}`,
  ].filter((part) => part !== undefined);
  const well =
    troubles.length === 0
      ? html`<p>Mode <strong>${standing.mode}</strong>. pullmedic itself ${badge('well')}${parts.length === 0 ? '' : ': '}${joined(parts)}.</p>`
      : html`<p>Mode <strong>${standing.mode}</strong>. pullmedic itself ${badge('not-well')}</p><ul>${troubles.map((trouble) => html`<li>${trouble}</li>`)}</ul>`;
  return html`${well}${killSwitchBlock(standing, nowMs, viewer)}`;
}

function joined(parts: readonly Html[]): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html`, ${part}`))}`;
}

/** An empty list says what is watched and how to see a failure on purpose, and no more than could be read. */
function nothingToDo({ upkeep }: Board, nowMs: number): Html {
  const { unreadable, unreadableRows } = upkeep;
  const nothing =
    unreadable + unreadableRows === 0 ? 'Nothing needs a person.' : 'Nothing that can be read needs a person.';
  return emptyState(html`<p><strong>${nothing}</strong> ${sayWatched(upkeep.sweep, nowMs)}</p>
<p>To see a failure on purpose, deploy an app for tests with an image tag that its registry does not have: within minutes an incident stands here.</p>`);
}

/** A sweep lists all workloads and looks at some of them each time, so only the list is said to be complete. */
function sayWatched(sweep: Board['upkeep']['sweep'], nowMs: number): string {
  if (!sweep.read) return 'Which workloads pullmedic watches could not be read.';
  if (sweep.value === undefined) return 'pullmedic has not listed its workloads yet: it does so every few minutes.';
  const { apps, atMs, unreadable } = sweep.value;
  if (unreadable !== undefined) return `Which workloads there are could not be read ${sayDistance(atMs, nowMs)}.`;
  return `pullmedic watches ${counted(apps, 'workload', 'workloads')}; it listed them ${sayDistance(atMs, nowMs)}.`;
}

function problemCard({ incident, members }: Problem, shell: Shell): Html {
  const [first] = members;
  if (incident !== undefined) return incidentCard(incident, members, shell);
  if (first === undefined) return html``;
  return html`<li class="bad-edge"><h3><a href="/api/history/${first.id}">${first.target.appName}</a> ${badge(shownState(first))}</h3>
<p>${asSentence(sayCauses(first))}.</p>${questionsOf(members, shell)}</li>`;
}

function incidentCard(incident: IncidentView, members: readonly RemediationView[], { nowMs, viewer }: Shell): Html {
  const asked = members.some(({ state }) => state === 'needs-approval');
  return html`<li class="bad-edge" id="${incident.id}"><h3><a href="/api/incidents/${incident.id}">${incident.title}</a> ${badge(asked ? 'needs-approval' : 'open')}</h3>
<p class="meta">For the ${incident.owner} · ${incident.sureness} · opened ${instant(incident.openedAtMs, nowMs)}</p>
<p>${adviceOf(incident, members)}</p>${courseOf(incident)}
<p>${sayMembers(members)}: ${appLinks(members)}</p>${asked ? questionsOf(members, { nowMs, viewer }) : questionLines(incident, { nowMs, viewer }, members)}
${folded(commandsTitle(incident, members), html`${incident.commands.map(({ title, language, text }) => commandBlock(`${title} (${language}):`, text))}`)}</li>`;
}

/** How many they are, in the word of their kind where all are of one. */
function sayMembers(members: readonly RemediationView[]): string {
  const noun = nounFor(members.map(({ target }) => target.appId));
  return counted(members.length, noun, `${noun}s`);
}

/** How many workloads a card names. The page of the incident names all. */
const mostNamed = 12;

function appLinks(members: readonly RemediationView[]): Html {
  const shown = members.slice(0, mostNamed);
  const more = members.length - shown.length;
  return html`${shown.map(({ id, target }, index) => html`${index === 0 ? '' : ', '}<a href="/api/history/${id}">${target.appName}</a>`)}${more === 0 ? '' : ` and ${more} more`}`;
}

/** The open questions of these remediations, each with the way to its answer. */
function questionsOf(
  members: readonly RemediationView[],
  { nowMs, viewer }: { readonly nowMs: number; readonly viewer?: Viewer | undefined },
): Html {
  return html`${members.map((view) => {
    const { approval } = view;
    if (approval?.state !== 'pending') return undefined;
    return html`<p><strong>May pullmedic ${sayWhat(view, approval)}?</strong> <a href="/api/history/${view.id}#question">Answer it</a> <span class="meta">${view.target.appName}, question ${approval.question}</span></p>${doubtsLine(approval)}${viewer?.mayAnswer === true ? answerButtons(viewer, questionIntents(view, nowMs)) : undefined}`;
  })}`;
}

/** Why it asks, in short: the page of the remediation has each doubt with its code. */
function doubtsLine({ because }: ApprovalView): Html | undefined {
  const [first, ...more] = because;
  if (first === undefined) return undefined;
  return html`<p>It asks because ${sayRefusalCode(codeOf(first))}${more.length === 0 ? '' : `, and for ${counted(more.length, 'more reason', 'more reasons')}`}.</p>`;
}

/** The page as parts of a Markdown text. */
export function nowMarkdown(board: Board, nowMs: number): readonly Part[] {
  const { problems, underWay, ended, standing, notShown } = board;
  const least = ended.more ? 'at least ' : '';
  const line = (view: RemediationView): string => `${view.target.appName}, ${sayState(view.state)}: ${sayCauses(view)}`;
  return [
    { kind: 'heading', text: 'Now' },
    {
      kind: 'paragraph',
      text: `Mode ${standing.mode}. ${counted(problems.length, 'problem needs', 'problems need')} a person; ${underWay.length} under way; ${least}${ended.recovered} recovered and ${least}${ended.leftAlone} ${sayLeftAlone(ended)} in ${hoursShown} hours.`,
    },
    ...(notShown.all === 0
      ? []
      : ([
          {
            kind: 'paragraph',
            text: `${counted(notShown.all, 'more is', 'more are')} live and not counted here; ${notShown.needPerson} of them need a person.`,
          },
        ] as const)),
    ...troublesOf(board.upkeep, nowMs).map((text): Part => ({ kind: 'paragraph', text })),
    ...problems.flatMap(problemParts),
    ...(underWay.length === 0
      ? []
      : ([
          { kind: 'heading', text: 'Under way' },
          { kind: 'list', items: underWay.map(line) },
        ] as const)),
    ...(ended.rows.length === 0
      ? []
      : ([
          { kind: 'heading', text: `Ended in the last ${hoursShown} hours` },
          { kind: 'list', items: ended.rows.map(sayRow) },
        ] as const)),
  ];
}

function problemParts({ incident, members }: Problem): readonly Part[] {
  const names = members.map(({ target }) => target.appName);
  if (incident === undefined)
    return members.map((view): Part => ({ kind: 'paragraph', text: `${view.target.appName}: ${sayCauses(view)}` }));
  return [
    { kind: 'heading', text: incident.title },
    { kind: 'paragraph', text: incident.advice },
    { kind: 'paragraph', text: `For the ${incident.owner}. ${sayMembers(members)}: ${names.join(', ')}.` },
    ...incident.commands.map(({ language, text }): Part => ({ kind: 'code', language, text })),
  ];
}

/** The page as JSON: the codes, and beside them the sentences. */
export function nowJson(board: Board, nowMs: number): unknown {
  const said = (view: RemediationView): object => ({ ...view, sentences: sentencesOf(view) });
  return {
    ...board,
    troubles: troublesOf(board.upkeep, nowMs),
    problems: board.problems.map(({ incident, members }) => ({ incident, members: members.map(said) })),
    underWay: board.underWay.map(said),
  };
}
