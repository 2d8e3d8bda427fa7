// Revisions: how a template becomes one, and the state that the platform shows of it.
import type { App, Replica, Revision } from '../model/apps.ts';
import { note, type Sim } from '../model/sim.ts';
import { startReplica } from './replicas.ts';
import { writeRow } from './system-log.ts';

/** How long a revision may stay unready before the platform calls it failed. */
const provisioningDeadlineMs = 10 * 60_000;

/** Deploys the app's template. "Successfully provisioned" is logged before anything is pulled, as captured. */
export function deployRevision(sim: Sim, app: App, suffix = ''): Revision {
  app.written = true;
  app.provisioningState = 'Succeeded';
  const revision = newRevision(app, sim.scheduler.now(), suffix);
  writeRow(sim, app, {
    revision: revision.name,
    reason: 'RevisionReady',
    type: 'Normal',
    text: `Successfully provisioned revision '${revision.name}'`,
  });
  note(sim, `${app.name}: revision ${revision.name} is deployed`);
  for (let count = 0; count < app.minReplicas; count += 1) startReplica(sim, app, revision);
  return revision;
}

/** Makes a revision that was deployed 30 days ago and serves. pullmedic never reads rows of that age. */
export function deployLongAgo(sim: Sim, app: App): void {
  const revision = newRevision(app, sim.scheduler.now() - 30 * 86_400_000, '');
  revision.wasReady = true;
  for (let count = 0; count < app.minReplicas; count += 1) {
    const replica: Replica = {
      name: `${revision.name}-7d9c6b5f4-old${count}`,
      createdMs: revision.createdMs,
      attempts: 0,
      ready: true,
      state: 'Running',
      details: '',
      removed: false,
      pulledMs: revision.createdMs,
    };
    revision.replicas.push(replica);
    revision.everyReplica.push(replica);
  }
}

function newRevision(app: App, createdMs: number, suffix: string): Revision {
  app.revisionCount += 1;
  const last = suffix === '' ? String(app.revisionCount).padStart(7, '0') : suffix;
  return addRevision(app, { name: `${app.name}--${last}`, suffix, createdMs });
}

/** Adds what runs of the workload: a revision of an app, or an execution of a job, with the containers that it declares now. */
export function addRevision(app: App, made: Pick<Revision, 'name' | 'suffix' | 'createdMs'>): Revision {
  const revision: Revision = {
    ...made,
    containers: app.containers,
    active: true,
    replicas: [],
    everyReplica: [],
    notScheduled: 0,
    wasReady: false,
  };
  app.revisions.push(revision);
  return revision;
}

/** What the platform says of a revision. A revision that serves is green even while another replica of it is stuck. */
export function revisionState(sim: Sim, revision: Revision): RevisionState {
  if (!revision.active) return { provisioningState: 'Provisioned', healthState: 'Healthy', runningState: 'Stopped' };
  if (revision.replicas.length === 0) return revision.notScheduled > 0 ? stateWithoutRoom(sim, revision) : scaledToZero;
  if (revision.replicas.some((replica) => replica.ready))
    return { provisioningState: 'Provisioned', healthState: 'Healthy', runningState: 'RunningAtMaxScale' };
  const waiting = revision.replicas.find((replica) => replica.details.includes('ImagePullBackOff'));
  const crashing = revision.replicas.find((replica) => replica.details.includes('CrashLoopBackOff'));
  const details =
    waiting === undefined
      ? crashing === undefined
        ? undefined
        : 'Container crashing: app'
      : 'Pending:ImagePullBackOff on legion';
  if (details === undefined)
    return { provisioningState: 'Provisioning', healthState: 'None', runningState: 'Activating' };
  const overdue = sim.scheduler.now() - revision.createdMs > provisioningDeadlineMs && !revision.wasReady;
  const counted = `${revision.replicas.length}/${revision.replicas.length} ${details}`;
  return overdue
    ? {
        provisioningState: 'Failed',
        healthState: 'Unhealthy',
        runningState: 'Failed',
        provisioningError: details,
        runningStateDetails: counted,
      }
    : {
        provisioningState: 'Provisioning',
        healthState: 'Unhealthy',
        runningState: 'Processing',
        runningStateDetails: counted,
      };
}

const scaledToZero: RevisionState = {
  provisioningState: 'Provisioned',
  healthState: 'None',
  runningState: 'ScaledToZero',
};

/** Replicas are wanted and none is there. The words of the details are the platform's. */
function stateWithoutRoom(sim: Sim, { createdMs, notScheduled }: Revision): RevisionState {
  if (sim.scheduler.now() - createdMs <= provisioningDeadlineMs)
    return { provisioningState: 'Provisioning', healthState: 'None', runningState: 'Activating' };
  return {
    provisioningState: 'Failed',
    healthState: 'Unhealthy',
    runningState: 'Failed',
    runningStateDetails: `Deployment Progress Deadline Exceeded. 0/${notScheduled} replicas ready.`,
  };
}

/** The state of a revision, in the words of the API. */
export interface RevisionState {
  readonly provisioningState: string;
  readonly healthState: string;
  readonly runningState: string;
  readonly provisioningError?: string;
  readonly runningStateDetails?: string;
}
