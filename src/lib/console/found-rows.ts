// What a search found, as rows of a page, of a Markdown list and of a table: from the rows of the index, without reading a history.

import type { IndexRow } from '../history/index-row.ts';
import { nameOf } from '../words/arm-id.ts';
import { instantOf } from '../words/say-instant.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import { csv } from './csv.ts';
import { stateOfRow } from './facets.ts';
import { type Html, html } from './html.ts';
import { asSentence, badge, instant, sayLength, sayState } from './pieces.ts';
import { sayStoodDown } from './view-words.ts';
import { sayCause, sayUnreadableHistory } from './words.ts';

/** One row a remediation, each with a link to its page. */
export function foundRows(rows: readonly IndexRow[], nowMs: number): Html {
  return html`<ul class="rows">${rows.map((row) => foundRow(row, nowMs))}</ul>`;
}

function foundRow(row: IndexRow, nowMs: number): Html {
  const image = row.facts?.image ?? row.waitsFor?.image;
  return html`<li><p><a href="/api/history/${row.remediation}"><strong>${appOf(row)}</strong></a> ${badge(stateOfRow(row))} <span class="meta">${whenOf(row, nowMs)}</span></p>
<p>${asSentence(sayWhat(row))}.</p>${image === undefined ? undefined : html`<p class="meta">${withoutUserinfo(image)}${nextLook(row, nowMs)}${row.archived ? ' · in the archive' : undefined}</p>`}</li>`;
}

function appOf({ appId, facts }: IndexRow): string {
  return facts?.appName ?? nameOf(appId);
}

/** What is wrong, without a full stop. */
export function sayWhat({ appId, facts, unreadable }: IndexRow): string {
  if (unreadable !== undefined) return sayUnreadableHistory(unreadable);
  if (facts === undefined) return 'an older version wrote this row; its page says what happened';
  const stoodDown = sayStoodDown(facts.closed?.because);
  if (stoodDown !== undefined) return stoodDown;
  if (facts.causes.length === 0) return 'no cause named';
  return `${facts.causes.map((cause) => sayCause(cause, appId)).join(' and ')} (${facts.sure ?? 'unexplained'})`;
}

function whenOf(row: IndexRow, nowMs: number): Html {
  if (!row.closed) return html`opened ${instant(row.openedAtMs ?? row.updatedAtMs, nowMs)}`;
  const took = recoveryMs(row);
  return html`${instant(row.closedAtMs ?? row.updatedAtMs, nowMs)}${took === undefined ? undefined : html`, after ${sayLength(took)}`}`;
}

/** From the failure to the recovery. Milliseconds; `undefined` where it did not recover, or is not known. */
export function recoveryMs({ facts }: IndexRow): number | undefined {
  if (facts?.recoveredAtMs === undefined) return undefined;
  return facts.recoveredAtMs - (facts.failedAtMs ?? facts.openedAtMs);
}

function nextLook({ closed, dueAtMs }: IndexRow, nowMs: number): Html | undefined {
  return closed ? undefined : html` · Next look ${instant(dueAtMs, nowMs)}.`;
}

/** The row as one line of text. */
export function sayRow(row: IndexRow): string {
  const atMs = row.closed ? (row.closedAtMs ?? row.updatedAtMs) : (row.openedAtMs ?? row.updatedAtMs);
  return `${instantOf(atMs)} ${appOf(row)}, ${sayState(stateOfRow(row))}: ${sayWhat(row)}`;
}

/** The rows as a table for a spreadsheet. */
export function rowsAsCsv(rows: readonly IndexRow[]): string {
  const header = ['id', 'app', 'image', 'registry', 'state', 'causes', 'sure', 'opened', 'ended', 'recovery seconds'];
  return csv(header, rows.map(columnsOf));
}

function columnsOf(row: IndexRow): readonly string[] {
  const { remediation, facts, openedAtMs, closedAtMs } = row;
  const took = recoveryMs(row);
  return [
    remediation,
    appOf(row),
    withoutUserinfo(facts?.image ?? ''),
    facts?.registry ?? '',
    stateOfRow(row),
    facts?.causes.join(' ') ?? '',
    facts?.sure ?? '',
    openedAtMs === undefined ? '' : instantOf(openedAtMs),
    closedAtMs === undefined ? '' : instantOf(closedAtMs),
    took === undefined ? '' : String(Math.round(took / 1000)),
  ];
}
