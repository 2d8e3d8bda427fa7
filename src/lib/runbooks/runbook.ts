// The type of a runbook, and the parts that all runbooks share.

import type { Cause, Owner } from '../causes/causes.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { registryOf } from '../evidence/evidence.ts';
import type { Diagnosis } from '../history/diagnosis.ts';
import type { Grant } from '../history/grant.ts';
import { nameOf, parseArmId, resourceGroupOf, subscriptionOf } from '../words/arm-id.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import { type Target, unknownRegistry } from '../words/target.ts';

/** Something to run or to deploy; every value in it is quoted. */
export interface Command {
  readonly title: string;
  readonly language: 'az' | 'bicep';
  readonly text: string;
}

/** The named answer to one case of a cause. Stored with the incident, so members are never renamed. */
export interface Runbook {
  readonly title: string;
  readonly owner: Owner;
  /** What is wrong and what to do now, in a few sentences. */
  readonly advice: string;
  readonly commands: readonly Command[];
  readonly verify: string;
  /** How a person undoes these commands. What pullmedic changed by itself is in the history, and the page says how to undo that. */
  readonly undo: string;
}

/** What a cause’s function writes. Which team has to act is in the record of the cause, unless this case names another one. */
export type RunbookText = Omit<Runbook, 'owner'> & { readonly owner?: Owner };

/** The case that a runbook is written for. */
export interface RunbookInput {
  readonly target: Target;
  readonly cause: Cause;
  readonly diagnosis: Diagnosis;
  readonly evidence: Evidence;
  readonly grant?: Grant | undefined;
  /** The cause is put right, and one and the same pull has gone on for too long since. */
  readonly pullHangs?: boolean;
}

/** The undo of commands that only read. */
export const onlyReads = 'These commands only read, so there is nothing to undo.';

/** Makes a value one word of a POSIX shell, whatever it holds. */
export function shellWord(value: string): string {
  return /^[\w./:@=,+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** One word of a command: the value, or a placeholder in capitals if it is not known. */
export function wordOr(value: string | undefined, placeholder: string): string {
  return value === undefined || value === '' ? placeholder : shellWord(value);
}

/** The host of the target's registry; `undefined` where its image reference cannot be parsed. */
export function serverOf({ target }: Pick<RunbookInput, 'target'>): string | undefined {
  return target.registry === unknownRegistry ? undefined : target.registry;
}

/** The same as a word of a command. */
export function serverWord(input: Pick<RunbookInput, 'target'>): string {
  return wordOr(serverOf(input), 'SERVER');
}

/** Makes a value a string of Bicep, whatever it holds: no quote ends it, no `${` reads anything. */
export function bicepString(value: string): string {
  const escaped = value.replace(/[\\']|\$(?=\{)/g, (mark) => `\\${mark}`);
  return `'${escaped.replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}

export interface Place {
  /** Undefined where the id is missing or cannot be read. */
  readonly subscription?: string;
  readonly group: string;
  readonly name: string;
}

/** The subscription and group of a resource; placeholders in capitals if its id is not known. */
export function placeOf(id: string | undefined, placeholder: string): Place {
  const parsed = parseArmId(id ?? '');
  if (parsed === undefined) return { group: 'GROUP', name: placeholder };
  return {
    subscription: subscriptionOf(parsed),
    group: resourceGroupOf(parsed) || 'GROUP',
    name: nameOf(parsed) || placeholder,
  };
}

function whereOf({ subscription, group }: Place): string {
  return `--resource-group ${shellWord(group)}${subscription === undefined ? '' : ` --subscription ${shellWord(subscription)}`}`;
}

/** The options that name a resource, for a command that calls it `option`. */
export function optionsFor(place: Place, option = '--name'): string {
  return `${option} ${shellWord(place.name)} ${whereOf(place)}`;
}

/** The options that name the app. */
export function appOptions({ target }: Pick<RunbookInput, 'target'>): string {
  return optionsFor(placeOf(target.appId, 'APP'));
}

/** The registry's own name: a host is not always a name and `.azurecr.io`. */
export function registryPlace({ target, evidence }: Pick<RunbookInput, 'target' | 'evidence'>): Place {
  const registry = registryOf(evidence);
  if (registry !== undefined) return placeOf(registry.id, 'REGISTRY');
  const name = isAzureRegistry(target.registry) ? target.registry.split('.')[0] : undefined;
  return { group: 'GROUP', name: name || 'REGISTRY' };
}

/** The registry's name and subscription: `az acr` finds the resource group itself. */
export function registryOptions(input: Pick<RunbookInput, 'target' | 'evidence'>, option = '--name'): string {
  const { name, subscription } = registryPlace(input);
  return `${option} ${shellWord(name)}${subscription === undefined ? '' : ` --subscription ${shellWord(subscription)}`}`;
}

/**
 * The commands that show whether the pull works now, and what in their answers proves it: a revision reads well also where it serves with an image
 * that its node had before.
 */
export function verifyPull(input: Pick<RunbookInput, 'target'>): string {
  const rows = `az containerapp logs show ${appOptions(input)} --type system --tail 20`;
  return `${listRevisions(input)}\n${rows}\n${proofOfPull}`;
}

/** A comment for the shell; each other kind of workload has words of its own for it (src/lib/workloads). */
const proofOfPull =
  '# Proof: a row PulledImage since the fix, and a replica that is ready. A green revision alone proves nothing.';

/** The command that lists the revisions of the app. */
export function listRevisions(input: Pick<RunbookInput, 'target'>): string {
  return `az containerapp revision list ${appOptions(input)} --query "[].{revision:name, running:properties.runningState, details:properties.runningStateDetails}" --output table`;
}
