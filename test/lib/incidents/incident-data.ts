// An incident as a history gives it, and the facts of it, for the tests of what is told.
import type { Incident } from '../../../src/lib/incidents/incident.ts';
import { type IncidentFacts, incidentFacts } from '../../../src/lib/incidents/incident-facts.ts';
import type { External, IncidentSystem, QuestionTelling, Telling } from '../../../src/lib/incidents/system.ts';
import type { IncidentId, RemediationId } from '../../../src/lib/words/target.ts';
import { minute, nowMs } from '../facts.ts';

export const incidentId = `i${'a'.repeat(24)}` as IncidentId;
export const places = { page: 'https://pullmedic.example', runbooks: 'https://docs.example/runbooks' };

export function remediationOf(letter: string): RemediationId {
  return `t${letter.repeat(24)}.1` as RemediationId;
}

export function appNamed(name: string): string {
  return `/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourcegroups/rg/providers/microsoft.app/containerapps/${name}`;
}

/** Open since two minutes, with two apps that fail. */
export const openIncident: Incident = {
  id: incidentId,
  key: 'incident|private-dns-unlinked|acrshop',
  cause: 'private-dns-unlinked',
  sure: 'confirmed',
  registry: 'acrshop.azurecr.io',
  runbook: {
    title: 'Link the private DNS zone to vnet-shop',
    owner: 'network team',
    advice: 'The zone has no link to the network. Link it.',
    commands: [
      { title: 'Link it', language: 'az', text: 'az network private-dns link vnet create --name link-shop' },
      { title: 'The same in Bicep', language: 'bicep', text: "resource link 'virtualNetworkLinks' = {}" },
    ],
    verify: 'az network private-dns link vnet list',
    undo: 'Delete the link.',
  },
  members: [
    { remediation: remediationOf('b'), app: appNamed('ca-orders') },
    { remediation: remediationOf('c'), app: appNamed('ca-basket') },
  ],
  questions: [],
  comparison: { atMs: nowMs, ready: [{ app: appNamed('ca-search'), sameEnvironment: true }], more: 3 },
  openedAtMs: nowMs - 2 * minute,
  occurrences: 1,
  sinceMs: nowMs - 2 * minute,
};

export const closedIncident: Incident = {
  ...openIncident,
  members: openIncident.members.map((member) => ({ ...member, left: 'recovered' as const })),
  closed: { how: 'resolved', because: 'recovered', atMs: nowMs },
};

/** A question about the first app that can be answered for four hours. */
export const question = {
  remediation: remediationOf('b'),
  app: appNamed('ca-orders'),
  question: 4,
  says: 'asked',
  askedAtMs: nowMs,
  expiresAtMs: nowMs + 240 * minute,
} as const;

export function factsOf(changes: Partial<Incident> = {}): IncidentFacts {
  return incidentFacts({ ...openIncident, ...changes }, places);
}

/** What a system is told when the incident opens. */
export const telling: Telling = {
  key: `pullmedic-${incidentId}-1`,
  delivery: `pullmedic-${incidentId}-1.open.1`,
  atMs: nowMs,
  again: false,
  facts: factsOf(),
};

/** What it is told when the incident has ended. */
export const resolving: Telling = {
  ...telling,
  facts: factsOf({ closed: { how: 'resolved', because: 'recovered', atMs: nowMs } }),
};

/** What it is told of a question. */
export const asking: QuestionTelling = { ...telling, stage: 'asked', question: { ...question, name: 'ca-orders' } };

/** Opens the incident in a system. Throws if the system does not say how it names it. */
export async function openedIn(system: IncidentSystem): Promise<External> {
  const told = await system.open(telling);
  if (told.kind !== 'told' || told.external === undefined) throw new Error('was not opened');
  return told.external;
}
