// A container group as ARM shows it, with the members that the real service was recorded with.
import { identityOf } from '../apps/app-shape.ts';
import type { App, Container, RegistryEntry } from '../model/apps.ts';
import type { ContainerState, GroupContainer } from '../model/group-settings.ts';
import { hostOf } from '../model/images.ts';
import type { Sim } from '../model/sim.ts';
import { groupStateOf, provisioningTimeoutMs } from './containers.ts';
import { settingsOf } from './events.ts';

/** One group, with what runs of it; an item of a list has no instance view (docs/unverified.md). */
export function wireGroup(sim: Sim, app: App, shows: 'everything' | 'no-instance-view'): unknown {
  const group = settingsOf(app);
  const inits = group.made.filter(({ init }) => init);
  const others = group.made.filter(({ init }) => !init);
  const entries = entriesOf(sim, app);
  const identity = identityOf(sim, app);
  const everything = shows === 'everything';
  return {
    properties: {
      sku: 'Standard',
      provisioningState: group.stage,
      provisioningTimeoutInSeconds: provisioningTimeoutMs / 1000,
      isCustomProvisioningTimeout: false,
      containers: others.map((one) => wireContainer(app, one, everything)),
      initContainers: inits.map((one) => wireInit(app, one, everything)),
      ...(entries.length === 0 ? {} : { imageRegistryCredentials: entries }),
      restartPolicy: group.policy,
      ...(group.subnetId === undefined ? {} : { subnetIds: [{ id: group.subnetId }] }),
      osType: 'Linux',
      ...(everything ? { instanceView: { events: [], state: groupStateOf(app) } } : {}),
    },
    ...(identity['type'] === 'None' ? {} : { identity: { ...identity, tenantId: sim.world.tenant } }),
    id: app.id,
    name: app.name,
    type: 'Microsoft.ContainerInstance/containerGroups',
    location: sim.world.location,
    tags: {},
  };
}

/** Passwords are never shown. */
function entriesOf(sim: Sim, app: App): unknown[] {
  const { pullIdentity } = app;
  const known = new Set([...sim.registries.values()].flatMap(({ hosts }) => hosts));
  const used = [...new Set(settingsOf(app).made.map(({ image }) => hostOf(image)))].filter((host) => known.has(host));
  const declared: readonly RegistryEntry[] =
    app.registries ?? (pullIdentity === undefined ? [] : used.map((server) => ({ server, identity: pullIdentity })));
  return declared.map(({ server, username, identity }) => ({
    server,
    ...(username === undefined ? {} : { username }),
    ...(identity === undefined ? {} : { identity: sim.identities.get(identity)?.id ?? identity }),
  }));
}

function wireContainer(app: App, container: Container, shows: boolean): unknown {
  return {
    name: container.name,
    properties: {
      image: container.image,
      ports: [],
      environmentVariables: [],
      ...viewOf(app, container, shows),
      resources: { requests: { memoryInGB: 1.5, cpu: 1 } },
    },
  };
}

/** No init container was recorded; its members are those of the REST specification. */
function wireInit(app: App, container: Container, shows: boolean): unknown {
  return {
    name: container.name,
    properties: { image: container.image, environmentVariables: [], ...viewOf(app, container, shows) },
  };
}

/** A container of which the platform has shown nothing yet has no instance view (as recorded of a group that is pending). */
function viewOf(app: App, { name }: Container, shows: boolean): { readonly instanceView?: unknown } {
  const held = settingsOf(app).containers.get(name);
  return held?.current === undefined || !shows ? {} : { instanceView: wireView(held, held.current) };
}

function wireView({ restarts, previous, events }: GroupContainer, current: ContainerState): unknown {
  return {
    restartCount: restarts,
    currentState: wireState(current),
    ...(previous === undefined ? {} : { previousState: wireState(previous) }),
    ...(events.length === 0
      ? {}
      : {
          events: events.map(({ count, firstMs, lastMs, name, message, type }) => ({
            count,
            firstTimestamp: inSeconds(firstMs),
            lastTimestamp: inSeconds(lastMs),
            name,
            message,
            type,
          })),
        }),
  };
}

function wireState({ state, startMs, exitCode, finishMs, detailStatus }: ContainerState): unknown {
  return {
    state,
    ...(startMs === undefined ? {} : { startTime: new Date(startMs).toISOString() }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(finishMs === undefined ? {} : { finishTime: new Date(finishMs).toISOString() }),
    detailStatus,
  };
}

/** Times of events have whole seconds. */
function inSeconds(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
