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
  help: {
    needs: 'nothing',
    does: 'explains a command',
    usage: ['[COMMAND]'],
    explains: ['Explains a command and its options, or lists the commands.'],
    words: { most: 1 },
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
