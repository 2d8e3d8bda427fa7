// Everything that the page of one remediation shows, read from storage.

import type { Diagnosis } from '../history/diagnosis.ts';
import type { Entry } from '../history/entries.ts';
import type { StoredEntry } from '../history/ledger.ts';
import type { ArmId } from '../words/arm-id.ts';
import { type IncidentView, incidentView, type Reading, type RemediationView, showRemediation } from './views.ts';

export interface Story {
  readonly remediation: RemediationView;
  readonly entries: readonly StoredEntry<Entry>[];
  readonly incident?: IncidentView;
  readonly registryId?: ArmId;
  readonly environmentId?: ArmId;
  /** Of the last look that named a cause. */
  readonly diagnosis?: Diagnosis;
}

/** The story of one remediation; `undefined` if there is none with this id. Throws `UnreadableHistory`. */
export async function readStory(ports: Reading, id: string): Promise<Story | undefined> {
  const found = await showRemediation(ports, id);
  if (found === undefined) return undefined;
  const { incident: named } = found.remediation;
  const incident = named === undefined ? undefined : await incidentView(ports, named);
  return storyOf(found.remediation, found.entries, incident);
}

export function storyOf(
  remediation: RemediationView,
  entries: readonly StoredEntry<Entry>[],
  incident?: IncidentView,
): Story {
  const looks = entries.map(({ entry }) => entry).filter((entry) => entry.kind === 'looked');
  const registryId = looks.findLast(({ pulls }) => pulls?.registryId !== undefined)?.pulls?.registryId;
  const environmentId = looks.findLast(({ pulls }) => pulls?.environmentId !== undefined)?.pulls?.environmentId;
  const diagnosis = looks.findLast(({ diagnosis: one }) =>
    one.causes.some((cause) => remediation.causes.includes(cause)),
  );
  return {
    remediation,
    entries,
    ...(incident === undefined ? {} : { incident }),
    ...(registryId === undefined ? {} : { registryId }),
    ...(environmentId === undefined ? {} : { environmentId }),
    ...(diagnosis === undefined ? {} : { diagnosis: diagnosis.diagnosis }),
  };
}
