// What is told of a remediation as an event. docs/incident-events.md describes each member.

import { instantOf } from '../words/say-instant.ts';
import type { QuestionFacts } from './incident-facts.ts';
import { cutText, oneLine } from './parts.ts';
import { sayQuestion } from './question-words.ts';
import type { RemediationFacts } from './remediation-facts.ts';
import type { CloudEvent, RemediationTelling } from './system.ts';

/** What such an event tells. The `type` of the CloudEvent is `pullmedic.TYPE.v1`. */
export const remediationEventTypes = ['remediation.opened', 'remediation.asks', 'remediation.closed'] as const;

/** How much of an image reference is told. UTF-16 units. */
const mostImage = 1000;
/** How many changes are told: the last ones. */
const mostChanges = 20;

const [opened, asks, closed] = remediationEventTypes;
const typeOf = { opened, asks, closed } as const satisfies Record<RemediationTelling['says'], string>;

/** The event. It is small, so there is nothing to leave out of it. */
export function remediationEventOf({ key, delivery, atMs, says, facts, question }: RemediationTelling): CloudEvent {
  return {
    specversion: '1.0',
    id: delivery,
    source: facts.page?.replace(/\/[^/]*$/, '') ?? 'urn:pullmedic',
    type: `pullmedic.${typeOf[says]}.v1`,
    subject: key,
    time: instantOf(atMs),
    datacontenttype: 'application/json',
    data: {
      remediation: remediationData(facts),
      ...(question === undefined ? {} : { question: askedData(question) }),
    },
  };
}

function remediationData(facts: RemediationFacts): unknown {
  const { id, state, app, appName, image, registry, openedAtMs, found, incident, changes, ended, page } = facts;
  return {
    id,
    state,
    app,
    name: oneLine(appName),
    image: cutText(oneLine(image), mostImage),
    registry,
    openedAt: instantOf(openedAtMs),
    ...found,
    ...(incident === undefined ? {} : { incident }),
    changes: changes.slice(-mostChanges).map(({ action, outcome, atMs }) => ({
      action,
      ...(outcome === undefined ? {} : { outcome }),
      at: instantOf(atMs),
    })),
    ...(ended === undefined ? {} : { how: ended.how, because: ended.because, closedAt: instantOf(ended.atMs) }),
    links: page === undefined ? {} : { page },
  };
}

function askedData(question: QuestionFacts): unknown {
  const { remediation, app, question: number, expiresAtMs, name, link } = question;
  return {
    remediation,
    app,
    question: number,
    stage: 'asked',
    says: oneLine(sayQuestion(question, name)),
    until: instantOf(expiresAtMs),
    ...(link === undefined ? {} : { link }),
  };
}
