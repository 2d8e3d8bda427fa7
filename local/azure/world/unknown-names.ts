// Names that a scenario file uses and does not declare, and members that contradict each other.
import type { WorldEvent } from './events.ts';
import { roleNames } from './identities.ts';
import type { World } from './world.ts';

type Path = readonly (string | number)[];

/** A mistake in a scenario file, with the place of it. */
export interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Names that are used but not declared, with the place in the file. */
export function unknownNames(world: World, events: readonly WorldEvent[]): Problem[] {
  const names = namesOf(world);
  return [
    ...inNetworks(world, names),
    ...inRegistries(world, names),
    ...inApps(world, names),
    ...inJobs(world, names),
    ...inContainerGroups(world, names),
    ...inContainers(world),
    ...inVirtualMachines(world, names),
    ...inRights(world, names),
    ...events.flatMap((event, index) => [...inEvent(event, index, names), ...notForGroups(world, event, index)]),
  ];
}

type Kind =
  | 'environment'
  | 'vnet'
  | 'registry'
  | 'app'
  | 'identity'
  | 'group'
  | 'token'
  | 'cache credentials'
  | 'vault'
  | 'role'
  | 'log alert rule';
type Names = Readonly<Record<Kind, ReadonlySet<string>>>;

function namesOf(world: World): Names {
  const logRules = world.alertRules.filter((one) => one.kind !== 'activity-log');
  return {
    environment: new Set(world.environments.map((one) => one.name)),
    vnet: new Set(world.vnets.map((one) => one.name)),
    registry: new Set(world.registries.map((one) => one.name)),
    app: new Set([...world.apps, ...world.jobs, ...world.containerGroups].map((one) => one.name)),
    identity: new Set(world.identities.map((one) => one.name)),
    group: new Set(world.groups.map((one) => one.name)),
    token: new Set(world.registries.flatMap((one) => one.tokens.map((token) => token.name))),
    'cache credentials': new Set(world.registries.flatMap((one) => one.credentialSets.map((set) => set.name))),
    vault: new Set(world.keyVaults.map((one) => one.name)),
    role: new Set<string>([...roleNames, ...world.customRoles.map((one) => one.name)]),
    'log alert rule': new Set(logRules.map((one) => one.name)),
  };
}

function inNetworks(world: World, names: Names): Problem[] {
  const peerings = world.vnets.flatMap((one, index) =>
    one.peerings.flatMap((peer, at) => named(names, 'vnet', peer, ['world', 'vnets', index, 'peerings', at])),
  );
  const environments = world.environments.flatMap((one, index): Problem[] => {
    const path = ['world', 'environments', index, 'vnet'];
    const contradicts = one.express && one.vnet !== undefined;
    return [
      ...named(names, 'vnet', one.vnet, path),
      ...(contradicts ? [{ path, message: 'an Express environment has no VNet' }] : []),
    ];
  });
  return [...peerings, ...environments];
}

function inRegistries(world: World, names: Names): Problem[] {
  return world.registries.flatMap((one, index) => [
    ...named(names, 'vnet', one.privateEndpoint?.vnet, ['world', 'registries', index, 'privateEndpoint', 'vnet']),
    ...one.cacheRules.flatMap((rule, at) =>
      named(names, 'cache credentials', rule.credentials, [
        'world',
        'registries',
        index,
        'cacheRules',
        at,
        'credentials',
      ]),
    ),
  ]);
}

function inApps(world: World, names: Names): Problem[] {
  const express = new Set(world.environments.filter((one) => one.express).map((one) => one.name));
  return world.apps.flatMap((one, index): Problem[] => {
    const path = ['world', 'apps', index];
    const contradicts = one.outbound !== undefined && !express.has(one.environment);
    const message = 'only an app in an Express environment has a subnet of its own';
    return [
      ...named(names, 'environment', one.environment, [...path, 'environment']),
      ...named(names, 'vnet', one.outbound?.vnet, [...path, 'outbound', 'vnet']),
      ...(contradicts ? [{ path: [...path, 'outbound'], message }] : []),
      ...puller(names, one.pullIdentity, [...path, 'pullIdentity']),
      ...entries(names, one.registries, path),
      ...secrets(names, one.secrets, path),
      ...one.identities.flatMap((held, at) => named(names, 'identity', held, [...path, 'identities', at])),
    ];
  });
}

function inJobs(world: World, names: Names): Problem[] {
  const apps = new Set(world.apps.map((one) => one.name));
  return world.jobs.flatMap((one, index): Problem[] => {
    const path = ['world', 'jobs', index];
    const twice = { path: [...path, 'name'], message: `an app of this world is called "${one.name}" too` };
    return [
      ...(apps.has(one.name) ? [twice] : []),
      ...named(names, 'environment', one.environment, [...path, 'environment']),
      ...puller(names, one.pullIdentity, [...path, 'pullIdentity']),
      ...entries(names, one.registries, path),
      ...secrets(names, one.secrets, path),
      ...one.identities.flatMap((held, at) => named(names, 'identity', held, [...path, 'identities', at])),
    ];
  });
}

function inContainerGroups(world: World, names: Names): Problem[] {
  const others = new Set([...world.apps, ...world.jobs].map((one) => one.name));
  return world.containerGroups.flatMap((one, index): Problem[] => {
    const path = ['world', 'containerGroups', index];
    return [
      ...(others.has(one.name)
        ? [{ path: [...path, 'name'], message: `an app or a job of this world is called "${one.name}" too` }]
        : []),
      ...named(names, 'vnet', one.subnet?.vnet, [...path, 'subnet', 'vnet']),
      ...puller(names, one.pullIdentity, [...path, 'pullIdentity']),
      ...entries(names, one.registries, path),
      ...one.identities.flatMap((held, at) => named(names, 'identity', held, [...path, 'identities', at])),
      ...contradictions(one, path),
    ];
  });
}

function contradictions(one: World['containerGroups'][number], path: Path): Problem[] {
  const forEver = 'a group with the restart policy Always starts what has ended again, so nothing of it ends';
  const fresh = 'only a group that is `running` has events of before';
  const vault = 'a container group has no secrets of a Key Vault; the password stands in the group';
  return [
    ...(one.runsFor !== undefined && one.restartPolicy === 'Always'
      ? [{ path: [...path, 'runsFor'], message: forEver }]
      : []),
    ...(one.failedBefore !== undefined && one.deployed !== 'running'
      ? [{ path: [...path, 'failedBefore'], message: fresh }]
      : []),
    ...one.secrets.flatMap(({ keyVault }, at) =>
      keyVault === undefined ? [] : [{ path: [...path, 'secrets', at, 'keyVault'], message: vault }],
    ),
  ];
}

/** Azure refuses two containers of one name, init containers included: their states and their rows could not be told apart. */
function inContainers(world: World): Problem[] {
  return (['apps', 'jobs', 'containerGroups'] as const).flatMap((kind) =>
    world[kind].flatMap(({ name, containers }, index) =>
      containers.flatMap((container, at): Problem[] => {
        if (containers.findIndex((other) => other.name === container.name) === at) return [];
        const message = `${name} has two containers named "${container.name}": give each container a name of its own`;
        return [{ path: ['world', kind, index, 'containers', at, 'name'], message }];
      }),
    ),
  );
}

function inVirtualMachines(world: World, names: Names): Problem[] {
  return world.virtualMachines.flatMap((one, index) =>
    one.identities.flatMap((held, at) =>
      named(names, 'identity', held, ['world', 'virtualMachines', index, 'identities', at]),
    ),
  );
}

function inRights(world: World, names: Names): Problem[] {
  const assignments = world.roleAssignments.flatMap((one, index) => {
    const path = ['world', 'roleAssignments', index];
    return [
      ...named(names, 'role', one.role, [...path, 'role']),
      ...principal(names, one.principal, [...path, 'principal']),
      ...scope(names, one.on, [...path, 'on']),
    ];
  });
  const groups = world.groups.flatMap((one, index) =>
    one.members.flatMap((member, at) => principal(names, member, ['world', 'groups', index, 'members', at])),
  );
  const denials = world.denyAssignments.flatMap((one, index) => [
    ...principal(names, one.principal, ['world', 'denyAssignments', index, 'principal']),
    ...scope(names, one.on, ['world', 'denyAssignments', index, 'on']),
  ]);
  return [...assignments, ...groups, ...denials];
}

function inEvent(event: WorldEvent, index: number, names: Names): Problem[] {
  const at = (member: string): Path => ['events', index, member];
  return [
    ...('app' in event ? named(names, 'app', event.app, at('app')) : []),
    ...(event.do === 'fire-alert' ? firing(event, index, names) : []),
    ...(event.do === 'configure-app' ? entries(names, event.registries, ['events', index]) : []),
    ...(event.do === 'set-cache-credentials'
      ? named(names, 'cache credentials', event.credentials, at('credentials'))
      : []),
    ...(event.do === 'set-token' ? named(names, 'token', event.token, at('token')) : []),
    ...(event.do === 'delete-identity' ? named(names, 'identity', event.identity, at('identity')) : []),
    ...('registry' in event ? named(names, 'registry', event.registry, at('registry')) : []),
    ...('vnet' in event ? named(names, 'vnet', event.vnet, at('vnet')) : []),
    ...('role' in event ? named(names, 'role', event.role, at('role')) : []),
    ...('principal' in event ? principal(names, event.principal, at('principal')) : []),
    ...('on' in event && typeof event.on === 'string' ? scope(names, event.on, at('on')) : []),
  ];
}

/** What cannot happen to a container group, and a restart of what is none. */
function notForGroups(world: World, event: WorldEvent, index: number): Problem[] {
  if (!('app' in event)) return [];
  const { app, do: what } = event;
  const isGroup = world.containerGroups.some(({ name }) => name === app);
  const path = ['events', index, 'app'];
  if (what === 'restart-group' || what === 'start-group' || what === 'stop-group')
    return isGroup || ![...world.apps, ...world.jobs].some(({ name }) => name === app)
      ? []
      : [{ path, message: `"${app}" is no container group` }];
  const never = [
    'make-room',
    'deactivate',
    'crash',
    'write-log-row',
    'scale',
    'pull',
    'start-job',
    'suspend-job',
    'cancel-deploy',
  ];
  return isGroup && never.includes(what)
    ? [{ path, message: `"${app}" is a container group, and ${what} is not for container groups` }]
    : [];
}

function firing(event: Extract<WorldEvent, { do: 'fire-alert' }>, index: number, names: Names): Problem[] {
  const message = 'there is no log alert rule in this world that could fire';
  return [
    ...named(names, 'app', event.underIdOf, ['events', index, 'underIdOf']),
    ...named(names, 'log alert rule', event.rule, ['events', index, 'rule']),
    ...(names['log alert rule'].size === 0 ? [{ path: ['events', index], message }] : []),
  ];
}

/** A name of this kind, where one is given. */
function named(names: Names, kind: Kind, value: string | undefined, path: Path): Problem[] {
  if (value === undefined || names[kind].has(value)) return [];
  return [{ path: [...path], message: `there is no ${kind} named "${value}" in this world` }];
}

/** An identity, `app:<name>`, `environment:<name>` or `group-of:<name>`. */
function principal(names: Names, text: string, path: Path): Problem[] {
  const [kind, rest] = text.split(':');
  if (rest === undefined) return named(names, 'identity', text, path);
  return named(names, kind === 'app' ? 'app' : kind === 'group-of' ? 'group' : 'environment', rest, path);
}

/** A registry, `vault:<name>`, `group:<name>` or `subscription`; resource groups are not declared. */
function scope(names: Names, text: string, path: Path): Problem[] {
  if (text === 'subscription' || text.startsWith('group:')) return [];
  return text.startsWith('vault:')
    ? named(names, 'vault', text.slice('vault:'.length), path)
    : named(names, 'registry', text, path);
}

/** An identity that pulls: by its name, or `system` and `system-environment`, which need no declaration. */
function puller(names: Names, identity: string | undefined, path: Path): Problem[] {
  return identity?.startsWith('system') === true ? [] : named(names, 'identity', identity, path);
}

/** The vaults of secrets. An identity that the app does not have is what a scenario may be about, so only its name must be declared. */
function secrets(names: Names, held: World['jobs'][number]['secrets'], path: Path): Problem[] {
  return held.flatMap(({ keyVault }, at) => {
    const where = [...path, 'secrets', at, 'keyVault'];
    return [
      ...named(names, 'vault', keyVault?.vault, [...where, 'vault']),
      ...puller(names, keyVault?.identity ?? 'system', [...where, 'identity']),
    ];
  });
}

function entries(
  names: Names,
  listed: readonly { identity?: string | undefined }[] | undefined,
  path: Path,
): Problem[] {
  return (listed ?? []).flatMap((entry, at) => puller(names, entry.identity, [...path, 'registries', at, 'identity']));
}
