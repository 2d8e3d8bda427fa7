// Which executions of a job tell nothing of their pull yet: where one is started every minute, there is always one that has only begun.

import { type Fact, valueOf } from '../words/fact.ts';
import type { LogRow, ReplicaFacts, RevisionFacts } from './app-facts.ts';

/**
 * How long an execution may run without a sign of its image before that counts as trouble. Milliseconds. In Kubernetes an image that cannot
 * be pulled never fails a job: the pod waits until the deadline of the job.
 */
export const imageOverdueMs = 5 * 60_000;

/** What shows how far an execution is. */
interface Shown {
  readonly atMs: number;
  readonly replicas?: Fact<readonly ReplicaFacts[]>;
  readonly logs?: Fact<readonly LogRow[]>;
}

/**
 * The executions without those that have only begun, as long as another one tells how pulls go. One has only begun that is younger than
 * {@link imageOverdueMs}, whose containers neither run nor complain, and of which the log says nothing but that it pulls. Where replicas or
 * log were not read, none is left out.
 */
export function withoutOnlyBegun(executions: readonly RevisionFacts[], shown: Shown): readonly RevisionFacts[] {
  const telling = executions.filter((execution) => !hasOnlyBegun(execution, shown));
  return telling.length === 0 ? executions : telling;
}

function hasOnlyBegun({ name, ended, createdAtMs }: RevisionFacts, { atMs, replicas, logs }: Shown): boolean {
  const [all, rows] = [replicas && valueOf(replicas), logs && valueOf(logs)];
  if (all === undefined || rows === undefined || ended === true || atMs - createdAtMs >= imageOverdueMs) return false;
  const containers = all.filter(({ revision }) => revision === name).flatMap((replica) => replica.containers);
  return (
    containers.every(({ ready, details = '' }) => !ready && !/ImagePull|ErrImage|BackOff/i.test(details)) &&
    rows.every(({ revision, reason }) => revision !== name || begins.test(reason))
  );
}

/** Reasons of the rows of an execution up to its pull (the order in which the system log of a job has them: public logs of jobs). */
const begins = /^(?:SuccessfulCreate|AssigningReplica|PullingImage)$/;
