// The table of commands. The help of each, the completion of shells and docs/commands.md are made from it, so a command is described once.
import { help } from './command-parts.ts';
import type { CommandSpec } from './command-spec.ts';
import { commandsThatAsk } from './commands-that-ask.ts';
import { commandsThatRead } from './commands-that-read.ts';
import { commandsWithoutApp } from './commands-without-app.ts';

export const commands = {
  ...commandsWithoutApp,
  ...commandsThatRead,
  ...commandsThatAsk,
  completion: {
    needs: 'nothing',
    does: 'prints a script with which your shell completes commands and options',
    usage: ['bash|zsh|fish'],
    explains: [
      'Prints a script with which your shell completes commands, options and their values. For bash, put "source <(pullmedic completion bash)" into ~/.bashrc; for zsh, put "source <(pullmedic completion zsh)" into ~/.zshrc behind compinit; for fish, write it to ~/.config/fish/completions/pullmedic.fish. It completes the name pullmedic, so that has to be a command of your shell.',
    ],
    words: { most: 1, offers: ['bash', 'zsh', 'fish'] },
    options: help,
    examples: ['completion bash'],
    exits: { 0: 'done', 2: 'the shell is not one of these' },
  },
  help: {
    needs: 'nothing',
    does: 'explains a command',
    usage: ['[COMMAND]'],
    explains: ['Explains a command and its options, or lists the commands.'],
    words: { most: 1, offers: 'commands' },
    options: help,
    examples: ['help history'],
    exits: { 0: 'done', 2: 'there is no such command' },
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;

export type Commands = typeof commands;
export type CommandName = keyof Commands;

/** The names, in the order of the table. */
export const commandNames = Object.keys(commands) as readonly CommandName[];

export function isCommand(text: string): text is CommandName {
  return Object.hasOwn(commands, text);
}
