// How each kind of workload is read from Azure: the calls behind the table of workloads. A new kind is one more entry.

import { type Evidence, environmentOf } from '../../evidence/evidence.ts';
import type { ReadsOnce } from '../../evidence/once.ts';
import type { AppList } from '../../evidence/reads.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { unreadable } from '../../words/fact.ts';
import type { Target } from '../../words/target.ts';
import type { LogColumns, WorkloadKind } from '../../workloads/workload.ts';
import { workloads } from '../../workloads/workloads.ts';
import type { Clients } from '../clients/clients.ts';
import { readApp, readEnvironment, readReplicas, readRevisions } from './app-facts.ts';
import { appsWithin, groupsWithin, jobsWithin } from './app-lists.ts';
import { placeOfGroup, readGroup, readGroupEvents, readGroupReplicas, readGroupRuns } from './group-facts.ts';
import { readExecutionReplicas, readExecutions, readJob } from './job-facts.ts';
import { readLogs } from './logs.ts';

/** What is asked of a workload. */
export interface WorkloadQuestion {
  readonly clients: Clients;
  readonly target: Target;
  readonly soFar: Evidence;
  readonly logsSinceMs: number;
  /** Reads what several of these facts come from once. */
  readonly once: ReadsOnce;
}

type Reads<Name extends keyof Evidence> = (question: WorkloadQuestion) => Promise<Evidence[Name]>;

/** The reads of one kind. Each answers a fact, and `undefined` where the resource to read is not known yet. */
export interface KindReaders {
  /** What it declares: images, entries for registries, identities, secrets. */
  readonly declared: Reads<'app'>;
  /** What runs of it. */
  readonly runs: Reads<'revisions'>;
  /** The copies of what runs, with their containers. */
  readonly replicas: Reads<'replicas'>;
  /** Where it runs: the environment of Container Apps that it is in, or what stands for one. */
  readonly place: Reads<'environment'>;
  /** What the platform wrote about its pulls. */
  readonly logs: Reads<'logs'>;
  /** All of this kind within a subscription or resource group. Throws if the list cannot be read. */
  readonly list: (clients: Clients, scope: ArmId) => Promise<AppList>;
}

/** The reads of every kind. */
export const kindReaders: { readonly [Kind in WorkloadKind]: KindReaders } = {
  'container-app': {
    declared: ({ clients, target }) => readApp(clients, target),
    runs: ({ clients, target }) => readRevisions(clients, target),
    replicas: ({ clients, target, soFar }) => readReplicas(clients, target, soFar),
    place: ({ clients, soFar }) => readEnvironment(clients, soFar),
    logs: (question) => readSystemLogs(question, workloads['container-app'].columns),
    list: appsWithin,
  },
  job: {
    declared: ({ clients, target }) => readJob(clients, target),
    runs: ({ clients, target, once }) => readExecutions(clients, target, once),
    replicas: ({ clients, target, once }) => readExecutionReplicas(clients, target, once),
    place: ({ clients, soFar }) => readEnvironment(clients, soFar),
    logs: (question) => readSystemLogs(question, workloads.job.columns),
    list: jobsWithin,
  },
  'container-group': {
    declared: ({ clients, target, once }) => readGroup(clients, target, once),
    runs: ({ clients, target, once }) => readGroupRuns(clients, target, once),
    replicas: ({ clients, target, once }) => readGroupReplicas(clients, target, once),
    place: async ({ target }) => placeOfGroup(target),
    logs: ({ clients, target, logsSinceMs, once }) => readGroupEvents(clients, target, logsSinceMs, once),
    list: groupsWithin,
  },
};

/** The system log of the environment of Container Apps that the workload is in. */
async function readSystemLogs(
  { clients, target, soFar, logsSinceMs }: WorkloadQuestion,
  columns: LogColumns,
): Promise<Evidence['logs']> {
  const environment = environmentOf(soFar);
  if (environment === undefined) return unreadable('not-asked');
  return readLogs(clients, environment, { app: target.appName, since: new Date(logsSinceMs), columns });
}
