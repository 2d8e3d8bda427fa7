// Role definitions: the built-in ones that scenarios can assign, and custom ones that they declare.

import { roleIdOf, roleIds } from '../model/assignments.ts';
import type { Sim } from '../model/sim.ts';
import { type Answer, armError } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';
import { actionMatches } from './conditions.ts';

interface Definition {
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
}

const builtIn: Readonly<Record<string, Definition>> = {
  AcrPull: { actions: ['Microsoft.ContainerRegistry/registries/pull/read'] },
  AcrPush: {
    actions: ['Microsoft.ContainerRegistry/registries/pull/read', 'Microsoft.ContainerRegistry/registries/push/write'],
  },
  Reader: { actions: ['*/read'] },
  Contributor: {
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
    ],
  },
  Owner: { actions: ['*'] },
  'Key Vault Secrets User': {
    actions: [],
    dataActions: [
      'Microsoft.KeyVault/vaults/secrets/getSecret/action',
      'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
    ],
  },
  'Container Registry Repository Reader': {
    actions: [],
    dataActions: [
      'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
      'Microsoft.ContainerRegistry/registries/repositories/content/read',
    ],
  },
};

interface Named extends Definition {
  readonly name: string;
  readonly type: 'BuiltInRole' | 'CustomRole';
}

function definitionOf(sim: Sim, roleId: string): Named | undefined {
  const custom = sim.world.customRoles.find((role) => roleIdOf(role.name) === roleId);
  if (custom !== undefined) return { ...custom, type: 'CustomRole' };
  const name = Object.keys(roleIds).find((role) => roleIds[role] === roleId);
  const definition = name === undefined ? undefined : builtIn[name];
  return name === undefined || definition === undefined ? undefined : { ...definition, name, type: 'BuiltInRole' };
}

/** Whether a role allows an action: one of its patterns covers it, and none of those that it takes away. */
export function roleAllows(
  sim: Sim,
  roleId: string,
  { kind, name }: { readonly kind: 'action' | 'dataAction'; readonly name: string },
): boolean {
  const definition = definitionOf(sim, roleId);
  const covers = (patterns: readonly string[] | undefined): boolean =>
    (patterns ?? []).some((pattern) => actionMatches(pattern, name));
  return kind === 'action'
    ? covers(definition?.actions) && !covers(definition?.notActions)
    : covers(definition?.dataActions) && !covers(definition?.notDataActions);
}

/** `GET …/roleDefinitions/{id}`. */
export function readRoleDefinition(sim: Sim, request: ArmRequest): Answer {
  const id = (request.parts[1] ?? '').toLowerCase();
  const definition = definitionOf(sim, id);
  if (definition === undefined)
    return armError(404, 'RoleDefinitionDoesNotExist', `The specified role definition with ID '${id}' does not exist.`);
  const subscription = `/subscriptions/${sim.world.subscription}`;
  return {
    status: 200,
    body: {
      id: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
      name: id,
      type: 'Microsoft.Authorization/roleDefinitions',
      properties: {
        roleName: definition.name,
        type: definition.type,
        description: definition.type === 'BuiltInRole' ? `The built-in role ${definition.name}.` : null,
        permissions: [
          {
            actions: definition.actions,
            notActions: definition.notActions ?? [],
            dataActions: definition.dataActions ?? [],
            notDataActions: definition.notDataActions ?? [],
          },
        ],
        assignableScopes: [definition.type === 'BuiltInRole' ? '/' : subscription],
        createdOn: '2018-10-29T18:11:04.0364537Z',
        updatedOn: '2021-11-11T20:13:45.8978856Z',
        createdBy: null,
        updatedBy: null,
      },
    },
  };
}
