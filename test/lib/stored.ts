// What a run on memory ports has stored: its remediations, and the kinds of its entries.
import { listRemediations, type RemediationView } from '../../src/lib/console/views.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { Memory } from './memory-ports.ts';

/** The one remediation that there is. Throws if there are more, or none. */
export async function onlyRemediation({ ports }: Memory): Promise<RemediationView> {
  const [view, ...others] = await listRemediations(ports);
  if (view === undefined || others.length > 0)
    throw new Error(`There are ${others.length + (view ? 1 : 0)} remediations.`);
  return view;
}

/** The kinds of all entries, in the order in which they were stored. */
export function storedKinds({ histories }: Memory): Entry['kind'][] {
  return [...histories.all.values()].flat().map(({ text }) => (JSON.parse(text) as Entry).kind);
}
