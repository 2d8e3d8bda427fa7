// Tells one system of one incident or one remediation: whatever it was not told yet. The call is written to the outbox before it is made, and
// its result right after it.
// The room telling/ holds the way of an incident or a remediation out of the outbox to the systems. Not here: what a system expects
// (incidents/systems/).

import {
  type About,
  aboutOf,
  type Begun,
  type Call,
  isFinished,
  namesOf,
  type OutboxRow,
} from '../incidents/outbox.ts';
import type { Failure, IncidentSystem, Told } from '../incidents/system.ts';
import type { Clock, EventLog, Histories, IncidentSystems, Incidents, Names, Outbox } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import { hearsOfRemediations } from '../settings/incident-settings.ts';
import type { Tell } from '../signals/tell.ts';
import { errorName } from '../words/error-code.ts';
import { mostWrites } from './announce.ts';
import { failed } from './failures.ts';
import { readIncidentMatter } from './incident-matter.ts';
import { type Matter, nameOf } from './matter.ts';
import { readRemediationMatter } from './remediation-matter.ts';
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
/** How long a row is kept after its remediation ended and the system was told of it. Milliseconds. */
export const keptMs = 24 * 3_600_000;

/** One row on its way, with the version that it was read in. */
interface Work {
  readonly ports: Delivering;
  readonly config: Config;
  readonly system: IncidentSystem;
  row: OutboxRow;
  version: string;
}

/**
 * Tells what there is to tell. A message that comes several times, too early or to two hosts at once tells nothing twice. Returns when the
 * row is due again; `undefined` when nothing is. Throws only when the store cannot be reached.
 */
export async function deliver(ports: Delivering, config: Config, tell: Tell): Promise<number | undefined> {
  const { system } = tell;
  const stored = await ports.outbox.read(aboutOf(tell), system);
  if (stored === undefined) return undefined;
  const { value: row, version } = stored;
  if (row.dueAtMs === undefined || row.dueAtMs > ports.now() || isLeased(row, ports.now())) return row.dueAtMs;
  if (isFinished(row) || !isHeardBy(config, row)) return remove(ports, row, version);
  const adapter = await ports.incidentSystems.named(system);
  if (adapter === undefined) return putBack(ports, row, version, undefined);
  const work: Work = { ports, config, system: adapter, row, version };
  for (let calls = 0; calls < mostCalls; calls += 1) {
    const outcome = await oneCall(work);
    if (outcome !== 'again') return outcome.dueAtMs;
  }
  return work.row.dueAtMs;
}

/** False for a remediation in a system that hears of incidents alone by now. */
function isHeardBy({ settings }: Config, { remediation, system }: OutboxRow): boolean {
  return remediation === undefined || hearsOfRemediations(settings.incidents.systems, system);
}

async function remove({ outbox }: Delivering, row: OutboxRow, version: string): Promise<undefined> {
  await outbox.remove(aboutOf(row), row.system, version);
  return undefined;
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
  const matter = await readMatter(ports, config, system, aboutOf(row));
  if (matter === undefined) return later(work, nowMs + idleMs);
  // A change was noted, and is not made yet.
  const { awaits } = row;
  const lastSeq = matter === 'never-opened' ? 0 : matter.lastSeq;
  if (awaits !== undefined && lastSeq < awaits.seq && nowMs < awaits.untilMs) return later(work, nowMs + awaitMs);
  if (matter === 'never-opened') {
    await remove(ports, row, work.version);
    return {};
  }
  const call = matter.next(row, nowMs);
  if (call.kind === 'rest') {
    // A question that was not announced in its time is not announced any more.
    if (row.begun?.call.do === 'ask') work.row = withoutBegun(row);
    return later(work, call.untilMs);
  }
  const begun = beginning(work, call.call, matter);
  if (!(await moveTo(work, { ...row, opening: openingOf(row, begun), begun }))) return {};
  return finish(work, begun, withinRow(await make(work, matter, begun)), matter);
}

async function readMatter(
  ports: Delivering,
  config: Config,
  system: IncidentSystem,
  about: About,
): Promise<Matter | 'never-opened' | undefined> {
  const { incident, remediation } = namesOf(about);
  return remediation === undefined
    ? readIncidentMatter(ports, config, system, incident)
    : readRemediationMatter(ports, config, system, remediation);
}

function withoutBegun({ begun: _begun, ...kept }: OutboxRow): OutboxRow {
  return kept;
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
  const stored = await work.ports.outbox.read(aboutOf(row), row.system);
  if (stored === undefined) return false;
  work.row = stored.value;
  work.version = stored.version;
  return work.row.begun?.holder === row.begun?.holder;
}

function beginning({ ports, row }: Work, call: Call, matter: Matter): Begun {
  const nowMs = ports.now();
  const lease = { leaseUntilMs: nowMs + leaseMs, holder: ports.outbox.newHolder() };
  const before = row.begun;
  if (before !== undefined && sameCall(before.call, call)) return { ...before, ...lease, again: true };
  const opening = call.do === 'open' ? row.opening + 1 : row.opening;
  const delivery = matter.deliveryOf(call, opening);
  return { call, delivery, seq: matter.lastSeq, atMs: nowMs, ...lease, again: false };
}

function sameCall(a: Call, b: Call): boolean {
  return nameOf(a) === nameOf(b);
}

function openingOf({ opening }: OutboxRow, { call, again }: Begun): number {
  return call.do === 'open' && !again ? opening + 1 : opening;
}

/** Makes the call. An adapter that throws has a mistake: it is tried again like a call without an answer. */
async function make({ row }: Work, matter: Matter, begun: Begun): Promise<Told> {
  try {
    return await matter.make(row, begun);
  } catch (error) {
    return { kind: 'failed', failure: { why: 'no-answer', detail: errorName(error) } };
  }
}

/** Writes down what became of the call, also where the row changed meanwhile. */
async function finish(work: Work, begun: Begun, told: Told, matter: Matter): Promise<AfterCall> {
  const { ports } = work;
  const nowMs = ports.now();
  say(work, begun, told);
  for (let tries = 0; tries < mostWrites; tries += 1) {
    const stored =
      tries === 0
        ? { value: work.row, version: work.version }
        : await ports.outbox.read(aboutOf(work.row), work.row.system);
    if (stored === undefined || stored.value.begun?.holder !== begun.holder) return {};
    const after =
      told.kind === 'failed'
        ? await failed(ports, stored.value, {
            begun,
            failure: told.failure,
            findLagMs: work.system.findLagMs,
            lastSeq: matter.lastSeq,
          })
        : tookEffect(stored.value, begun, told, matter, nowMs);
    work.row = after;
    if ((await ports.outbox.write(after, stored.version)) === 'written') return goOn(work, told);
  }
  throw new Error('The outbox is too busy.');
}

async function goOn(work: Work, told: Told): Promise<AfterCall> {
  const { system, dueAtMs } = work.row;
  // A system that takes a call in takes our key, also where it does the call later.
  if (told.kind !== 'failed') await noteTaken(work.ports, system);
  if (told.kind !== 'told') return dueAtMs === undefined ? {} : { dueAtMs };
  if (isFinished(work.row)) return {};
  const stored = await work.ports.outbox.read(aboutOf(work.row), system);
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
  matter: Matter,
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
    // A change that was noted meanwhile is seen by the next call: it asks for what is to be told anyway. A remediation that ended has no
    // next call, and its row is removed then.
    dueAtMs: begun.call.do === 'resolve' && row.remediation !== undefined ? nowMs + keptMs : nowMs,
    tries: 0,
    toldAtMs: nowMs,
    toldSeq: 'question' in begun.call ? row.toldSeq : begun.seq,
    asked: matter.askedAfter(row.asked, begun.call),
    ...(external === undefined ? {} : { external }),
  };
}

function say({ ports, row }: Work, { call, again }: Begun, told: Told): void {
  const about = { ...namesOf(aboutOf(row)), system: row.system, call: nameOf(call) };
  const of = row.remediation === undefined ? 'incident' : 'remediation';
  if (told.kind !== 'failed') return ports.log(`${of}-told`, { ...about, ...(again ? { again } : {}) });
  const { why, detail }: Failure = told.failure;
  return ports.log(`${of}-not-told`, { ...about, why, detail, tries: row.tries + 1 });
}
