// How executions of a job end: their work is done, or their deadline comes first.
import type { App, Replica, Revision } from '../model/apps.ts';
import { note, type Sim } from '../model/sim.ts';
import { writeRow } from './system-log.ts';

/** The containers of an execution run: it succeeds when their work is done. Nothing happens for a revision of an app. */
export function runToItsEnd(sim: Sim, app: App, execution: Revision, replica: Replica): void {
  if (app.job === undefined) return;
  sim.scheduler.at(sim.scheduler.now() + app.job.runsForMs, () => {
    if (replica.removed || execution.ended !== undefined) return;
    end(sim, app, execution, 'Succeeded', 'Completed', 'Job completed');
    replica.state = 'Terminated';
  });
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
  note(sim, `${app.name}: execution ${execution.name} ${status === 'Failed' ? 'reached its deadline' : 'succeeded'}`);
}
