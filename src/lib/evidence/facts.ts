// The table of facts: for each one the service that answers, its name for people, and how long an answer can be used again.
import type { Probe } from './evidence.ts';

/** One row of the table. How a fact is read stands in `azure/facts/`; when it is worth asking for stands in `look/probes.ts`. */
export interface FactSpec {
  /** Its name for people: it completes "could not read". */
  readonly words: string;
  /** The service that is asked. Each fact comes from one kind of service. */
  readonly service: Service;
  /**
   * Whether a later look of the same remediation may use it again for a short time. `false` where a change rests on the fact (the app, its
   * identity, its roles, denials, removals, the registry's settings) or where a look waits for it to change (revisions, rows, the image).
   */
  readonly recalled: boolean;
  /** Whether looks of several apps may share one answer. `false` for a fact of one app, and for one that pullmedic itself changes. */
  readonly shared: boolean;
}

/** `control`: Azure Resource Manager and its index. `logs`: the log store. `registry`: the registry's own host. */
export type Service = 'control' | 'logs' | 'registry';

const table = {
  app: { words: 'the app', service: 'control', recalled: false, shared: false },
  revisions: { words: 'its revisions', service: 'control', recalled: false, shared: false },
  replicas: { words: 'its replicas', service: 'control', recalled: false, shared: false },
  environment: { words: 'the environment', service: 'control', recalled: true, shared: true },
  logs: { words: 'the system log', service: 'logs', recalled: false, shared: false },
  registry: { words: 'the registry', service: 'control', recalled: false, shared: true },
  roles: { words: 'the roles of its identity', service: 'control', recalled: false, shared: false },
  denials: { words: 'deny assignments', service: 'control', recalled: false, shared: true },
  elsewhere: { words: 'who holds the role instead', service: 'control', recalled: true, shared: true },
  identity: { words: 'the identity itself', service: 'control', recalled: false, shared: true },
  holders: { words: 'who else holds the identity', service: 'control', recalled: false, shared: true },
  vnet: { words: 'the network', service: 'control', recalled: true, shared: true },
  zones: { words: 'private DNS', service: 'control', recalled: true, shared: true },
  endpoints: { words: 'private endpoints', service: 'control', recalled: true, shared: true },
  zoneGroups: { words: 'zone groups of private endpoints', service: 'control', recalled: true, shared: true },
  subnet: { words: 'the rules and routes of the subnet', service: 'control', recalled: true, shared: true },
  writes: { words: 'rejected deployments', service: 'control', recalled: false, shared: false },
  removals: { words: 'removed roles', service: 'control', recalled: false, shared: true },
  changes: { words: 'changes of the registry', service: 'control', recalled: true, shared: true },
  vault: { words: 'the Key Vault of its registry password', service: 'control', recalled: false, shared: false },
  cache: { words: 'the cache rules of the registry', service: 'control', recalled: true, shared: true },
  manifest: { words: 'the image in the registry', service: 'registry', recalled: false, shared: false },
  entries: { words: 'the registries of its entries', service: 'control', recalled: false, shared: false },
  token: { words: 'the token that its user name is', service: 'control', recalled: false, shared: false },
} as const satisfies Readonly<Record<Probe, FactSpec>>;

/** The row of each fact. A fact without one does not compile. */
export const factTable: Readonly<Record<Probe, FactSpec>> = table;

/** The name of every fact. */
export const probes = Object.keys(table) as readonly Probe[];

type Marked<Mark extends 'recalled' | 'shared'> = {
  [Name in Probe]: (typeof table)[Name][Mark] extends true ? Name : never;
}[Probe];

/** The facts that the table lets a later look use again. */
export type RecalledProbe = Marked<'recalled'>;

/** The facts that the table lets looks share. */
export type SharedProbe = Marked<'shared'>;

export function isRecalled(probe: Probe): probe is RecalledProbe {
  return factTable[probe].recalled;
}

export function isShared(probe: Probe): probe is SharedProbe {
  return factTable[probe].shared;
}

/** How far back pullmedic reads the Activity Log for removed roles. Azure keeps it for 90 days. Milliseconds. */
export const removalsReachMs = 7 * 24 * 3_600_000;
