// Puts the entries of a remediation into groups for its page: a look stands with the decision that followed it, and looks that changed
// nothing lie together, folded.

import type { Entry } from '../history/entries.ts';
import type { StoredEntry } from '../history/ledger.ts';
import { sayEntry } from './words.ts';

type Stored = StoredEntry<Entry>;

export type Group =
  /**
   * One entry, or a look and the decision right after it. `decides`: the first change, question or incident rests on this look, and its
   * evidence is shown at once.
   */
  | { readonly kind: 'step'; readonly stored: Stored; readonly decision?: Stored; readonly decides: boolean }
  /** Two or more entries in a row that repeat what stands before them. */
  | { readonly kind: 'repeats'; readonly entries: readonly Stored[] };

export function groupsOf(entries: readonly Stored[]): readonly Group[] {
  const deciding = decidingLook(entries);
  const groups: Group[] = [];
  const lastSaid = new Map<Entry['kind'], string>();
  for (const stored of entries) {
    const said = fingerprint(stored.entry);
    const repeats = said !== undefined && lastSaid.get(stored.entry.kind) === said && stored !== deciding;
    if (said !== undefined) lastSaid.set(stored.entry.kind, said);
    addTo(groups, stored, repeats, stored === deciding);
  }
  return groups.flatMap((group): readonly Group[] => {
    const [only, ...more] = group.kind === 'repeats' ? group.entries : [];
    return only !== undefined && more.length === 0 ? [{ kind: 'step', stored: only, decides: false }] : [group];
  });
}

/** The look before the first decision that changes something or needs a person; without such a decision the last look. */
export function decidingLook(entries: readonly Stored[]): Stored | undefined {
  const at = entries.findIndex(
    ({ entry }) => entry.kind === 'decided' && entry.decision.do !== 'wait' && entry.decision.do !== 'close',
  );
  return entries.slice(0, at < 0 ? entries.length : at).findLast(({ entry }) => entry.kind === 'looked');
}

/** What an entry says, where saying it again is no news; `undefined` for entries that are always news. */
function fingerprint(entry: Entry): string | undefined {
  switch (entry.kind) {
    case 'looked': {
      const { diagnosis, unread, progress } = entry;
      const findings = [...diagnosis.for, ...diagnosis.against].map(({ code }) => code);
      return JSON.stringify([sayEntry(entry), findings, unread, progress.proof, progress.readyReplica]);
    }
    case 'decided':
      return entry.decision.do === 'wait' || entry.decision.do === 'incident' || entry.decision.do === 'ask'
        ? JSON.stringify([sayEntry(entry), entry.refusals, entry.rule, entry.bound?.atMs])
        : undefined;
    case 'put-off':
    case 'signal-joined':
      return sayEntry(entry);
    case 'opened':
    case 'outcome':
    case 'answered':
    case 'asked-again':
    case 'incident-linked':
    case 'undo-asked':
    case 'undo-decided':
    case 'undo-outcome':
    case 'alert-decided':
    case 'alert-outcome':
    case 'closed':
      return undefined;
  }
}

function addTo(groups: Group[], stored: Stored, repeats: boolean, decides: boolean): void {
  const last = groups.at(-1);
  const isDecision = stored.entry.kind === 'decided';
  const look = last?.kind === 'repeats' ? last.entries.at(-1) : undefined;
  if (isDecision && last?.kind === 'step' && last.decision === undefined && last.stored.entry.kind === 'looked')
    groups[groups.length - 1] = { ...last, decision: stored };
  else if (isDecision && !repeats && last?.kind === 'repeats' && look?.entry.kind === 'looked') {
    // The look found nothing new, and the decision on it is new: the two stand together.
    const others = last.entries.slice(0, -1);
    groups.splice(-1, 1, ...(others.length === 0 ? [] : [{ kind: 'repeats', entries: others } as const]));
    groups.push({ kind: 'step', stored: look, decision: stored, decides: false });
  } else if (!repeats) groups.push({ kind: 'step', stored, decides });
  else if (last?.kind === 'repeats')
    groups[groups.length - 1] = { kind: 'repeats', entries: [...last.entries, stored] };
  else groups.push({ kind: 'repeats', entries: [stored] });
}
