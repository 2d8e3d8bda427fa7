// The state of the simulated Azure: resources by name, role assignments, logs, and a record of who changed what.
// Not here: what changes the state and what reads it; every service has a room of its own.

import type { Moment } from '../world/events.ts';
import type { PublicAnswer } from '../world/registries.ts';
import type { World } from '../world/world.ts';
import type { App, Environment } from './apps.ts';
import type { Assignment, DenyAssignment } from './assignments.ts';
import type { Vnet, Zone } from './networks.ts';
import type {
  ActivityEntry,
  Call,
  Fault,
  FiredAlert,
  GroupRow,
  LogRow,
  ManagedAlert,
  Operation,
  RegistryEvent,
  ResourceEvent,
} from './records.ts';
import type { Registry } from './registries.ts';
import type { Scheduler } from './scheduler.ts';

/** Everything that is true in one simulated Azure. */
export interface Sim {
  readonly world: World;
  readonly scheduler: Scheduler;
  readonly speed: number;
  readonly apps: Map<string, App>;
  readonly environments: Map<string, Environment>;
  readonly registries: Map<string, Registry>;
  readonly publicRegistries: Map<string, PublicAnswer>;
  readonly vnets: Map<string, Vnet>;
  readonly identities: Map<string, { readonly id: string; readonly principalId: string; readonly clientId: string }>;
  /** Names of identities that were deleted. */
  readonly deleted: Set<string>;
  readonly zones: Zone[];
  /** What a read makes of `$expand`: some services honour it, some leave the references as they are, some refuse. */
  expands: 'honours' | 'ignores' | 'refuses';
  assignments: Assignment[];
  /** Role assignments that pullmedic removed. */
  readonly removed: Assignment[];
  denials: readonly DenyAssignment[];
  readonly faults: Fault[];
  /** How many requests a caller has left of each kind, and since when. */
  readonly allowances: Map<string, { readonly left: number; readonly atMs: number }>;
  readonly logs: LogRow[];
  readonly groupLogs: GroupRow[];
  readonly calls: Call[];
  readonly timeline: { readonly atMs: number; readonly text: string }[];
  /** Pullmedic's own identity. */
  readonly self: { readonly clientId: string; readonly principalId: string };
  readonly seed: string;
  readonly activity: ActivityEntry[];
  onResourceEvent: (event: ResourceEvent) => void;
  onActivity: (entry: ActivityEntry) => void;
  readonly alerts: FiredAlert[];
  readonly managedAlerts: ManagedAlert[];
  /** Hands a payload to the action group. */
  onAlert: (body: unknown) => void;
  readonly operations: Operation[];
  /** Called at each moment that an event may wait for; a grant says to whom. */
  onMoment: (moment: Moment, principalId?: string) => void;
  onRegistryEvent: (event: RegistryEvent) => void;
}

/** Adds a line to the record of what happened. */
export function note(sim: Sim, text: string): void {
  sim.timeline.push({ atMs: sim.scheduler.now(), text });
}

/** An app is where its environment is. */
export function regionOf(sim: Sim, app: App): string {
  return sim.environments.get(app.environment)?.region ?? sim.world.location;
}
