// What a runbook is, and what all runbooks share.
import { nameOf, parseArmId, resourceGroupOf } from '../arm-id.ts';
import type { Cause, Diagnosis } from '../diagnose.ts';
import type { Evidence } from '../evidence.ts';
import type { Grant } from '../history.ts';
import type { Target } from '../target.ts';

export type Owner = 'app team' | 'registry owner' | 'network team' | 'Microsoft';

export interface Command {
  readonly title: string;
  readonly language: 'az' | 'bicep';
  readonly text: string;
}

export interface Runbook {
  readonly title: string;
  readonly owner: Owner;
  /** What is wrong and what to do now, in a few sentences. */
  readonly advice: string;
  readonly commands: readonly Command[];
  readonly verify: string;
  readonly undo: string;
}

export interface RunbookInput {
  readonly target: Target;
  readonly cause: Cause;
  readonly diagnosis: Diagnosis;
  readonly evidence: Evidence;
  readonly grant?: Grant;
}

/** Makes a value one word of a POSIX shell, whatever it holds. */
export function shellWord(value: string): string {
  return /^[\w./:@=,+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** The command that shows whether the pull works now. */
export function verifyPull({ target }: Pick<RunbookInput, 'target'>): string {
  const app = `az containerapp revision list --name ${shellWord(target.appName)} --resource-group ${shellWord(target.appId.split('/')[4] ?? '')}`;
  return `${app} --query "[].{revision:name, running:properties.runningState, details:properties.runningStateDetails}" --output table`;
}

export function runbook(
  input: RunbookInput,
  owner: Runbook['owner'],
  title: string,
  advice: string,
  commands: readonly Command[],
  undo: string,
): Runbook {
  return { title, owner, advice, commands, verify: verifyPull(input), undo };
}

/** Resource group and name of an id in the diagnosis; both empty where it is missing. */
export function place(id: string | undefined): { group: string; name: string } {
  const parsed = parseArmId(id ?? '');
  return parsed === undefined ? { group: '', name: '' } : { group: resourceGroupOf(parsed), name: nameOf(parsed) };
}

/** The undo of a runbook that only asks. */
export const nothing = 'Nothing was changed.';
