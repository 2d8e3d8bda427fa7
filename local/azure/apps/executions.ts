// How executions of a job end: their work is done, it failed too often, or their deadline comes first. A pull that fails ends none of them: in
// Kubernetes the pod waits for its image until the deadline of the job.
import type { App, JobSettings, Replica, Revision } from '../model/apps.ts';
import { note, type Sim } from '../model/sim.ts';
import { writeRow } from './system-log.ts';

/**
 * The containers of an execution run and exit. It succeeds when as many replicas as it has side by side have done their work. `again` starts a
 * replica in the place of one that failed, as long as the retries of the job last. Nothing happens for a revision of an app.
 */
export function runToItsEnd(sim: Sim, app: App, execution: Revision, replica: Replica, again: () => void): void {
  const { job } = app;
  if (job === undefined) return;
  sim.scheduler.at(sim.scheduler.now() + job.runsForMs, () => {
    if (replica.removed || execution.ended !== undefined) return;
    replica.state = 'Terminated';
    replica.exitCode = job.exitCode;
    if (job.exitCode === 0) return whenDone(sim, app, execution, job);
    writeRow(sim, app, {
      revision: execution.name,
      replica: replica.name,
      reason: 'ContainerTerminated',
      type: 'Warning',
      text: `Container '${execution.containers.at(-1)?.name ?? 'app'}' was terminated with exit code '${job.exitCode}' and reason 'ProcessExited'`,
    });
    note(sim, `${execution.name}: ${replica.name} exited with ${job.exitCode}`);
    const failed = execution.everyReplica.filter(({ exitCode = 0 }) => exitCode !== 0).length;
    if (failed <= job.retryLimit) return again();
    return end(sim, app, execution, 'Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  });
}

function whenDone(sim: Sim, app: App, execution: Revision, { parallelism }: JobSettings): void {
  if (execution.everyReplica.filter(({ exitCode }) => exitCode === 0).length < parallelism) return;
  end(sim, app, execution, 'Succeeded', 'Completed', 'Job completed');
}

/** Ends an execution at its deadline, whatever it waits for. */
export function endAtDeadline(sim: Sim, app: App, execution: Revision): void {
  sim.scheduler.at(execution.createdMs + (app.job?.timeoutMs ?? 0), () => {
    if (execution.ended !== undefined) return;
    end(sim, app, execution, 'Failed', 'DeadlineExceeded', 'Job was active longer than specified deadline');
  });
}

function end(
  sim: Sim,
  app: App,
  execution: Revision,
  status: NonNullable<Revision['ended']>['status'],
  reason: string,
  text: string,
): void {
  execution.ended = { status, atMs: sim.scheduler.now() };
  execution.active = false;
  for (const replica of execution.replicas) {
    replica.removed = true;
    replica.removedMs = sim.scheduler.now();
  }
  writeRow(sim, app, { revision: execution.name, reason, type: status === 'Failed' ? 'Warning' : 'Normal', text });
  note(sim, `${app.name}: execution ${execution.name} ${status === 'Failed' ? `failed: ${reason}` : 'succeeded'}`);
}
