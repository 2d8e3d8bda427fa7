// What pages say of an incident: its end, how often it came back, its commands, and the apps that do not fail.

import { sayIncidentEnd, sayRecurrence } from '../incidents/incident-words.ts';
import { type Html, html } from './html.ts';
import { commandBlock, exactInstant } from './pieces.ts';
import { sayRunbookUndo } from './undo-words.ts';
import type { IncidentView, RemediationView } from './views.ts';

/** The commands of an incident, how to see that they worked, and how to undo them. */
export function commandsOf(view: Pick<IncidentView, 'commands' | 'verify' | 'undo'>): Html {
  return html`${view.commands.map(({ title, language, text }) => commandBlock(`${title} (${language}):`, text))}${commandBlock('Verify:', view.verify)}${commandBlock('Undo of these commands:', sayRunbookUndo(view.undo))}`;
}

/** How often it came back, and how it ended. `members`: its remediations, whose last looks say whether the cause could be read. */
export function courseOf(view: IncidentView, members: readonly Pick<RemediationView, 'causeReads'>[] = []): Html {
  const again = sayRecurrence(view.occurrences, exactInstant(view.sinceMs));
  const isUnread = view.because === 'recovered' && members.some(({ causeReads }) => causeReads === 'cannot-tell');
  const unread = isUnread ? ' Whether the cause is gone could not be read.' : '';
  const end = view.because === undefined ? undefined : `${sayIncidentEnd(view.because, view.left, view.apps)}${unread}`;
  return html`${again === undefined ? undefined : html`<p><strong>${again}</strong></p>`}${end === undefined ? undefined : html`<p>${end}</p>`}`;
}

/** Workloads that use the same registry and do not fail. They show the reader at once how far the trouble reaches. */
export function comparisonOf({ ready }: IncidentView): Html | undefined {
  if (ready === undefined) return undefined;
  if (ready.ready.length === 0)
    return html`<p class="meta">At ${exactInstant(ready.atMs)} no other workload with images of this registry was ready.</p>`;
  const names = ready.ready.map(
    ({ app, sameEnvironment }) => `${app.split('/').at(-1) ?? app}${sameEnvironment ? ' (same environment)' : ''}`,
  );
  const more = ready.more === 0 ? '' : ` and ${ready.more} more`;
  return html`<p class="meta">Ready with images of the same registry, at ${exactInstant(ready.atMs)}: ${names.join(', ')}${more}.</p>`;
}
