// An incident on its way to a system: what comes next follows from its history, and is told with the facts that its page shows.

import type { Diagnosis } from '../history/diagnosis.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import { tryReadTarget, understood } from '../history/targets.ts';
import { askedAfter } from '../incidents/asked-questions.ts';
import { foldIncident, type Incident, type IncidentHistory } from '../incidents/incident.ts';
import { incidentFacts } from '../incidents/incident-facts.ts';
import { isToRepeat, nextCall } from '../incidents/next-call.ts';
import { type Begun, type OutboxRow, questionKey } from '../incidents/outbox.ts';
import type { IncidentSystem, QuestionTelling, Telling, Told } from '../incidents/system.ts';
import type { EventLog, Histories, Incidents } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import { type IncidentId, parseRemediationId } from '../words/target.ts';
import { type Matter, nameOf } from './matter.ts';

type Reading = Histories & Incidents & EventLog;

/** The incident as it reads now; `undefined`, and a line in the log, where it cannot be read. Throws when the store does not answer. */
export async function readIncidentMatter(
  ports: Reading,
  config: Config,
  system: IncidentSystem,
  id: IncidentId,
): Promise<Matter | undefined> {
  const history = await readIncident(ports, id);
  if (history === undefined) return undefined;
  const { incident, lastSeq } = history;
  return {
    lastSeq,
    next(row, nowMs) {
      const { begun } = row;
      if (begun !== undefined && (incident === undefined || isToRepeat(begun, incident, lastSeq, nowMs)))
        return { kind: 'call', call: begun.call };
      return nextCall(row, history, nowMs, system.reopenWindowMs);
    },
    deliveryOf: (call, opening) => `${keyOf(id, opening)}.${nameOf(call)}.${lastSeq}`,
    async make(row, begun) {
      const told = (await asBegun(ports, begun, history)).incident;
      if (told === undefined) return { kind: 'told' };
      return ask({ system, config, key: keyOf(id, row.opening) }, row, begun, told, await diagnosisOf(ports, told));
    },
    askedAfter: (asked, call) => askedAfter(asked, call, incident?.questions ?? []),
  };
}

/** The name of an incident in every system. An incident that is opened anew has another one, so that the closed one is not found by it. */
export function keyOf(incident: IncidentId, opening: number): string {
  return `pullmedic-${incident}-${opening}`;
}

/** The incident as it read after the entry `untilSeq`, or as it reads now; `undefined`, and a line in the log, where it cannot be read. */
async function readIncident(
  ports: Incidents & EventLog,
  id: IncidentId,
  untilSeq = Number.POSITIVE_INFINITY,
): Promise<IncidentHistory | undefined> {
  try {
    const entries = (await ports.incidents.read(id)).filter(({ seq }) => seq <= untilSeq);
    return understood(() => foldIncident(id, entries));
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    ports.log('history-unreadable', { incident: id, why: error.why });
    return undefined;
  }
}

/** An end that is told again is told as it was, also where the incident was opened again meanwhile: that is the next call. */
async function asBegun(
  ports: Incidents & EventLog,
  { call, seq }: Begun,
  history: IncidentHistory,
): Promise<IncidentHistory> {
  const { incident, lastSeq } = history;
  if (call.do !== 'resolve' || incident === undefined || incident.closed !== undefined || seq >= lastSeq)
    return history;
  return (await readIncident(ports, incident.id, seq)) ?? history;
}

interface Asking {
  readonly system: IncidentSystem;
  readonly config: Config;
  readonly key: string;
}

async function ask(
  { system, config, key }: Asking,
  row: OutboxRow,
  { call, receipt, again, delivery, atMs }: Begun,
  incident: Incident,
  diagnosis: Diagnosis | undefined,
): Promise<Told> {
  if (receipt !== undefined && system.settle !== undefined) return system.settle(receipt);
  const facts = incidentFacts(incident, config.settings.incidents, diagnosis);
  const telling: Telling = { key, delivery, atMs, again, facts };
  if (call.do === 'open') return open(system, telling);
  const external = row.external ?? { id: key };
  if (!('question' in call)) return system[call.do](telling, external);
  const question = facts.questions.find((one) => questionKey(one) === call.question);
  if (question === undefined) return { kind: 'told' };
  const asking: QuestionTelling = { ...telling, question, stage: call.stage };
  return call.do === 'ask' ? system.ask(asking, external) : system.answered(asking, external);
}

/** After a try without an answer, what it may have made is looked for before anything is made again. */
async function open(system: IncidentSystem, telling: Telling): Promise<Told> {
  if (!telling.again || system.find === undefined) return system.open(telling);
  const found = await system.find(telling);
  switch (found.kind) {
    case 'found':
      return { kind: 'told', external: found.external };
    case 'failed':
      return found;
    case 'nothing':
      // It ended before any system had it: there is nothing to resolve either.
      if (telling.facts.state !== 'open')
        return { kind: 'failed', failure: { why: 'gone', detail: 'ended before it was opened' } };
      return system.open(telling);
  }
}

/** What a look at one of its apps found: of those that still fail, the one that joined first. */
async function diagnosisOf(ports: Histories, { members }: Incident): Promise<Diagnosis | undefined> {
  const member = members.find(({ left }) => left === undefined) ?? members[0];
  const id = parseRemediationId(member?.remediation ?? '');
  if (id === undefined) return undefined;
  const read = await tryReadTarget(ports, id.target);
  return read.read ? read.history.remediations.find((one) => one.id === id.id)?.bestDiagnosis?.diagnosis : undefined;
}
