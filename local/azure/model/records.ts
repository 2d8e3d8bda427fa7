// What the simulation keeps of what happened: log rows, requests, changes, alerts, operations, faults.

import type { WorldEvent } from '../world/events.ts';
import type { Registry } from './registries.ts';

/** A row of the system log. */
export interface LogRow {
  /** When the event happened. */
  readonly eventMs: number;
  /** The time of its batch, which a row and its consequence can share. */
  readonly atMs: number;
  readonly ingestedMs: number;
  readonly environment: string;
  readonly app: string;
  /** It is a row of a job: `revision` is the execution. */
  readonly ofJob: boolean;
  readonly revision: string;
  readonly replica: string;
  readonly reason: string;
  readonly type: string;
  readonly text: string;
}

/** A row of the table of container groups' events. */
export interface GroupRow {
  readonly atMs: number;
  readonly ingestedMs: number;
  readonly group: string;
  readonly resourceGroup: string;
  readonly container: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstMs: number;
}

/** A request that pullmedic made. */
export interface Call {
  readonly atMs: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly status: number;
  readonly refused?: string;
}

/** An operation of the control plane that ended, as Event Grid and the Activity Log tell of it. */
export interface ResourceEvent {
  readonly type: string;
  readonly operation: string;
  readonly resource: string;
  readonly by: 'world' | 'pullmedic';
  /** Who asked for it: a person's address or an object id; pullmedic itself needs none. */
  readonly caller?: string;
  /** Why it failed. */
  readonly error?: { readonly code: string; readonly message: string };
  /** The status in words of an answer that refused the request at once, with the error as its body. */
  readonly refusedWith?: 'BadRequest' | 'Conflict';
  /** What was sent and answered, where the Activity Log keeps it. */
  readonly request?: unknown;
  readonly response?: unknown;
  /** What the Activity Log keeps in place of them, where no call was made for this very resource: it went with what it was on. */
  readonly wentWith?: Readonly<Record<string, string>>;
}

/** An entry of the Activity Log; it can be read only after the delay. */
export interface ActivityEntry {
  readonly atMs: number;
  readonly visibleMs: number;
  readonly status: 'Started' | 'Succeeded' | 'Failed' | 'Canceled';
  readonly correlationId: string;
  readonly event: ResourceEvent;
}

/** A log alert that fired: one for each combination of dimensions until it resolves. */
export interface FiredAlert {
  readonly alertId: string;
  readonly rule: string;
  readonly firedMs: number;
  /** Values of the rule's dimensions. */
  readonly values: readonly string[];
  readonly count: number;
  /** The payload as it was sent. */
  readonly body: unknown;
  lastMatchMs: number;
  resolved: boolean;
}

/** An alert as Alerts Management keeps it, of either kind of rule. */
export interface ManagedAlert {
  readonly id: string;
  readonly app: string;
  readonly rule: string;
  readonly signalType: 'Log' | 'Activity Log';
  /** The resource that it fired for. */
  readonly target: string;
  /** The payload's context. */
  readonly context: unknown;
  readonly firedMs: number;
  readonly isResolved: () => boolean;
  state: 'New' | 'Acknowledged' | 'Closed';
  setBy?: 'pullmedic' | 'world';
}

/** An asynchronous operation of the control plane; it has no end while it is in progress. */
export interface Operation {
  readonly id: string;
  readonly app: string;
  readonly startMs: number;
  endMs?: number;
}

/** What happened to an image in a registry, as Event Grid tells of it. */
export interface RegistryEvent {
  readonly type: 'ImagePushed' | 'ImageDeleted';
  readonly registry: Registry;
  readonly repository: string;
  readonly digest: string;
  /** Of a push: the tag that now points at the image, and the manifest's length in bytes. */
  readonly tag?: string;
  readonly size?: number;
}

/** An event that lets a service of Azure fail for a while. */
export type FaultEvent = Extract<WorldEvent, { do: 'throttle' | 'outage' }>;

/** A fault that has begun. */
export interface Fault {
  readonly event: FaultEvent;
  readonly number: number;
  readonly untilMs: number;
  /** How many requests it has met: which of them fail follows from the seed. */
  met: number;
}
