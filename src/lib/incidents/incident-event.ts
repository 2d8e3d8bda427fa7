// What is told of an incident as an event, for receivers that are programs: CloudEvents 1.0 ("CloudEvents - Version 1.0.2", "Context
// Attributes"). docs/incident-events.md describes each member.

import { instantOf } from '../words/say-instant.ts';
import type { IncidentFacts, QuestionFacts } from './incident-facts.ts';
import { bytesOf, fittingParts, oneLine, titleWithin } from './parts.ts';
import { plainText } from './plain-text.ts';
import { remediationEventOf } from './remediation-event.ts';
import type { CloudEvent, IncidentSystem, QuestionTelling, RemediationTelling, Telling, Told } from './system.ts';

/** What an event tells. The `type` of the CloudEvent is `pullmedic.TYPE.v1`. */
export const eventTypes = [
  'incident.opened',
  'incident.updated',
  'incident.resolved',
  'incident.reopened',
  'question.asked',
  'question.reminded',
  'question.answered',
  'question.expired',
] as const;
export type EventType = (typeof eventTypes)[number];

/** What one call of a system says as an event. */
export interface IncidentEvent {
  readonly type: EventType;
  readonly telling: Telling | QuestionTelling;
}

/** What one call of a system says as an event, of an incident or of a remediation. */
export type ToldEvent = IncidentEvent | { readonly type: 'remediation'; readonly telling: RemediationTelling };

/**
 * A system that is told of everything as an event. The receiver takes each `id` once, and knows the incident or the remediation by
 * `subject`.
 */
export function eventSystem(send: (event: ToldEvent) => Promise<Told>): IncidentSystem {
  return {
    // To the receiver a reopened incident is the same one, however long ago it ended.
    reopenWindowMs: Number.POSITIVE_INFINITY,
    findLagMs: 0,
    open: (telling) => send({ type: 'incident.opened', telling }),
    update: (telling) => send({ type: 'incident.updated', telling }),
    resolve: (telling) => send({ type: 'incident.resolved', telling }),
    reopen: (telling) => send({ type: 'incident.reopened', telling }),
    ask: (telling) => send({ type: telling.stage === 'reminded' ? 'question.reminded' : 'question.asked', telling }),
    answered: (telling) =>
      send({ type: telling.stage === 'expired' ? 'question.expired' : 'question.answered', telling }),
    remediation: (telling) => send({ type: 'remediation', telling }),
  };
}

/** How many apps an event lists, from the most to none. */
const listedSizes = [40, 10, 3, 0];
/** What the text may take of the event. Bytes. */
const mostText = 8000;

/** The event, with as many apps as fit into `mostBytes` of JSON. */
export function eventOf(event: ToldEvent, mostBytes: number): CloudEvent {
  if (event.type === 'remediation') return remediationEventOf(event.telling);
  const events = listedSizes.map((listed) => eventWith(event, listed));
  const fitting = events.find((one) => bytesOf(JSON.stringify(one)) <= mostBytes);
  return fitting ?? eventWith(event, 0);
}

function eventWith({ type, telling }: IncidentEvent, listed: number): CloudEvent {
  const { facts, key, delivery, atMs } = telling;
  return {
    specversion: '1.0',
    id: delivery,
    // The same for every incident of one deployment, and the same as in older versions: receivers tell deployments apart by it.
    source: facts.links.page?.replace(/\/incidents\/[^/]*$/, '/history') ?? 'urn:pullmedic',
    type: `pullmedic.${type}.v1`,
    subject: key,
    time: instantOf(atMs),
    datacontenttype: 'application/json',
    data: {
      ...(telling.test === true ? { test: true } : {}),
      incident: incidentData(facts, listed),
      ...('question' in telling ? { question: questionData(telling.question, telling.stage) } : {}),
    },
  };
}

function incidentData(facts: IncidentFacts, listed: number): unknown {
  const { id, state, cause, sure, family, owner, severity, registry, links, ended } = facts;
  const { openedAtMs, sinceMs, occurrences, affected, unaffected, commands, verify } = facts;
  const parts = fittingParts(facts, (some) => bytesOf(plainText(some)), mostText);
  return {
    id,
    state,
    cause,
    says: facts.says,
    sure,
    family,
    owner,
    severity,
    registry,
    title: titleWithin(facts, 250),
    openedAt: instantOf(openedAtMs),
    since: instantOf(sinceMs),
    occurrences,
    affected: affected.slice(0, listed).map((app) => ({ ...app, name: oneLine(app.name) })),
    affectedCount: affected.length,
    unaffected: unaffected.slice(0, Math.min(listed, 10)).map(({ app }) => app),
    command: commands[0]?.text,
    ...(listed === 0 ? {} : { verify }),
    links,
    ...(ended === undefined ? {} : { endedAt: instantOf(ended.atMs), because: ended.because }),
    text: plainText(parts),
  };
}

function questionData({ remediation, app, question, expiresAtMs, link }: QuestionFacts, stage: string): unknown {
  return { remediation, app, question, stage, until: instantOf(expiresAtMs), ...(link === undefined ? {} : { link }) };
}
