// The page History: every remediation, what goes on first and then what has ended.

import type { Part } from '../../incidents/parts.ts';
import { type Html, html } from '../html.ts';
import { addressWith, layout, type Shell } from '../layout.ts';
import type { Page } from '../lists.ts';
import { emptyState } from '../pieces.ts';
import { remediationRows, unreadableCards } from '../rows.ts';
import { counted } from '../standing.ts';
import { sayActions, sayCauses } from '../view-words.ts';

export function historyPage({ remediations, unreadable, skipped, next }: Page, shell: Shell): string {
  const older =
    next === undefined
      ? undefined
      : html`<p><a href="${addressWith(shell.address, { after: next })}">Older ones</a></p>`;
  return layout(
    'History',
    'history',
    html`<h1>History</h1><p class="meta">What goes on, the latest opening first; then what has ended, the latest end first.</p>
${saySkipped(skipped)}${unreadableCards(unreadable)}${remediations.length === 0 ? emptyState(html`<p>Nothing has failed yet.</p>`) : remediationRows(remediations, shell.nowMs)}${older}`,
    shell,
  );
}

function saySkipped(skipped: number): Html | undefined {
  if (skipped === 0) return undefined;
  return html`<p>${counted(skipped, 'row', 'rows')} of this page cannot be read: a newer version or a person wrote them.</p>`;
}

/** The page as parts of a Markdown text. */
export function historyMarkdown({ remediations }: Page): readonly Part[] {
  return [
    { kind: 'heading', text: 'History' },
    { kind: 'paragraph', text: `${counted(remediations.length, 'remediation', 'remediations')} on this page` },
    {
      kind: 'list',
      items: remediations.map(
        (view) => `${view.target.appName}, ${view.closed?.how ?? view.state}: ${sayCauses(view)}; ${sayActions(view)}`,
      ),
    },
  ];
}
