// The page History: every remediation, the latest first.

import type { Part } from '../../incidents/parts.ts';
import { html } from '../html.ts';
import { addressWith, layout, type Shell } from '../layout.ts';
import type { Page } from '../lists.ts';
import { emptyState } from '../pieces.ts';
import { remediationRows, unreadableCards } from '../rows.ts';
import { counted } from '../standing.ts';
import { sayActions, sayCauses } from '../view-words.ts';

export function historyPage({ remediations, unreadable, next, total }: Page, shell: Shell): string {
  const older =
    next === undefined
      ? undefined
      : html`<p><a href="${addressWith(shell.address, { after: next })}">Older ones</a> (${total} in all)</p>`;
  return layout(
    'History',
    'history',
    html`<h1>History</h1><p class="meta">${counted(total, 'remediation', 'remediations')}, the latest first.</p>
${unreadableCards(unreadable)}${remediations.length === 0 ? emptyState(html`<p>Nothing has failed yet.</p>`) : remediationRows(remediations, shell.nowMs)}${older}`,
    shell,
  );
}

/** The page as parts of a Markdown text. */
export function historyMarkdown({ remediations, total }: Page): readonly Part[] {
  return [
    { kind: 'heading', text: 'History' },
    { kind: 'paragraph', text: counted(total, 'remediation', 'remediations') },
    {
      kind: 'list',
      items: remediations.map(
        (view) => `${view.target.appName}, ${view.closed?.how ?? view.state}: ${sayCauses(view)}; ${sayActions(view)}`,
      ),
    },
  ];
}
