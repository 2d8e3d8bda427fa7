// The page of messages that did not arrive, with what a person can do about each.

import type { Part } from '../../incidents/parts.ts';
import type { DeadLetter } from '../../ports/upkeep.ts';
import type { SystemHealth } from '../../telling/system-health.ts';
import { withoutUserinfo } from '../../words/userinfo.ts';
import { answerButtons, messageIntents } from '../answer-forms.ts';
import { type Html, html } from '../html.ts';
import { layout, type Shell } from '../layout.ts';
import type { Messages, Untold } from '../messages.ts';
import { asSentence, badge, commandBlock, emptyState, exactInstant, folded, instant } from '../pieces.ts';
import { countedLetters } from '../standing.ts';
import { sayWhyNot } from '../viewer.ts';

export function messagesPage(messages: Messages, shell: Shell): string {
  return layout(
    'Messages',
    'messages',
    html`<h1>Messages that did not arrive</h1>
<h2>Of the queues</h2>${queueSection(messages, shell)}
<h2>To incident systems</h2>${systemSection(messages, shell)}`,
    shell,
  );
}

export function messagesMarkdown({ dead, retrying, poison, systems, untold, untoldInAll }: Messages): readonly Part[] {
  const letters = dead.map(
    (letter) =>
      `${letter.id}: ${kindWords[letter.kind].toLowerCase()} ${sayTries(letter)}, last at ${exactInstant(letter.lastAtMs)}`,
  );
  const told = systems.map((system) => `${system.system}: ${saySystem(system)}`);
  const refused = untold
    .slice(0, mostUntold)
    .map((one) => `${one.system}, ${sayAbout(one)}: ${sayUntold(one)}, last at ${exactInstant(one.failedAtMs)}`);
  return [
    { kind: 'heading', text: 'Messages that did not arrive' },
    { kind: 'paragraph', text: `${sayUnderWay(retrying, poison)}` },
    ...listed('Of the queues', letters, sayNoneWaits({ retrying, poison })),
    ...listed('Incident systems', told, 'The settings have no incident systems.'),
    ...listed(`To incident systems (${untoldInAll})`, refused, 'No message to an incident system has failed.'),
  ];
}

function listed(title: string, items: readonly string[], none: string): readonly Part[] {
  return [
    { kind: 'heading', text: title },
    items.length === 0 ? { kind: 'paragraph', text: none } : { kind: 'list', items },
  ];
}

/** How much of a message the page shows, in characters. The JSON holds the whole message. */
const mostShown = 400;
/** The host delivers a message five times before it moves it to the poison queue (host.json, maxDequeueCount). */
const deliveriesPerTry = 5;

/** How many messages of the queues, and how many to systems, have a card. The JSON has all. */
const mostCards = 50;
const mostUntold = 50;

function queueSection(messages: Messages, shell: Shell): Html {
  const { dead, retrying, poison } = messages;
  const underWay = html`<p class="meta">${sayUnderWay(retrying, poison)}</p>`;
  if (dead.length === 0)
    return html`${underWay}${emptyState(html`<p>${sayNoneWaits(messages)} A message that fails is tried again for some ten hours, and then waits here for a person.</p>`)}`;
  // A reader is told once why there are no buttons, and not on each card.
  const whyNot = shell.viewer?.mayAnswer === false ? html`<p class="meta">${sayWhyNot(shell.viewer)}</p>` : undefined;
  const more =
    dead.length <= mostCards
      ? undefined
      : html`<p class="meta">${countedLetters(dead.length)} wait for a person; here are the ${mostCards} that failed last.</p>`;
  return html`${underWay}${whyNot}${more}<ul class="cards">${dead.slice(0, mostCards).map((letter) => letterCard(letter, shell))}</ul>`;
}

/** That every message was handled only where none is on its way once more, and none may lie in the poison queues. */
function sayNoneWaits({ retrying, poison }: Pick<Messages, 'retrying' | 'poison'>): string {
  return retrying === 0 && poison === 0 ? 'Every message was handled.' : 'No message waits for a person.';
}

function sayUnderWay(retrying: number, poison: Messages['poison']): string {
  const lie =
    poison === 'unreadable' ? 'how many lie in the poison queues could not be read' : `${poison} in the poison queues`;
  return `${retrying} on their way once more; ${lie}.`;
}

function letterCard(letter: DeadLetter, { nowMs, viewer }: Shell): Html {
  const verb = letter.kind === 'unreadable' ? 'dismiss' : 'replay';
  const does = verb === 'replay' ? 'Send it again:' : 'pullmedic cannot read it. Once you have seen it:';
  const buttons = viewer?.mayAnswer === true ? answerButtons(viewer, messageIntents(letter)) : undefined;
  return html`<li class="bad-edge" id="${letter.id}"><p><strong>${kindWords[letter.kind]}</strong> ${badge('dead')} ${sayTries(letter)}.</p>
<pre tabindex="0" role="group" aria-label="The message">${withoutUserinfo(letter.message).slice(0, mostShown)}</pre>
${buttons}${folded('By the command line', commandBlock(does, `pullmedic ${verb} ${letter.id} --url "https://<function app>"`))}
<p class="meta">${letter.id} · first ${instant(letter.firstAtMs, nowMs)} · last ${instant(letter.lastAtMs, nowMs)}</p></li>`;
}

const kindWords: Readonly<Record<DeadLetter['kind'], string>> = {
  signal: 'A signal',
  step: 'A step',
  unreadable: 'A message',
};

function sayTries({ kind, tries, lastError }: DeadLetter): string {
  if (kind === 'unreadable') return 'is neither a signal nor a step';
  const why = lastError === undefined ? 'the error could not be recorded' : `the last error was ${lastError}`;
  return `failed ${tries * deliveriesPerTry} times; ${why}`;
}

function systemSection({ systems, untold, untoldInAll }: Messages, shell: Shell): Html {
  if (systems.length === 0)
    return emptyState(
      html`<p>The settings name no incident system, so no system is told of incidents: they are only on these pages. <a href="/api/settings">Settings</a></p>`,
    );
  const shown = untold.slice(0, mostUntold);
  const more = untoldInAll - shown.length;
  return html`<ul class="cards">${systems.map((system) => systemCard(system, shell))}</ul>
${untold.length === 0 ? html`<p>No message ${systems.some(({ unreadable }) => unreadable > 0) ? 'that can be read ' : ''}has failed at its last try.</p>` : html`<h3>Not sent</h3><ul class="cards">${shown.map((one) => untoldCard(one, shell))}</ul>`}${more === 0 ? undefined : html`<p class="meta">And ${more} more: <a href="/api/messages?as=json">all of them as JSON</a>.</p>`}`;
}

function systemCard(system: SystemHealth, { nowMs }: Shell): Html {
  const well = system.state === 'well';
  const since = system.sinceMs === undefined ? undefined : html` since ${instant(system.sinceMs, nowMs)}`;
  return html`<li><p><strong>${system.system}</strong> <span class="badge ${well ? 'good' : system.state === 'paused' ? 'wait' : 'bad'}">${stateWords[system.state]}</span>${since}</p>
<p class="meta">${saySystem(system)}</p>${commandBlock('Try it with a marked test:', `pullmedic incident test --to ${system.system} --url "https://<function app>"`)}</li>`;
}

const stateWords: Readonly<Record<SystemHealth['state'], string>> = {
  well: 'well',
  paused: 'asked us to wait',
  late: 'does not answer',
  'key-refused': 'refuses our key',
  off: 'wants nothing more',
  unreadable: 'is told nothing: whether it may be asked cannot be read',
};

function saySystem({ state, waiting, dead, unreadable, detail }: SystemHealth): string {
  const parts = [
    stateWords[state],
    `${waiting} waiting`,
    `${dead} refused for good`,
    ...(unreadable === 0 ? [] : [`${unreadable} rows that cannot be read`]),
    ...(detail === undefined ? [] : [`last failure: ${detail}`]),
  ];
  return parts.join(', ');
}

function untoldCard(one: Untold, { nowMs }: Shell): Html {
  const next = one.nextAtMs === undefined ? undefined : html`; the next try is ${instant(one.nextAtMs, nowMs)}`;
  const again =
    one.state === 'refused'
      ? commandBlock(
          'Send again what the system refused:',
          `pullmedic incident again --to ${one.system} --url "https://<function app>"`,
        )
      : undefined;
  return html`<li class="${one.state === 'refused' ? 'bad-edge' : 'wait-edge'}"><p>${aboutLink(one)} to <strong>${one.system}</strong> <span class="badge ${one.state === 'refused' ? 'bad' : 'wait'}">${one.state === 'refused' ? 'refused for good' : 'tried again'}</span></p>
<p>${sayUntold(one)}, last ${instant(one.failedAtMs, nowMs)}${next}.</p>${again}</li>`;
}

function aboutLink(one: Untold): Html {
  const page = one.incident === undefined ? `/api/history/${one.remediation ?? ''}` : `/api/incidents/${one.incident}`;
  return html`<a href="${page}">${asSentence(sayAbout(one))}</a>`;
}

function sayAbout({ incident, remediation }: Untold): string {
  return incident === undefined ? `remediation ${remediation ?? ''}` : `incident ${incident}`;
}

function sayUntold({ tries, why, detail }: Untold): string {
  return `${tries} ${tries === 1 ? 'try' : 'tries'} failed (${why}: ${detail})`;
}
