// Writes of a container group: the service looks at the entries and tries the images first. A write that it refuses makes no group.
import type { App, RegistryEntry } from '../model/apps.ts';
import { hostOf } from '../model/images.ts';
import { note, type Sim } from '../model/sim.ts';
import { publish } from '../monitor/activity-log.ts';
import {
  groupStateOf,
  haltContainers,
  restartContainers,
  runsLongAgo,
  startContainers,
  stopContainers,
} from './containers.ts';
import { settingsOf } from './events.ts';
import { groupPull } from './pulls.ts';

/** Deploys the groups that a world begins with. */
export function beginContainerGroups(sim: Sim): void {
  for (const { name, deployed, failedBefore } of sim.world.containerGroups) {
    const app = sim.apps.get(name);
    if (app === undefined) continue;
    if (deployed === 'running') runsLongAgo(sim, app, failedBefore);
    else if (deployed === 'now') writeGroup(sim, app, 'ops@contoso.example');
  }
}

/**
 * Writes the group as it is declared now. The group that was there is replaced, with the list of its events; where the write is refused,
 * it goes on. `rejected`: the write is refused for a reason that the world does not have.
 */
export function writeGroup(sim: Sim, app: App, caller: string, rejected?: GroupError): 'made' | 'refused' {
  const change = {
    operation: 'Microsoft.ContainerInstance/containerGroups/write',
    resource: app.id,
    by: 'world',
    caller,
  } as const;
  const error = rejected ?? refusal(sim, app);
  if (error !== undefined) {
    const stays = app.written ? 'the group stays as it is' : 'no group is made';
    note(sim, `${app.name}: the write is refused (${error.code}), and ${stays}`);
    const answer = error.code === 'RegistryErrorResponse' ? 'Conflict' : 'BadRequest';
    publish(sim, { ...change, type: 'ResourceWriteFailure', error, refusedWith: answer });
    return 'refused';
  }
  stopContainers(sim, app);
  app.revisions = [];
  settingsOf(app).containers.clear();
  settingsOf(app).made = app.containers;
  app.written = true;
  note(sim, `${app.name} is deployed`);
  startContainers(sim, app);
  publish(sim, { ...change, type: 'ResourceWriteSuccess' });
  return 'made';
}

/** Who acts on a group: the world, with the name of a caller, or pullmedic. */
interface Actor {
  readonly by: 'world' | 'pullmedic';
  readonly caller?: string;
}

/** Restarts the group. */
export function restartGroup(sim: Sim, app: App, by: Actor): void {
  note(sim, `${by.caller ?? 'pullmedic'} restarts ${app.name}`);
  restartContainers(sim, app);
  publishAction(sim, app, by, 'Microsoft.ContainerInstance/containerGroups/restart/action');
}

/** Starts the containers of a group that has ended or was stopped. One that runs or is on its way is left as it is (docs/unverified.md). */
export function startGroup(sim: Sim, app: App, by: Actor): void {
  const state = groupStateOf(app);
  note(sim, `${by.caller ?? 'pullmedic'} starts ${app.name}`);
  if (state !== 'Running' && state !== 'Pending') restartContainers(sim, app);
  publishAction(sim, app, by, 'Microsoft.ContainerInstance/containerGroups/start/action');
}

/** Stops every container of the group. */
export function stopGroup(sim: Sim, app: App, by: Actor): void {
  note(sim, `${by.caller ?? 'pullmedic'} stops ${app.name}`);
  haltContainers(sim, app);
  publishAction(sim, app, by, 'Microsoft.ContainerInstance/containerGroups/stop/action');
}

function publishAction(sim: Sim, { id }: App, by: Actor, operation: string): void {
  publish(sim, { type: 'ResourceActionSuccess', operation, resource: id, ...by });
}

/** Why a write was refused, as the service says it. */
export interface GroupError {
  readonly code: string;
  readonly message: string;
}

function refusal(sim: Sim, app: App): GroupError | undefined {
  const entries =
    app.registries ?? (app.pullIdentity === undefined ? [] : [{ server: '', identity: app.pullIdentity }]);
  for (const entry of entries) {
    const wrong = refusedEntry(app, entry);
    if (wrong !== undefined) return wrong;
  }
  return app.pullCheckedOnWrite ? refusedImage(sim, app) : undefined;
}

/**
 * What is wrong with an entry. Code and words of the two about identities are those of Microsoft's page "Image pull failures with managed
 * identity"; of the third only the code is known, with its spelling.
 */
function refusedEntry(app: App, { identity, username }: RegistryEntry): GroupError | undefined {
  const named = `'imageRegistryCredentials' of container group '${app.name}'`;
  if (identity === undefined) return undefined;
  if (username !== undefined)
    return {
      code: 'AmbiguousImageResitryCredentialType',
      message: `The ${named} has an entry with an identity and a user name.`,
    };
  if (identity.startsWith('system'))
    return { code: 'InvalidImageRegistryCredentialType', message: `Identity in ${named} is not supported.` };
  return app.pullIdentityAssigned
    ? undefined
    : {
        code: 'InvalidImageRegistryIdentity',
        message: `The identity in the ${named} not found in container group identity list.`,
      };
}

/**
 * One message stands for a missing role, a missing image and a closed registry; a registry that fails or limits pulls has its own. Both are
 * as public reports have them (MicrosoftDocs/azure-docs, issue 38439; Azure/azure-cli, issue 30915).
 */
function refusedImage(sim: Sim, app: App): GroupError | undefined {
  for (const container of app.containers) {
    const outcome = groupPull(sim, app, container);
    if (outcome.ok) continue;
    const { image } = container;
    const host = hostOf(image) === 'docker.io' ? 'index.docker.io' : hostOf(image);
    return outcome.registryFailed
      ? {
          code: 'RegistryErrorResponse',
          message: `An error response is received from the docker registry '${host}'. Please retry later.`,
        }
      : {
          code: 'InaccessibleImage',
          message: `The image '${image}' in container group '${app.name}' is not accessible. Please check the image and registry credential.`,
        };
  }
  return undefined;
}
