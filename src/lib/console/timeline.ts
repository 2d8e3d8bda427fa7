// Every entry of a remediation in its order: what says something new stands open, looks that changed nothing are folded together.

import type { Entry } from '../history/entries.ts';
import type { StoredEntry } from '../history/ledger.ts';
import { instantOf } from '../words/say-instant.ts';
import { type Surenesses, surenessesIn } from './decision-sureness.ts';
import { decisionReasons, entryDetails, ruleLine } from './entry-details.ts';
import { type Group, groupsOf } from './entry-groups.ts';
import { type Html, html } from './html.ts';
import { exactInstant, folded, sayLength } from './pieces.ts';
import { withIdentityName } from './view-words.ts';
import type { RemediationView } from './views.ts';
import { sayEntry } from './words.ts';

type Names = Pick<RemediationView, 'pullsAs'> & Partial<Pick<RemediationView, 'target'>>;

/** What all items of one timeline share. */
interface Told extends Names {
  readonly startMs: number;
  readonly sure: Surenesses;
}

export function timeline(entries: readonly StoredEntry<Entry>[], names: Names): Html {
  const told = { ...names, startMs: entries[0]?.atMs ?? 0, sure: surenessesIn(entries) };
  return html`<ol class="timeline">${groupsOf(entries).map((group) => item(group, told))}</ol>`;
}

function item(group: Group, told: Told): Html {
  if (group.kind === 'step') return html`<li>${stepItem(group, told)}</li>`;
  const { startMs } = told;
  const { entries } = group;
  const looks = entries.filter(({ entry }) => entry.kind === 'looked').length;
  const what = looks === 0 ? `${entries.length} entries` : `${looks} ${looks === 1 ? 'look' : 'looks'}`;
  const lastMs = entries.at(-1)?.atMs ?? startMs;
  const summary = html`${what} in which nothing changed, until ${exactInstant(lastMs).slice(11, 19)} (+${sayLength(lastMs - startMs)})`;
  return html`<li class="repeats">${folded(summary, html`<p class="meta">They say again what stands above. The JSON of this page has each in full.</p>${repeatList(entries, startMs)}`)}</li>`;
}

/** How many repeats are listed from the beginning, and how many from the end. */
const mostListed = 30;

/** One line for each entry that only repeats, so that the page of a long wait stays small. */
function repeatList(entries: readonly StoredEntry<Entry>[], startMs: number): Html {
  const line = ({ atMs, entry }: StoredEntry<Entry>): Html =>
    html`<li>${exactInstant(atMs).slice(0, 19)} (+${sayLength(atMs - startMs)}) ${repeatWords[entry.kind] ?? entry.kind}`;
  const left = entries.length - 2 * mostListed;
  if (left <= 0) return html`<ol>${entries.map(line)}</ol>`;
  return html`<ol>${entries.slice(0, mostListed).map(line)}<li>and so on, ${left} more</li>${entries.slice(-mostListed).map(line)}</ol>`;
}

/** What repeats, in short. */
const repeatWords: Readonly<Partial<Record<Entry['kind'], string>>> = {
  looked: 'looked',
  decided: 'decided the same',
  'put-off': 'put off',
  'signal-joined': 'a signal joined',
};

/** A look folds its evidence away, unless it is the one on which the decision rests. */
function stepItem({ stored, decision, decides }: Group & { kind: 'step' }, told: Told): Html {
  const head = headOf(stored, told);
  const of = told.target?.appId;
  if (stored.entry.kind !== 'looked') return html`${head}${entryDetails(stored.entry, of)}`;
  const decided = decision?.entry.kind === 'decided' ? decision.entry : undefined;
  const words = decision === undefined ? undefined : said(decision, told);
  const evidence = html`${entryDetails(stored.entry, of)}${decided === undefined ? undefined : ruleLine(decided)}`;
  return html`${head}${words === undefined ? undefined : html`<p><strong>${words}</strong></p>`}${decided === undefined ? undefined : decisionReasons(decided, of)}${folded(decides ? 'Evidence, on which the decision rests' : 'Evidence', evidence, decides)}`;
}

/** The instant, how long after the opening it was, and the headline. */
function headOf(stored: StoredEntry<Entry>, told: Told): Html {
  const { atMs, entry } = stored;
  const words = said(stored, told);
  return html`<time datetime="${instantOf(atMs)}">${exactInstant(atMs).slice(0, 19)}</time> <span class="meta">+${sayLength(atMs - told.startMs)}</span><p>${entry.kind === 'looked' ? words : html`<strong>${words}</strong>`}</p>`;
}

function said({ seq, entry }: StoredEntry<Entry>, told: Told): string {
  return withIdentityName(sayEntry(entry, told.target?.appId, told.sure.get(seq)), told);
}
