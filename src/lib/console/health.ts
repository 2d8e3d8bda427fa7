// The health of pullmedic itself: whether its dependencies answer, and whether steps, messages or heartbeats are overdue.
import { listDead } from '../intake/dead-letter.ts';
import type { Archive, Clock, Controls, Heartbeat, Index, KillSwitch, Outbox, SweepNotes } from '../ports/ports.ts';
import type { Dependency, StorageTrouble, Upkeep } from '../ports/upkeep.ts';
import { isWell, type SystemHealth, systemHealth } from '../telling/system-health.ts';
import type { Unreadable } from '../words/fact.ts';
import { passesByItself, valueOf } from '../words/fact.ts';
import type { RemediationId } from '../words/target.ts';

export interface Health {
  readonly well: boolean;
  readonly dependencies: {
    /** Table storage: the history. `down`: it could not be read just now. */
    readonly tables: Dependency;
    readonly queues: Dependency;
    /** A token for Azure Resource Manager. */
    readonly signIn: Dependency;
    readonly logs: Dependency;
  };
  /** Why the app could not create its tables and queues in the storage account. Absent once they exist. */
  readonly storage?: StorageTrouble;
  readonly killSwitch: 'off' | 'on' | 'unreadable';
  /** The person who set the kill switch, and when. Absent if it was never set, or if that could not be read. */
  readonly killSwitchSet?: {
    readonly by: string;
    readonly atMs: number;
    /** Who turns the switch off names it. */
    readonly version: string;
  };
  /** `late`: the timer that finds lost messages does not run, or cannot write. */
  readonly heartbeat: { readonly state: 'beats' | 'late' | 'never' | 'unreadable'; readonly atMs?: number };
  readonly live: number;
  /** Remediations whose next step is late: their message was lost, or no host runs. */
  readonly overdue: number;
  /**
   * What the last sweep for stuck apps saw. `incomplete`: `skipped` items of the list of apps have an id that cannot be read, and are not
   * swept. `unreadable`: it had no list, and why.
   */
  readonly sweep: {
    readonly state: 'complete' | 'incomplete' | 'unreadable' | 'never';
    readonly skipped?: number;
    readonly why?: Unreadable;
    readonly atMs?: number;
  };
  /** What cannot be read and is left alone meanwhile: histories of live remediations, and rows of the index. */
  readonly unreadable: { readonly histories: readonly RemediationId[]; readonly rows: number | 'unreadable' };
  /**
   * How far the archive of old histories has come, and how many it left in the table for now because they cannot be read or moved. Nothing is lost by
   * that, so it does not make pullmedic unwell. Absent where archiving was never on; `untilMs` is 0 until the first pass is over.
   */
  readonly archive?: { readonly untilMs: number; readonly left: number } | 'unreadable';
  /** About how many failed messages are in the poison queues, before pullmedic has handled them. */
  readonly poison: number | 'unreadable';
  /** Whether each incident system of the settings can be told; absent where there are none. */
  readonly incidentSystems?: readonly SystemHealth[] | 'unreadable';
  /** The ids of messages that wait for a person, who can replay or dismiss them. */
  readonly deadLetters: readonly string[] | 'unreadable';
}

/** A step that is this late does not merely wait for its turn. Milliseconds. */
export const stepLateMs = 10 * 60_000;
/** How long the heartbeat may be silent. It beats every minute, and one missed beat is harmless. Milliseconds. */
export const beatMissedMs = 3 * 60_000;

type Reading = Index & KillSwitch & Controls & Heartbeat & SweepNotes & Outbox & Archive & Clock;

/** Checks everything at once; `systems` are the names of the incident systems. A kill switch that is on is a person's decision, so pullmedic is well; an unreadable one is a fault. */
export async function checkHealth(
  ports: Reading,
  upkeep: Upkeep,
  storage?: StorageTrouble,
  systems: readonly string[] = [],
): Promise<Health> {
  const nowMs = ports.now();
  const [list, kill, setting, heartbeat, sweep, dead, poison, told, archive] = await Promise.all([
    orUnreadable(ports.index.listLive()),
    ports.killSwitch(),
    ports.controls.setting(),
    heartbeatOf(ports, nowMs),
    sweepOf(ports),
    orUnreadable(listDead(upkeep)),
    orUnreadable(upkeep.poison.waiting()),
    orUnreadable(systemHealth(ports, systems)),
    orUnreadable(archiveOf(ports)),
  ]);
  const dependencies = await dependenciesOf(upkeep, list === 'unreadable' ? 'down' : 'up');
  const set = valueOf(setting);
  const { rows: live, skipped: badRows } =
    list === 'unreadable' ? ({ rows: [], skipped: 'unreadable' } as const) : list;
  const overdue = live.filter((row) => row.dueAtMs < nowMs - stepLateMs).length;
  const histories = live.flatMap((row) => (row.unreadable === undefined ? [] : [row.remediation]));
  const waiting = poison === 'unreadable' || !poison.read ? 'unreadable' : poison.value;
  const well =
    storage === undefined &&
    Object.values(dependencies).every((state) => state !== 'down') &&
    kill.read &&
    overdue === 0 &&
    histories.length === 0 &&
    badRows === 0 &&
    seesApps(sweep) &&
    heartbeat.state === 'beats' &&
    waiting === 0 &&
    told !== 'unreadable' &&
    told.every(isWell) &&
    dead !== 'unreadable' &&
    dead.length === 0;
  return {
    well,
    dependencies,
    ...(storage === undefined ? {} : { storage }),
    killSwitch: !kill.read ? 'unreadable' : kill.value ? 'on' : 'off',
    ...(set === undefined ? {} : { killSwitchSet: { by: set.by, atMs: set.atMs, version: set.version } }),
    heartbeat,
    live: live.length,
    overdue,
    sweep,
    unreadable: { histories, rows: badRows },
    ...(archive === undefined ? {} : { archive }),
    ...(systems.length === 0 ? {} : { incidentSystems: told }),
    poison: waiting,
    deadLetters: dead === 'unreadable' ? dead : dead.map((letter) => letter.id),
  };
}

async function orUnreadable<T>(read: Promise<T>): Promise<T | 'unreadable'> {
  try {
    return await read;
  } catch {
    return 'unreadable';
  }
}

async function heartbeatOf({ pulse }: Reading, nowMs: number): Promise<Health['heartbeat']> {
  const last = await pulse.read();
  if (!last.read) return { state: 'unreadable' };
  if (last.value === undefined) return { state: 'never' };
  const { lastMs } = last.value;
  return { state: nowMs - lastMs > beatMissedMs ? 'late' : 'beats', atMs: lastMs };
}

/** A sweep whose note cannot be read is `unreadable`: the store does not answer. */
async function sweepOf({ sweeps }: Reading): Promise<Health['sweep']> {
  const note = await sweeps.read();
  if (!note.read) return { state: 'unreadable', why: note.why };
  if (note.value === undefined) return { state: 'never' };
  const { atMs, skipped, unreadable } = note.value;
  if (unreadable !== undefined) return { state: 'unreadable', why: unreadable, atMs };
  return skipped === 0 ? { state: 'complete', atMs } : { state: 'incomplete', skipped, atMs };
}

async function archiveOf({ archive }: Reading): Promise<Exclude<Health['archive'], 'unreadable'>> {
  const progress = await archive.progress();
  return progress === undefined ? undefined : { untilMs: progress.doneMs, left: progress.left };
}

async function dependenciesOf(upkeep: Upkeep, tables: Dependency): Promise<Health['dependencies']> {
  const others = await orUnreadable(upkeep.dependencies());
  return others === 'unreadable'
    ? { tables, queues: 'not-asked', signIn: 'not-asked', logs: 'not-asked' }
    : { tables, ...others };
}

function seesApps({ state, why }: Health['sweep']): boolean {
  return state === 'complete' || state === 'never' || (why !== undefined && passesByItself(why));
}
