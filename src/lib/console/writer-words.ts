// Words for who deployed: who wrote the app last before it failed, and who wrote it since.

import type { LastWrite, SeenWrite } from '../evidence/last-write.ts';
import type { ArmId } from '../words/arm-id.ts';
import { sayFor } from '../workloads/sentences.ts';
import { type Html, html } from './html.ts';
import { exactInstant, instant } from './pieces.ts';
import type { RemediationView } from './views.ts';

/** Who deployed what failed. That it was not read is said as such, and never as "nobody". */
export function sayWriter(
  { writes, actions, target }: Pick<RemediationView, 'writes' | 'actions'> & Partial<Pick<RemediationView, 'target'>>,
  nowMs: number,
): Html {
  if (writes === undefined) return html`${sayFor(target?.appId, notRead)}`;
  const made = actions.findLast(({ action, outcome }) => action === 'new-revision' && outcome === 'done');
  const ours =
    writes.since === undefined || made === undefined
      ? undefined
      : html` pullmedic itself made a revision at ${exactInstant(made.atMs)}.`;
  const since =
    writes.since === undefined
      ? undefined
      : html` Written again since: ${writeOf(writes.since, nowMs, target?.appId)}.${ours}`;
  return html`${writeOf(writes.first, nowMs, target?.appId)}${writes.first === 'not-said' ? undefined : html`, the last write before the first look`}.${since}`;
}

const notRead =
  'Not read: no look has read the app yet, or an older version recorded them. The Activity Log of the app names who wrote it.';

function writeOf(write: SeenWrite, nowMs: number, of: ArmId | undefined): Html {
  if (write === 'not-said') return html`${sayFor(of, 'Azure does not say who wrote the app last')}`;
  return html`<strong>${write.by}</strong>${kindOf(write)}, ${instant(write.atMs, nowMs)} (${exactInstant(write.atMs)})`;
}

/** The same as one line of text. */
export function writerLine({ writes }: Pick<RemediationView, 'writes'>): string {
  if (writes === undefined) return 'not read';
  const { first } = writes;
  return first === 'not-said' ? 'Azure does not say' : `${first.by}${kindOf(first)}, ${exactInstant(first.atMs)}`;
}

/** Kinds of writers (REST specification of `systemData`). A kind that is not known is shown as it stands. */
function kindOf({ kind }: LastWrite): string {
  if (kind === undefined) return '';
  const said = kinds.get(kind) ?? kind;
  return ` (${said})`;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['User', 'a person'],
  ['Application', 'an application'],
  ['ManagedIdentity', 'a managed identity'],
  ['Key', 'a key'],
]);
