// The pages of runbooks: what happens for each cause in the mode of the settings, and what a person runs by hand.

import type { Family, Owner } from '../../causes/causes.ts';
import type { Part } from '../../incidents/parts.ts';
import { nameOf } from '../../words/arm-id.ts';
import { type Html, html } from '../html.ts';
import { layout, type Shell } from '../layout.ts';
import { commandBlock, emptyState, exactInstant, factList, instant } from '../pieces.ts';
import { blankCommands, type CauseInForce, type RunbookList } from '../runbook-list.ts';

export function runbooksPage(list: RunbookList, shell: Shell): string {
  return layout(
    'Runbooks',
    'runbooks',
    html`<h1>Runbooks</h1>
<p>What pullmedic does for each cause when it is confirmed and is the only one. The mode is <strong>${list.mode}</strong>; where a guard refuses or a cause is only suspected, pullmedic changes nothing without a person. Beside each cause stands the team that it is for where pullmedic does not act.</p>
<p class="meta">${sayRead(list)}</p>
${familyNames.map(([family, title]) =>
  familySection(
    title,
    list.causes.filter((one) => one.family === family),
    shell,
  ),
)}`,
    shell,
  );
}

/** The page of one cause: its commands with placeholders, and where it happened last. */
export function runbookPage(list: RunbookList, one: CauseInForce, shell: Shell): string {
  const { commands, verify, undo } = blankCommands(one.cause);
  const page = one.page === undefined ? undefined : html`<a href="${one.page}">The page about this cause</a>`;
  const happened = one.last.map((last) => html`<li>${place(last, shell)}</li>`);
  return layout(
    `Runbook ${one.cause}`,
    'runbooks',
    html`<p><a href="/api/runbooks">All runbooks</a></p><h1>${sentence(one)}</h1>
${factList([
  ['Cause', one.cause],
  [`In mode ${list.mode}`, one.happens],
  ['Who has to act where pullmedic does not', one.owner],
  ['More', page],
])}
<h2>Happened last</h2><p class="meta">${sayRead(list)}</p>${happened.length === 0 ? emptyState(html`<p>None of them had this cause.</p>`) : html`<ul>${happened}</ul>`}
<h2>The same by hand</h2><p class="meta">An incident has the values of its case where words in capitals stand here.</p>
${commands.length === 0 ? emptyState(html`<p>There is no command against this cause.</p>`) : commands.map(({ title, language, text }) => commandBlock(`${title} (${language}):`, text))}
${commandBlock('Verify:', verify)}${commandBlock('Undo of these commands:', undo)}`,
    shell,
  );
}

export function runbooksMarkdown(list: RunbookList): readonly Part[] {
  const lines = list.causes.map(
    ({ cause, sentence: says, happens, owner, count, last: [last] }) =>
      `${cause}: ${says}. ${happens} For ${sayOwner(owner)}. ${last === undefined ? 'Not seen.' : `Seen ${count} ${count === 1 ? 'time' : 'times'}, last at ${exactInstant(last.openedAtMs)}.`}`,
  );
  return [
    { kind: 'heading', text: `Runbooks in mode ${list.mode}` },
    { kind: 'paragraph', text: sayRead(list) },
    { kind: 'list', items: lines },
  ];
}

export function runbookMarkdown(list: RunbookList, one: CauseInForce): readonly Part[] {
  const { commands, verify, undo } = blankCommands(one.cause);
  return [
    { kind: 'heading', text: sentence(one) },
    {
      kind: 'fields',
      fields: [
        ['Cause', one.cause],
        [`In mode ${list.mode}`, one.happens],
        ['Who has to act where pullmedic does not', one.owner],
      ],
    },
    ...commands.flatMap(({ title, language, text }): Part[] => [
      { kind: 'paragraph', text: title },
      { kind: 'code', language: language === 'az' ? 'sh' : 'bicep', text },
    ]),
    { kind: 'paragraph', text: 'Verify:' },
    { kind: 'code', language: 'sh', text: verify },
    { kind: 'paragraph', text: 'Undo of these commands:' },
    { kind: 'code', language: 'sh', text: undo },
  ];
}

const familyNames: readonly (readonly [Family, string])[] = [
  ['identity', 'Identities and roles'],
  ['network', 'Network'],
  ['image', 'Images'],
  ['registry', 'Registries'],
  ['deployment', 'Deployments'],
  ['unexplained', 'Not explained'],
];

function familySection(title: string, causes: readonly CauseInForce[], shell: Shell): Html {
  return html`<h2>${title}</h2><ul class="runbooks">${causes.map((one) => item(one, shell))}</ul>`;
}

function item(one: CauseInForce, shell: Shell): Html {
  const { cause, happens, owner, count, last } = one;
  const [latest] = last;
  const seen =
    latest === undefined
      ? undefined
      : html`<p><a href="/api/history?q=cause%3A${cause}">Seen ${count} ${count === 1 ? 'time' : 'times'}</a>, last ${place(latest, shell)}</p>`;
  return html`<li id="${cause}"><h3><a href="/api/runbooks/${cause}">${sentence(one)}</a></h3><p>${happens}</p>${seen}<p class="meta">${cause} · for ${sayOwner(owner)}</p></li>`;
}

function place({ remediation, appId, openedAtMs }: CauseInForce['last'][number], { nowMs }: Shell): Html {
  return html`${instant(openedAtMs, nowMs)}: <a href="/api/history/${remediation}">${nameOf(appId)}</a>`;
}

/** The sentence of a cause as a heading: it is half a sentence in the catalogue. */
function sentence({ sentence: half }: CauseInForce): string {
  return `${half.charAt(0).toUpperCase()}${half.slice(1)}`;
}

function sayOwner(owner: Owner): string {
  return owner === 'Microsoft' ? owner : `the ${owner}`;
}

/** What the counts are of. */
function sayRead({ read, wholeSinceMs }: RunbookList): string {
  const many = `${read.toLocaleString('en-US')} ${read === 1 ? 'remediation' : 'remediations'}`;
  return wholeSinceMs === 0
    ? `Counted: all ${many}.`
    : `Counted: ${many}, which are all that go on or ended since ${exactInstant(wholeSinceMs)}.`;
}
