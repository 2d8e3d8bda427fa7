// The cost of a look: requests by the service that gets them, and their maximum.
import type { Probe } from './evidence.ts';
import { factTable } from './facts.ts';

/** Requests, retries included. */
export interface Calls {
  /** To Azure Resource Manager and its index. */
  readonly control: number;
  /** Queries of the log store. */
  readonly logs: number;
  /** To the registry's own host. */
  readonly registry: number;
}

/** Requests of one look, retries included. A fact beyond the maximum is unreadable, never assumed. */
export const mostCalls = 40;

export const noCalls: Calls = { control: 0, logs: 0, registry: 0 };

/** The requests of one probe: each of them asks one kind of service only. */
export function callsOf(probe: Probe, count: number): Calls {
  return { ...noCalls, [factTable[probe].service]: count };
}

export function sumOf(a: Calls, b: Calls): Calls {
  return { control: a.control + b.control, logs: a.logs + b.logs, registry: a.registry + b.registry };
}

/** The larger number of each kind. */
export function mostOf(a: Calls, b: Calls): Calls {
  return {
    control: Math.max(a.control, b.control),
    logs: Math.max(a.logs, b.logs),
    registry: Math.max(a.registry, b.registry),
  };
}

export function totalOf({ control, logs, registry }: Calls): number {
  return control + logs + registry;
}
