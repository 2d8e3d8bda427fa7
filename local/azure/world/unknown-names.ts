// Names that a scenario file uses and does not declare.

import type { WorldEvent } from './events.ts';
import { roleNames } from './identities.ts';

import type { World } from './world.ts';

/** Names that are used but not declared, with the place in the file. */
export function unknownNames(
  world: World,
  events: readonly WorldEvent[],
): { path: (string | number)[]; message: string }[] {
  const logRules = world.alertRules.filter((one) => one.kind !== 'activity-log').map((one) => one.name);
  const known = {
    environment: new Set(world.environments.map((one) => one.name)),
    vnet: new Set(world.vnets.map((one) => one.name)),
    registry: new Set(world.registries.map((one) => one.name)),
    app: new Set(world.apps.map((one) => one.name)),
    identity: new Set(world.identities.map((one) => one.name)),
    group: new Set(world.groups.map((one) => one.name)),
    token: new Set(world.registries.flatMap((one) => one.tokens.map((token) => token.name))),
    role: new Set<string>([...roleNames, ...world.customRoles.map((one) => one.name)]),
    'log alert rule': new Set(logRules),
  };
  const problems: { path: (string | number)[]; message: string }[] = [];
  const check = (kind: keyof typeof known, value: string | undefined, path: (string | number)[]): void => {
    if (value !== undefined && !known[kind].has(value))
      problems.push({ path, message: `there is no ${kind} named "${value}" in this world` });
  };
  const principal = (text: string, path: (string | number)[]): void => {
    const [kind, rest] = text.split(':');
    if (rest === undefined) check('identity', text, path);
    else check(kind === 'app' ? 'app' : kind === 'group-of' ? 'group' : 'environment', rest, path);
  };
  const scope = (text: string, path: (string | number)[]): void => {
    if (text !== 'subscription' && !text.startsWith('group:')) check('registry', text, path);
  };
  world.vnets.forEach((one, index) => {
    one.peerings.forEach((peer, at) => check('vnet', peer, ['world', 'vnets', index, 'peerings', at]));
  });
  const pulls = (identity: string | undefined, path: (string | number)[]): void => {
    if (!identity?.startsWith('system')) check('identity', identity, path);
  };
  const entries = (listed: readonly { identity?: string | undefined }[] | undefined, path: (string | number)[]): void =>
    listed?.forEach((entry, at) => pulls(entry.identity, [...path, 'registries', at, 'identity']));
  const express = new Set(world.environments.filter((one) => one.express).map((one) => one.name));
  world.environments.forEach((one, index) => {
    check('vnet', one.vnet, ['world', 'environments', index, 'vnet']);
    if (one.express && one.vnet !== undefined)
      problems.push({ path: ['world', 'environments', index, 'vnet'], message: 'an Express environment has no VNet' });
  });
  world.registries.forEach((one, index) =>
    check('vnet', one.privateEndpoint?.vnet, ['world', 'registries', index, 'privateEndpoint', 'vnet']),
  );
  world.apps.forEach((one, index) => {
    check('environment', one.environment, ['world', 'apps', index, 'environment']);
    check('vnet', one.outbound?.vnet, ['world', 'apps', index, 'outbound', 'vnet']);
    if (one.outbound !== undefined && !express.has(one.environment))
      problems.push({
        path: ['world', 'apps', index, 'outbound'],
        message: 'only an app in an Express environment has a subnet of its own',
      });
    pulls(one.pullIdentity, ['world', 'apps', index, 'pullIdentity']);
    entries(one.registries, ['world', 'apps', index]);
    one.identities.forEach((held, at) => check('identity', held, ['world', 'apps', index, 'identities', at]));
  });
  world.roleAssignments.forEach((one, index) => {
    check('role', one.role, ['world', 'roleAssignments', index, 'role']);
    principal(one.principal, ['world', 'roleAssignments', index, 'principal']);
    scope(one.on, ['world', 'roleAssignments', index, 'on']);
  });
  world.groups.forEach((one, index) =>
    one.members.forEach((member, at) => principal(member, ['world', 'groups', index, 'members', at])),
  );
  world.denyAssignments.forEach((one, index) => {
    principal(one.principal, ['world', 'denyAssignments', index, 'principal']);
    scope(one.on, ['world', 'denyAssignments', index, 'on']);
  });
  events.forEach((event, index) => {
    if ('app' in event) check('app', event.app, ['events', index, 'app']);
    if (event.do === 'fire-alert') {
      check('app', event.underIdOf, ['events', index, 'underIdOf']);
      check('log alert rule', event.rule, ['events', index, 'rule']);
      if (logRules.length === 0)
        problems.push({ path: ['events', index], message: 'there is no log alert rule in this world that could fire' });
    }
    if (event.do === 'configure-app') entries(event.registries, ['events', index]);
    if (event.do === 'set-token') check('token', event.token, ['events', index, 'token']);
    if (event.do === 'delete-identity') check('identity', event.identity, ['events', index, 'identity']);
    if ('registry' in event) check('registry', event.registry, ['events', index, 'registry']);
    if ('vnet' in event) check('vnet', event.vnet, ['events', index, 'vnet']);
    if ('role' in event) check('role', event.role, ['events', index, 'role']);
    if ('principal' in event) principal(event.principal, ['events', index, 'principal']);
    if ('on' in event && typeof event.on === 'string') scope(event.on, ['events', index, 'on']);
  });
  return problems;
}
