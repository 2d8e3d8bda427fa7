// Remediations as short rows of a list: what it is about, where it stands, and what happens next.

import { withoutUserinfo } from '../words/userinfo.ts';
import { type Html, html } from './html.ts';
import type { UnreadableView } from './lists.ts';
import { asSentence, badge, exactInstant, instant, sayLength } from './pieces.ts';
import { sayActions, sayCauses, shownState } from './view-words.ts';
import type { RemediationView } from './views.ts';
import { sayUnreadableHistory, sayWait } from './words.ts';

/** One row a remediation, each with a link to its page. */
export function remediationRows(views: readonly RemediationView[], nowMs: number): Html {
  return html`<ul class="rows">${views.map((view) => remediationRow(view, nowMs))}</ul>`;
}

function remediationRow(view: RemediationView, nowMs: number): Html {
  return html`<li><p><a href="/api/history/${view.id}"><strong>${view.target.appName}</strong></a> ${badge(shownState(view))} ${whenOf(view, nowMs)}</p>
<p>${asSentence(sayCauses(view))}; ${sayActions(view)}.</p><p class="meta">${withoutUserinfo(view.target.image)}${nextOf(view, nowMs)}${view.archived ? ' · in the archive' : undefined}</p></li>`;
}

function whenOf({ closed, openedAtMs, times }: RemediationView, nowMs: number): Html {
  if (closed === undefined) return html`<span class="meta">opened ${instant(openedAtMs, nowMs)}</span>`;
  const took =
    times.recoveredAtMs === undefined
      ? undefined
      : html`, after ${sayLength(times.recoveredAtMs - (times.failedAtMs ?? times.detectedAtMs))}`;
  return html`<span class="meta">${instant(closed.atMs, nowMs)}${took}</span>`;
}

/** What a live remediation waits for, and when pullmedic looks again. */
function nextOf({ decision, dueAtMs, closed, target }: RemediationView, nowMs: number): Html | undefined {
  if (closed !== undefined || dueAtMs === undefined) return undefined;
  const waits = decision?.do === 'wait' ? ` ${sayWait(decision.because, target.appId)}` : '';
  return html` ·${waits} Next look ${instant(dueAtMs, nowMs)}.`;
}

/** Histories that cannot be read: all that the index knows of them. */
export function unreadableCards(unreadable: readonly UnreadableView[]): Html | undefined {
  if (unreadable.length === 0) return undefined;
  return html`<h2>Histories that cannot be read</h2><ul class="cards">${unreadable.map(
    (
      view,
    ) => html`<li class="bad-edge"><p><strong>${view.appId.split('/').at(-1) ?? view.appId}</strong> ${badge('unreadable')} ${sayUnreadableHistory(view.why)}.</p>
<p class="meta">${view.id} · last written ${exactInstant(view.updatedAtMs)}</p></li>`,
  )}</ul>`;
}
