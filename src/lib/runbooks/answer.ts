// Shared parts of the runbooks that change no configuration of Azure: deploy another image, ask the registry.

import { isWriteRejected } from '../evidence/evidence.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { onlyReads, registryOptions, verifyPull } from './runbook.ts';

interface Answer {
  readonly title: string;
  readonly advice: string;
  /** What is known beyond the cause; begins with a space where there is something. */
  readonly more?: string;
  readonly commands: readonly Command[];
  /** How to undo the commands, where that is more than another deployment. */
  readonly undo?: string;
}

/** A runbook that changes no configuration of Azure. Where it has no command, it says so. */
export function answer(input: RunbookInput, { title, advice, more = '', commands, undo }: Answer): RunbookText {
  const none = commands.length > 0 || advice.includes('no command') ? '' : ' There is no command for this.';
  return {
    title,
    advice: `${advice}${more}${none}`,
    commands,
    verify: verifyPull(input),
    undo: undoOf(commands, undo),
  };
}

/** `known` is the undo that the runbook names; without it, another deployment undoes a deployment. */
function undoOf(commands: readonly Command[], known: string | undefined): string {
  if (commands.length === 0) return 'There is no command here, so there is nothing to undo.';
  if (known !== undefined) return known;
  return commands.some(({ text }) => text.startsWith('az containerapp update '))
    ? 'Deploy the previous image again.'
    : onlyReads;
}

/** How the pull goes on once the cause is put right: the platform tries a pull again, and repeats no write that it rejected. */
export function nextTry({ target, evidence }: RunbookInput): string {
  return isWriteRejected(target, evidence)
    ? 'Azure does not repeat a rejected write: run your deployment again.'
    : 'The platform pulls it on its next try.';
}

interface AboutRegistry {
  readonly title: string;
  readonly command: string;
  /** What follows the registry in the command; begins with a space. */
  readonly more?: string;
  /** How the command calls the registry: `--name` by default. */
  readonly option?: string;
}

/** A command that asks or changes the registry; none where `az acr` does not know it. */
export function inRegistry(input: RunbookInput, { title, command, more = '', option }: AboutRegistry): Command[] {
  if (!isAzureRegistry(input.target.registry)) return [];
  return [{ title, language: 'az', text: `${command} ${registryOptions(input, option)}${more}` }];
}
