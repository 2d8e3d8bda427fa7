// The state of jobs, as a world begins with it. A job has what an app has; its executions stand where an app has its revisions.
import type { World } from '../world/world.ts';
import type { App } from './apps.ts';
import { guidFor, resourceId } from './ids.ts';

/** The jobs of a world, by name, without an execution yet. */
export function jobsOf(world: World): Map<string, App> {
  return new Map(
    world.jobs.map((one) => {
      const { name, group, environment, secrets, identities, pullIdentityAssigned, trigger } = one;
      const made: App = {
        id: resourceId(world, group, 'Microsoft.App/jobs', name),
        name,
        environment,
        revisionMode: 'Multiple',
        minReplicas: 1,
        pullCheckedOnWrite: one.validated,
        writesNoFailureRows: one.silent,
        restartable: false,
        provisioningState: 'Succeeded',
        containers: [...one.containers].sort((a, b) => Number(b.init) - Number(a.init)),
        revisions: [],
        revisionCount: 0,
        written: true,
        suspended: one.suspended,
        secrets,
        identities,
        pullIdentityAssigned,
        job: {
          trigger,
          everyMs: one.every,
          timeoutMs: one.replicaTimeout,
          runsForMs: one.runsFor,
          exitCode: one.exitCode,
          retryLimit: one.replicaRetryLimit,
          parallelism: one.parallelism,
        },
        ...(one.pullIdentity === undefined ? {} : { pullIdentity: one.pullIdentity }),
        ...(one.registries === undefined ? {} : { registries: one.registries }),
        ...(one.systemIdentity || one.pullIdentity === 'system'
          ? { systemPrincipalId: guidFor(`principal|app|${name}`) }
          : {}),
      };
      return [name, made];
    }),
  );
}
