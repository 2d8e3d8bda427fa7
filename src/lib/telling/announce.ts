// A change of an incident goes into the outbox before it is made, for every system that is to hear of it.

import type { Incident, IncidentHistory } from '../incidents/incident.ts';
import { environmentsIn, severityOf, subscriptionsIn } from '../incidents/incident-facts.ts';
import { type About, namesOf, newRow, noted, type OutboxRow, type Versioned } from '../incidents/outbox.ts';
import { type RouteQuestion, route } from '../incidents/route.ts';
import type { Clock, EventLog, Outbox, Queues } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import type { IncidentId } from '../words/target.ts';

/** The roles that announcing uses. */
export type Announcing = Clock & Outbox & Queues & EventLog;

/**
 * Notes that an incident changes. Returns the systems that are to be sent a message. `after` is the incident as it will read. A system
 * that heard of it once hears of it to its end, whatever the routes say by then. Throws when the store cannot be reached.
 */
export async function noteChange(
  ports: Announcing,
  config: Config,
  id: IncidentId,
  after: IncidentHistory,
): Promise<readonly string[]> {
  const { incidents } = config.settings;
  if (after.incident === undefined || Object.keys(incidents.systems).length === 0) return [];
  const rows = await ports.outbox.of(id);
  const { to: wanted, undecided = [] } = route(incidents, config.mode, questionAbout(after.incident, ports.now()));
  if (undecided.length > 0)
    ports.log('route-not-known', { incident: id, routes: undecided.map((at) => at + 1).join() });
  return noteFor(ports, { about: id, seq: after.lastSeq }, rows, wanted);
}

/** Sends a message for each system. A message that is not sent is made up for by the schedule, so that no remediation waits for it. */
export async function sendTells(
  ports: Queues & Clock & EventLog,
  about: About,
  systems: readonly string[],
): Promise<void> {
  for (const system of systems) {
    const tell = { ...namesOf(about), system };
    try {
      await ports.queue.sendTell(tell, ports.now());
    } catch {
      ports.log('tell-not-queued', tell);
    }
  }
}

/** What a route can ask of this incident now. */
export function questionAbout(incident: Incident, atMs: number): RouteQuestion {
  const { cause, registry, runbook } = incident;
  return {
    cause,
    owner: runbook.owner,
    severity: severityOf(incident),
    registry,
    atMs,
    subscriptions: subscriptionsIn(incident),
    environments: environmentsIn(incident),
  };
}

/** What systems are to be told of: a change that is made once the history has the entry of this number. */
interface NotedChange {
  readonly about: About;
  readonly seq: number;
}

/** Notes it for every system that has a row of it, and for the wanted ones. Returns the systems that are to be sent a message. */
export async function noteFor(
  ports: Announcing,
  change: NotedChange,
  rows: readonly Versioned<OutboxRow>[],
  wanted: readonly string[],
): Promise<readonly string[]> {
  const known = new Set(rows.map(({ value }) => value.system));
  const told = await Promise.all([
    ...rows.map((row) => noteRow(ports, change, row.value.system, row)),
    ...wanted.filter((system) => !known.has(system)).map((system) => noteRow(ports, change, system)),
  ]);
  return told.flat();
}

/** How often a row is written where others write it too. */
export const mostWrites = 16;

/**
 * The system, once its row says that it is due. A row that cannot be read is set aside: this system is not told, and neither the other
 * systems nor the remediation wait for it.
 */
async function noteRow(
  ports: Announcing,
  { about, seq }: NotedChange,
  system: string,
  first?: Versioned<OutboxRow>,
): Promise<readonly string[]> {
  const { outbox } = ports;
  let stored = first;
  for (let tries = 0; tries < mostWrites; tries += 1) {
    const row = stored?.value ?? newRow(about, system);
    if ((await outbox.write(noted(row, seq, ports.now()), stored?.version)) === 'written') return [system];
    stored = await outbox.read(about, system);
    if (stored === undefined && (await outbox.setAside(about, system)) === 'set-aside') {
      ports.log('outbox-row-unreadable', { ...namesOf(about), system });
      return [];
    }
  }
  throw new Error('The outbox is too busy.');
}
