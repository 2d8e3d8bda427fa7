// What the page Now shows, read from storage: the problems that need a person, what is under way, and what ended a short time ago.

import type { IndexRow } from '../history/index-row.ts';
import { listDead } from '../intake/dead-letter.ts';
import type { PageOf } from '../ports/index-store.ts';
import type { Clock, Controls, Heartbeat, KillSwitch, Outbox, SweepNotes } from '../ports/ports.ts';
import type { Upkeep } from '../ports/upkeep.ts';
import { systemHealth } from '../telling/system-health.ts';
import { recoveryMs } from './found-rows.ts';
import { stepLateMs } from './health.ts';
import { incidentsNamed } from './incidents-named.ts';
import { type UnreadableView, viewsOf } from './lists.ts';
import type { Standing, Upkeeping } from './standing.ts';
import type { IncidentView, Reading, RemediationView } from './views.ts';

/** One problem for a person: an incident with its remediations, or a remediation that no incident has yet. */
export interface Problem {
  readonly incident?: IncidentView;
  /** Its live remediations, those that ask first. */
  readonly members: readonly RemediationView[];
}

export interface Board {
  readonly standing: Standing;
  readonly upkeep: Upkeeping;
  /** Those that ask come first, then the oldest. */
  readonly problems: readonly Problem[];
  readonly underWay: readonly RemediationView[];
  /** Live remediations that the page does not show, because there are too many. */
  readonly notShown: { readonly all: number; readonly needPerson: number; readonly ask: number };
  readonly unreadable: readonly UnreadableView[];
  readonly ended: Ended;
  /** When a history was written to the last time. */
  readonly lastStepAtMs?: number;
}

/** What ended within {@link endedWithinMs}. */
export interface Ended {
  readonly recovered: number;
  /** The median time from the failure to the recovery. Milliseconds; absent where nothing recovered. */
  readonly medianMs?: number;
  /** Those that ended without a proven recovery: withdrawn, or not proved. */
  readonly leftAlone: number;
  /** Those among `leftAlone` of which the look found nothing failing: a person or an alert had asked about an app that serves. */
  readonly healthy: number;
  /** Those of which an older version did not note how they ended. */
  readonly unknown: number;
  /** Rows that cannot be read and are not counted. */
  readonly skipped: number;
  /** The latest of them. */
  readonly rows: readonly IndexRow[];
  /** More ended than were counted. */
  readonly more: boolean;
}

/** What ended this long ago still stands on the page. Milliseconds. */
export const endedWithinMs = 24 * 3_600_000;
/** The most live remediations whose histories are read for one page. */
const mostLive = 60;

type Storage = Reading & KillSwitch & Controls & Heartbeat & SweepNotes & Outbox & Clock;

/** Reads the page. `mode` is that of the settings, and `systems` are the names of the incident systems there. */
export async function readBoard(
  ports: Storage,
  upkeep: Upkeep,
  mode: string,
  systems: readonly string[] = [],
): Promise<Board> {
  const nowMs = ports.now();
  const [{ rows, skipped: badRows }, killSwitch, setting, pulse, sweep, dead, told, past] = await Promise.all([
    ports.index.listLive(),
    ports.killSwitch(),
    ports.controls.setting(),
    ports.pulse.read(),
    ports.sweeps.read(),
    listDead(upkeep),
    systemHealth(ports, systems),
    ports.index.closed({ limit: mostCounted }, { fromMs: nowMs - endedWithinMs }),
  ]);
  const sorted = [...rows].sort(byUrgency);
  const shown = sorted.slice(0, mostLive);
  const { remediations, unreadable } = await viewsOf(ports, shown);
  const waiting = remediations.filter(needsPerson);
  const incidents = await incidentsNamed(
    ports,
    waiting.flatMap(({ incident }) => incident ?? []),
  );
  const last = Math.max(...[...rows, ...past.rows].map(({ updatedAtMs }) => updatedAtMs));
  return {
    standing: { mode, killSwitch, setting },
    upkeep: {
      pulse,
      sweep,
      deadLetters: dead.length,
      overdue: rows.filter((row) => row.dueAtMs < nowMs - stepLateMs).length,
      unreadable: unreadable.length,
      unreadableRows: badRows + shown.length - remediations.length - unreadable.length,
      systems: told,
    },
    problems: problemsOf(waiting, incidents),
    underWay: remediations.filter((view) => !needsPerson(view)),
    notShown: countOf(sorted.slice(mostLive)),
    unreadable,
    ended: endedOf(past),
    ...(Number.isFinite(last) ? { lastStepAtMs: last } : {}),
  };
}

/** The remediations of each incident together; what asks comes first, then the oldest. */
export function problemsOf(waiting: readonly RemediationView[], incidents: readonly IncidentView[]): Problem[] {
  const open = new Map(incidents.filter(({ state }) => state === 'open').map((incident) => [incident.id, incident]));
  const byIncident = new Map<string, { incident?: IncidentView; members: RemediationView[] }>();
  for (const view of [...waiting].sort((a, b) => Number(asks(b)) - Number(asks(a)) || a.openedAtMs - b.openedAtMs)) {
    const incident = view.incident === undefined ? undefined : open.get(view.incident);
    const key = incident?.id ?? view.id;
    const problem = byIncident.get(key) ?? { ...(incident === undefined ? {} : { incident }), members: [] };
    problem.members.push(view);
    byIncident.set(key, problem);
  }
  return [...byIncident.values()];
}

/** True if a person is asked about it. */
export function asks(view: Pick<RemediationView, 'state'>): boolean {
  return view.state === 'needs-approval';
}

function needsPerson(view: RemediationView): boolean {
  return asks(view) || view.state === 'needs-person';
}

function countOf(rows: readonly IndexRow[]): Board['notShown'] {
  const asking = rows.filter((row) => row.asks === true);
  return { all: rows.length, needPerson: rows.filter((row) => row.needsPerson).length, ask: asking.length };
}

function byUrgency(a: IndexRow, b: IndexRow): number {
  const rank = (row: IndexRow): number => (row.asks === true ? 0 : row.needsPerson ? 1 : 2);
  return rank(a) - rank(b) || (b.openedAtMs ?? 0) - (a.openedAtMs ?? 0);
}

/** How many ended remediations are counted: as many as storage gives in one answer. */
const mostCounted = 1000;
/** How many ended remediations the page shows. The history has the others. */
const mostEnded = 10;

function endedOf({ rows, skipped, next }: PageOf<IndexRow>): Ended {
  const known = rows.filter(({ facts }) => facts?.closed !== undefined);
  const recovered = known.filter(({ facts }) => facts?.closed?.how === 'recovered');
  const lengths = recovered
    .map(recoveryMs)
    .filter((ms) => ms !== undefined)
    .sort((a, b) => a - b);
  const median = lengths[Math.floor((lengths.length - 1) / 2)];
  return {
    recovered: recovered.length,
    ...(median === undefined ? {} : { medianMs: median }),
    leftAlone: known.length - recovered.length,
    healthy: known.filter(({ facts }) => facts?.closed?.because === 'nothing-failing').length,
    unknown: rows.length - known.length,
    skipped,
    rows: rows.slice(0, mostEnded),
    more: next !== undefined,
  };
}
