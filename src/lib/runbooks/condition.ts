// The runbook for a role whose condition names other repositories: the assignment that is there gets a wider condition, and none is added.
import { accessOf, conditionWith, repositoryCondition } from '../diagnosis/access.ts';
import { registryOf, repositoryOf } from '../evidence/evidence.ts';
import type { AssignmentFacts } from '../evidence/role-facts.ts';
import { nameOf, parseArmId, resourceGroupOf } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { bicepString, shellWord, verifyPull, wordOr } from './runbook.ts';

const file = 'assignment.json';

/**
 * The role is limited to other repositories. A second assignment of the same role to the same principal at the same scope is refused
 * (RoleAssignmentExists), and one that a template names as the first replaces the condition of the first: docs/unverified.md has both.
 */
export function repositoryConditionLeavesOut(input: RunbookInput): RunbookText {
  const held = excludingAssignment(input);
  const wider = widerCondition(input, held);
  return {
    title: `The role of ${input.target.appName} on ${input.target.registry} leaves the repository ${repositoryOf(input.target)} out`,
    advice: `The identity has a role that would let it pull, limited by a condition to other repositories${held === undefined ? '' : `: the assignment ${held.id}`}. Decide whether this repository belongs to it, then extend the condition of that assignment: each repository that it names now has to stay in it. Do not add a second assignment of the same role at the same scope: Azure refuses it, or it takes the place of the first. ${sayCondition(wider)}${toGroup(input, held)}`,
    commands: [...byCli(input, held), ...byBicep(input, held, wider)],
    verify: verifyPull(input),
    undo: `Set the condition of the assignment to the one that it had in ${file} before you changed it.`,
  };
}

/** The assignment whose condition leaves the repository out, where the look read it. */
function excludingAssignment({ target, evidence }: RunbookInput): AssignmentFacts | undefined {
  const access = accessOf(target, evidence);
  if (access?.answer !== 'cannot' || access.excluded === undefined) return undefined;
  return valueOf(evidence.roles)?.find(({ id }) => id === access.excluded);
}

function widerCondition({ target, grant }: RunbookInput, held: AssignmentFacts | undefined): string | undefined {
  const repository = repositoryOf(target) || grant?.repository;
  if (held?.condition === undefined || repository === undefined) return undefined;
  return conditionWith(held.condition, repository);
}

function toGroup({ grant }: RunbookInput, held: AssignmentFacts | undefined): string {
  return held === undefined || grant === undefined || held.principalId === grant.principalId
    ? ''
    : ` The assignment belongs to a group, ${held.principalId}: what you add holds for every member.`;
}

/** The command line takes a whole assignment as a file, and the file of an existing one is what it lists. */
function byCli(input: RunbookInput, held: AssignmentFacts | undefined): Command[] {
  const scope = wordOr(held?.scope ?? registryOf(input.evidence)?.id ?? input.grant?.registryId, 'REGISTRY_ID');
  const name = held === undefined ? 'ASSIGNMENT_NAME' : lastPart(held.id);
  const which = held === undefined ? ', with its name in place of ASSIGNMENT_NAME' : '';
  const list: Command = {
    title: 'List who may do what on the registry, and with which condition',
    language: 'az',
    text: `az role assignment list --scope ${scope} --include-inherited --query "[].{name:name, principal:principalId, role:roleDefinitionName, condition:condition}" --output yaml`,
  };
  return [
    ...(held === undefined ? [list] : []),
    {
      title: `Save the assignment as ${file}, and keep a copy of it${which}`,
      language: 'az',
      text: `az role assignment list --scope ${scope} --query ${shellWord(`[?name=='${name}'] | [0]`)} --output json`,
    },
    {
      title: `Extend the condition in ${file} first; this replaces the condition of the assignment by that of the file`,
      language: 'az',
      text: `az role assignment update --role-assignment ${file}`,
    },
  ];
}

function sayCondition(wider: string | undefined): string {
  return wider === undefined
    ? "Add this before its last two brackets: OR @Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEqualsIgnoreCase 'REPOSITORY'"
    : `The whole condition is then: ${wider}`;
}

/** The assignment under its own name: under another name it would be a second one. Only where it is at the registry itself. */
function byBicep(input: RunbookInput, held: AssignmentFacts | undefined, wider: string | undefined): Command[] {
  const { grant } = input;
  const registryId = registryOf(input.evidence)?.id ?? grant?.registryId;
  if (registryId === undefined || (held !== undefined && held.scope.toLowerCase() !== registryId.toLowerCase()))
    return [];
  const role = bicepString(held?.roleId ?? grant?.roleId ?? 'ROLE_ID');
  const name = held === undefined ? 'ASSIGNMENT_NAME' : lastPart(held.id);
  const text = `resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: ${bicepString(nameOf(registryId))}
}
resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: ${bicepString(name)}
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', ${role})
    principalId: ${bicepString(held?.principalId ?? grant?.principalId ?? 'PRINCIPAL_ID')}
    condition: ${bicepString(wider ?? conditionInFull())}
    conditionVersion: '2.0'
  }
}`;
  const title = `Replace the condition of the assignment that exists (deploy to ${resourceGroupOf(registryId)})`;
  return [{ title, language: 'bicep', text }];
}

/** The form of the condition, with placeholders for a repository that it names now and for the one that is added. */
function conditionInFull(): string {
  return conditionWith(repositoryCondition('PRESENT_REPOSITORY'), 'REPOSITORY') ?? '';
}

/** An assignment’s own name: the last part of its id, also where it belongs to a management group. */
function lastPart(id: string): string {
  const parsed = parseArmId(id);
  return parsed === undefined ? (id.split('/').at(-1) ?? id) : nameOf(parsed);
}
