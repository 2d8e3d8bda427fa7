// Reads the arguments of a command as the table of commands describes them.
import { parseArgs } from 'node:util';
import type { OptionSpec } from './command-spec.ts';
import { type CommandName, type Commands, commands } from './commands.ts';
import { UsageError } from './usage-error.ts';

/** What a person wrote behind the name of a command. */
export interface Arguments<Name extends CommandName> {
  readonly values: Values<Commands[Name]['options']>;
  /** The words beside the options. */
  readonly words: readonly string[];
  /** All of it as it was written. */
  readonly raw: readonly string[];
}

type Values<Options> = { readonly [Name in keyof Options]?: Value<Options[Name]> | undefined };
type Value<Option> = Option extends { multiple: true }
  ? readonly string[]
  : Option extends { type: 'boolean' }
    ? boolean
    : string;

/** Throws {@link UsageError} where an option is not of this command, lacks its value or has one too many, and for too many words. */
export function argumentsOf<Name extends CommandName>(name: Name, raw: readonly string[]): Arguments<Name> {
  const { words, options } = commands[name];
  const { values, positionals } = parsed(raw, options);
  if (positionals.length > words.most) throw new UsageError(sayTooMany(name, words.most));
  // The options are those of the table, so the values have the types that it says.
  return { values: values as Arguments<Name>['values'], words: positionals, raw };
}

function parsed(raw: readonly string[], options: Readonly<Record<string, OptionSpec>>) {
  try {
    return parseArgs({ args: [...raw], allowPositionals: true, options });
  } catch (error) {
    // The library adds an explanation of how to write a word that looks like an option.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UsageError(`${sentence.replace(/\.*$/, '')}.`);
  }
}

function sayTooMany(name: string, most: number): string {
  if (most === 0) return `${name} takes options only.`;
  return most === 1 ? `${name} takes one word beside its options.` : `${name} takes at most ${most} words.`;
}
