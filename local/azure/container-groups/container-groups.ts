// Azure Container Instances: container groups, their lists, and their restart, in the shapes of recorded answers. The room is the service: it
// takes writes, pulls, starts again, and keeps the events of containers.
// Not here: the router that leads to these operations (`management/`), and events of a scenario (`happenings/`).
import { findApp, listOf } from '../apps/containerapps.ts';
import type { App } from '../model/apps.ts';
import type { Sim } from '../model/sim.ts';
import { type Answer, armError, notFound } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';
import { restartGroup, startGroup, stopGroup } from './deployments.ts';
import { settingsOf } from './events.ts';
import { wireGroup } from './group-shape.ts';

/** `GET …/containerGroups` of a subscription or a resource group, without instance views. */
export function listContainerGroups(sim: Sim, request: ArmRequest): Answer {
  const groups = [...sim.apps.values()].filter(({ containerGroup }) => containerGroup !== undefined);
  const old = groups.find((app) => isTooNew(app, request));
  if (old !== undefined) return unknownVersion(sim, request);
  return listOf(sim, request, 'Microsoft.ContainerInstance/containerGroups', (app) =>
    wireGroup(sim, app, 'no-instance-view'),
  );
}

/** `GET …/containerGroups/{name}`. */
export function readContainerGroup(sim: Sim, request: ArmRequest): Answer {
  return onGroup(sim, request, (app) => ({ status: 200, body: wireGroup(sim, app, 'everything') }));
}

/**
 * `POST …/containerGroups/{name}/restart`, "Restarts all containers in a container group in place" in the REST specification, which names no state
 * that it needs: what has ended or was stopped starts (docs/unverified.md).
 */
export function restartContainerGroup(sim: Sim, request: ArmRequest): Answer {
  return actOn(sim, request, restartGroup);
}

/** `POST …/containerGroups/{name}/start`, "Starts all containers in a container group" in the REST specification. */
export function startContainerGroup(sim: Sim, request: ArmRequest): Answer {
  return actOn(sim, request, startGroup);
}

/** `POST …/containerGroups/{name}/stop`, "Stops all containers in a container group" in the REST specification. */
export function stopContainerGroup(sim: Sim, request: ArmRequest): Answer {
  return actOn(sim, request, stopGroup);
}

function actOn(sim: Sim, request: ArmRequest, act: typeof restartGroup): Answer {
  return onGroup(sim, request, (app) => {
    act(sim, app, { by: 'pullmedic' });
    return { status: 204 };
  });
}

const type = 'Microsoft.ContainerInstance/containerGroups';

function onGroup(sim: Sim, request: ArmRequest, answer: (app: App) => Answer): Answer {
  const app = findApp(sim, request, type);
  if (app === undefined) return notFound(type, request);
  return isTooNew(app, request) ? unknownVersion(sim, request) : answer(app);
}

function isTooNew(app: App, { query }: ArmRequest): boolean {
  return (query.get('api-version') ?? '') > settingsOf(app).apiVersion;
}

/** What ARM's gateway says of a version that a region does not know. Worded after public reports of it, for other types. */
function unknownVersion(sim: Sim, { query }: ArmRequest): Answer {
  const message = `No registered resource provider found for location '${sim.world.location}' and API version '${query.get('api-version') ?? ''}' for type 'containerGroups'. The supported api-versions are '2021-10-01, 2023-05-01'. The supported locations are '${sim.world.location}'.`;
  return armError(400, 'NoRegisteredProviderFound', message);
}
