// Everything that the page of one incident shows, read from storage.

import type { Finding } from '../history/diagnosis.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import type { IncidentEntry } from '../incidents/incident.ts';
import type { OutboxRow } from '../incidents/outbox.ts';
import type { Outbox } from '../ports/ports.ts';
import type { ArmId } from '../words/arm-id.ts';
import type { IncidentId } from '../words/target.ts';
import { parseIncidentId } from '../words/target.ts';
import { readStory, type Story } from './story.ts';
import { type IncidentView, incidentView, type Reading, type RemediationView } from './views.ts';

export interface IncidentStory {
  readonly incident: IncidentView;
  /** Its remediations, as far as their histories can be read; at most {@link mostMembers}. */
  readonly members: readonly RemediationView[];
  /** The findings of the look at one of its apps. */
  readonly evidence?: {
    readonly app: string;
    readonly appId: ArmId;
    readonly for: readonly Finding[];
    readonly against: readonly Finding[];
  };
  /** Each time that it was opened, the earliest first, and how it ended. */
  readonly openings: readonly Opening[];
  /** The subscriptions of its apps, with the names that could be read. */
  readonly subscriptions?: readonly { readonly id: string; readonly name?: string }[];
  /** What each incident system was told of it. */
  readonly told: readonly OutboxRow[];
}

export interface Opening {
  readonly openedAtMs: number;
  readonly closedAtMs?: number;
  readonly how?: 'resolved' | 'withdrawn';
  readonly because?: (IncidentEntry & { kind: 'incident-closed' })['because'];
}

/** How many members are read with their histories. */
const mostMembers = 30;

/** The story of one incident; `undefined` if there is none with this id, or if its history cannot be read. */
export async function readIncidentStory(ports: Reading & Outbox, text: string): Promise<IncidentStory | undefined> {
  const id = parseIncidentId(text);
  const incident = id === undefined ? undefined : await incidentView(ports, id);
  if (id === undefined || incident === undefined) return undefined;
  const [stories, openings, told] = await Promise.all([
    Promise.all(incident.members.slice(0, mostMembers).map((member) => storyOrNone(ports, member))),
    openingsOf(ports, id),
    ports.outbox.of(id),
  ]);
  const read = stories.filter((story) => story !== undefined);
  const first =
    read.find(({ diagnosis, remediation }) => diagnosis !== undefined && remediation.closed === undefined) ?? read[0];
  const { diagnosis } = first ?? {};
  return {
    incident,
    members: read.map(({ remediation }) => remediation),
    openings,
    told: told.map(({ value }) => value),
    ...(first === undefined || diagnosis === undefined
      ? {}
      : {
          evidence: {
            app: first.remediation.target.appName,
            appId: first.remediation.target.appId,
            for: diagnosis.for,
            against: diagnosis.against,
          },
        }),
  };
}

async function storyOrNone(ports: Reading, id: string): Promise<Story | undefined> {
  try {
    return await readStory(ports, id);
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    return undefined;
  }
}

async function openingsOf({ incidents }: Reading, id: IncidentId): Promise<readonly Opening[]> {
  const openings: Opening[] = [];
  for (const { entry, atMs } of await incidents.read(id)) {
    const last = openings.at(-1);
    if (entry.kind === 'incident-opened') openings.push({ openedAtMs: atMs });
    if (entry.kind === 'incident-closed' && last !== undefined)
      openings[openings.length - 1] = { ...last, closedAtMs: atMs, how: entry.how, because: entry.because };
  }
  return openings;
}
