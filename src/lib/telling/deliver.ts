// Tells one system of one incident: whatever it was not told yet. The call is written to the outbox before it is made, and its result right
// after it.
// The room telling/ holds the way of an incident out of the outbox to the systems. Not here: what a system expects (incidents/systems/).

import type { Diagnosis } from '../history/diagnosis.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import { tryReadTarget, understood } from '../history/targets.ts';
import { askedAfter } from '../incidents/asked-questions.ts';
import { foldIncident, type Incident, type IncidentHistory, type NotedQuestion } from '../incidents/incident.ts';
import { incidentFacts } from '../incidents/incident-facts.ts';
import { isToRepeat, nextCall } from '../incidents/next-call.ts';
import { type Begun, type Call, type OutboxRow, questionKey } from '../incidents/outbox.ts';
import type { Failure, IncidentSystem, QuestionTelling, Telling, Told } from '../incidents/system.ts';
import type { Clock, EventLog, Histories, IncidentSystems, Incidents, Names, Outbox } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import type { Tell } from '../signals/tell.ts';
import { type IncidentId, parseRemediationId } from '../words/target.ts';
import { failed } from './failures.ts';
import { heldUp, noteTaken } from './standing.ts';
import { withinRow } from './within-row.ts';

/** The roles that telling uses. */
export type Delivering = Clock & Names & Histories & Incidents & Outbox & IncidentSystems & EventLog;

/** A host that makes a call has it for itself for this time, in milliseconds: longer than all requests of one call may take. */
export const leaseMs = 180_000;
/** Calls that one message makes at most; what is left is due at once and found by the schedule. */
const mostCalls = 6;
/** When to look again at what cannot be told now, for a reason that no retry changes. Milliseconds. */
const idleMs = 30 * 60_000;

/** How long to wait for a change that was noted and is not made yet. Milliseconds. */
const awaitMs = 10_000;

/** One row on its way, with the version that it was read in. */
interface Work {
  readonly ports: Delivering;
  readonly config: Config;
  readonly system: IncidentSystem;
  row: OutboxRow;
  version: string;
}

/**
 * Tells what there is to tell. A message that comes several times, too early or to two hosts at once tells nothing twice. Answers when the
 * row is due again; `undefined` when nothing is. Throws only when the store cannot be reached.
 */
export async function deliver(
  ports: Delivering,
  config: Config,
  { incident, system }: Tell,
): Promise<number | undefined> {
  const stored = await ports.outbox.read(incident, system);
  if (stored === undefined) return undefined;
  const { value: row, version } = stored;
  if (row.dueAtMs === undefined || row.dueAtMs > ports.now() || isLeased(row, ports.now())) return row.dueAtMs;
  const adapter = await ports.incidentSystems.named(system);
  if (adapter === undefined) return putBack(ports, row, version, undefined);
  const work: Work = { ports, config, system: adapter, row, version };
  for (let calls = 0; calls < mostCalls; calls += 1) {
    const outcome = await oneCall(work);
    if (outcome !== 'again') return outcome.dueAtMs;
  }
  return work.row.dueAtMs;
}

function isLeased({ begun }: OutboxRow, nowMs: number): boolean {
  return begun !== undefined && begun.leaseUntilMs > nowMs;
}

type AfterCall = 'again' | { readonly dueAtMs?: number };

async function oneCall(work: Work): Promise<AfterCall> {
  const { ports, config, row, system } = work;
  const nowMs = ports.now();
  if (config.mode === 'observe' && !config.settings.incidents.inObserve) return later(work, nowMs + idleMs);
  const untilMs = await heldUp(ports, row.system);
  if (untilMs === 'off') {
    work.row = { ...row, dead: true };
    return later(work, undefined);
  }
  if (untilMs !== undefined) return later(work, untilMs);
  const history = await readIncident(ports, row.incident);
  if (history === undefined) return later(work, nowMs + idleMs);
  // A change was noted, and is not made yet.
  const { awaits } = row;
  if (awaits !== undefined && history.lastSeq < awaits.seq && nowMs < awaits.untilMs)
    return later(work, nowMs + awaitMs);
  const call = callFor(row, history, nowMs, system);
  if (call.kind === 'rest') {
    // A question that was not announced in its time is not announced any more.
    if (row.begun?.call.do === 'ask') work.row = withoutBegun(row);
    return later(work, call.untilMs);
  }
  const begun = beginning(work, call.call, history);
  if (!(await moveTo(work, { ...row, opening: openingOf(row, begun), begun }))) return {};
  return finish(work, begun, withinRow(await make(work, begun, await asBegun(ports, begun, history))), history);
}

function withoutBegun({ begun: _begun, ...kept }: OutboxRow): OutboxRow {
  return kept;
}

/** An end that is told again is told as it was, also where the incident was opened again meanwhile: that is the next call. */
async function asBegun(ports: Delivering, { call, seq }: Begun, history: IncidentHistory): Promise<IncidentHistory> {
  const { incident, lastSeq } = history;
  if (call.do !== 'resolve' || incident === undefined || incident.closed !== undefined || seq >= lastSeq)
    return history;
  return (await readIncident(ports, incident.id, seq)) ?? history;
}

async function later(work: Work, dueAtMs: number | undefined): Promise<AfterCall> {
  await putBack(work.ports, work.row, work.version, dueAtMs);
  return dueAtMs === undefined ? {} : { dueAtMs };
}

async function putBack(
  ports: Delivering,
  row: OutboxRow,
  version: string,
  dueAtMs: number | undefined,
): Promise<number | undefined> {
  const { dueAtMs: _due, ...kept } = row;
  // Where another host or a change was first, that one says when the row is due.
  await ports.outbox.write(dueAtMs === undefined ? kept : { ...kept, dueAtMs }, version);
  return dueAtMs;
}

/** False if another host or a change of the incident was first. */
async function moveTo(work: Work, row: OutboxRow): Promise<boolean> {
  if ((await work.ports.outbox.write(row, work.version)) === 'taken') return false;
  const stored = await work.ports.outbox.read(row.incident, row.system);
  if (stored === undefined) return false;
  work.row = stored.value;
  work.version = stored.version;
  return work.row.begun?.holder === row.begun?.holder;
}

/** The incident as it read after the entry `untilSeq`, or as it reads now; `undefined`, and a line in the log, where it cannot be read. */
async function readIncident(
  ports: Delivering,
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

function callFor(row: OutboxRow, { incident, lastSeq }: IncidentHistory, nowMs: number, system: IncidentSystem) {
  const { begun } = row;
  if (begun !== undefined && (incident === undefined || isToRepeat(begun, incident, lastSeq, nowMs)))
    return { kind: 'call', call: begun.call } as const;
  return nextCall(row, incident, lastSeq, nowMs, system.reopenWindowMs);
}

function beginning({ ports, row }: Work, call: Call, { lastSeq }: IncidentHistory): Begun {
  const nowMs = ports.now();
  const lease = { leaseUntilMs: nowMs + leaseMs, holder: ports.outbox.newHolder() };
  const before = row.begun;
  if (before !== undefined && sameCall(before.call, call)) return { ...before, ...lease, again: true };
  const opening = call.do === 'open' ? row.opening + 1 : row.opening;
  const delivery = `${keyOf(row.incident, opening)}.${nameOf(call)}.${lastSeq}`;
  return { call, delivery, seq: lastSeq, atMs: nowMs, ...lease, again: false };
}

function sameCall(a: Call, b: Call): boolean {
  return nameOf(a) === nameOf(b);
}

function nameOf(call: Call): string {
  return 'question' in call ? `${call.stage}.${call.question}` : call.do;
}

function openingOf({ opening }: OutboxRow, { call, again }: Begun): number {
  return call.do === 'open' && !again ? opening + 1 : opening;
}

/** The name of an incident in every system. An incident that is opened anew has another one, so that the closed one is not found by it. */
export function keyOf(incident: IncidentId, opening: number): string {
  return `pullmedic-${incident}-${opening}`;
}

/** Makes the call. An adapter that throws has a mistake: it is tried again like a call without an answer. */
async function make(work: Work, begun: Begun, history: IncidentHistory): Promise<Told> {
  const { incident } = history;
  if (incident === undefined) return { kind: 'told' };
  try {
    return await ask(work, begun, incident, await diagnosisOf(work.ports, incident));
  } catch (error) {
    const detail = error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error';
    return { kind: 'failed', failure: { why: 'no-answer', detail } };
  }
}

async function ask(work: Work, begun: Begun, incident: Incident, diagnosis: Diagnosis | undefined): Promise<Told> {
  const { system, row, config } = work;
  const { call, receipt, again, delivery, atMs } = begun;
  if (receipt !== undefined && system.settle !== undefined) return system.settle(receipt);
  const facts = incidentFacts(incident, config.settings.incidents, diagnosis);
  const key = keyOf(row.incident, row.opening);
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
async function diagnosisOf(ports: Delivering, { members }: Incident): Promise<Diagnosis | undefined> {
  const member = members.find(({ left }) => left === undefined) ?? members[0];
  const id = parseRemediationId(member?.remediation ?? '');
  if (id === undefined) return undefined;
  const read = await tryReadTarget(ports, id.target);
  return read.read ? read.history.remediations.find((one) => one.id === id.id)?.bestDiagnosis?.diagnosis : undefined;
}

/** Writes down what became of the call, also where the incident changed meanwhile. */
async function finish(work: Work, begun: Begun, told: Told, { incident }: IncidentHistory): Promise<AfterCall> {
  const { ports } = work;
  const nowMs = ports.now();
  say(work, begun, told);
  for (let tries = 0; tries < mostWrites; tries += 1) {
    const stored =
      tries === 0
        ? { value: work.row, version: work.version }
        : await ports.outbox.read(work.row.incident, work.row.system);
    if (stored === undefined || stored.value.begun?.holder !== begun.holder) return {};
    const after =
      told.kind === 'failed'
        ? await failed(ports, stored.value, begun, told.failure, work.system.findLagMs)
        : tookEffect(stored.value, begun, told, incident?.questions ?? [], nowMs);
    work.row = after;
    if ((await ports.outbox.write(after, stored.version)) === 'written') return goOn(work, told);
  }
  throw new Error('The outbox is too busy.');
}

/** How often the result of a call is written where changes of the incident come in between. */
const mostWrites = 16;

async function goOn(work: Work, told: Told): Promise<AfterCall> {
  const { incident, system, dueAtMs } = work.row;
  // A system that takes a call in takes our key, also where it does the call later.
  if (told.kind !== 'failed') await noteTaken(work.ports, system);
  if (told.kind !== 'told') return dueAtMs === undefined ? {} : { dueAtMs };
  const stored = await work.ports.outbox.read(incident, system);
  if (stored === undefined || isLeased(stored.value, work.ports.now())) return {};
  work.row = stored.value;
  work.version = stored.version;
  return 'again';
}

/** How long to wait before a system is asked what became of a call that it took in. Milliseconds. */
const settleMs = 5000;

function tookEffect(
  row: OutboxRow,
  begun: Begun,
  told: Exclude<Told, { kind: 'failed' }>,
  questions: readonly NotedQuestion[],
  nowMs: number,
): OutboxRow {
  if (told.kind === 'accepted')
    return {
      ...row,
      begun: { ...begun, leaseUntilMs: nowMs, again: true, receipt: told.receipt },
      tries: row.tries + 1,
      dueAtMs: nowMs + settleMs * (row.tries + 1),
    };
  const { begun: _begun, failure: _failure, dead: _dead, external: before, ...kept } = row;
  const external = told.external ?? before;
  return {
    ...kept,
    state: begun.call.do === 'resolve' ? 'resolved' : 'open',
    // A change that was noted meanwhile is seen by the next call: it asks for what is to be told anyway.
    dueAtMs: nowMs,
    tries: 0,
    toldAtMs: nowMs,
    toldSeq: 'question' in begun.call ? row.toldSeq : begun.seq,
    asked: askedAfter(row.asked, begun.call, questions),
    ...(external === undefined ? {} : { external }),
  };
}

function say({ ports, row }: Work, { call, again }: Begun, told: Told): void {
  const about = { incident: row.incident, system: row.system, call: nameOf(call) };
  if (told.kind !== 'failed') return ports.log('incident-told', { ...about, ...(again ? { again } : {}) });
  const { why, detail }: Failure = told.failure;
  return ports.log('incident-not-told', { ...about, why, detail, tries: row.tries + 1 });
}
