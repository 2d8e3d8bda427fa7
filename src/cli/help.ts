// The help of a command and the list of commands, made from the table of commands.
import type { CommandSpec, Needs } from './command-spec.ts';
import { type CommandName, commandNames, commands } from './commands.ts';
import { wrapped } from './terminal.ts';

/** Columns of a line of help. A terminal of the usual width shows them without a break. */
const width = 88;

/** The list of commands, with a line for each. */
export function listOfCommands(): string {
  const parts = titles.map(([needs, title]) => {
    const lines = commandNames.filter((name) => specOf(name).needs === needs).map(lineOf);
    return `${title}\n${lines.join('\n')}\n`;
  });
  return `pullmedic COMMAND [options]\n\n${parts.join('\n')}\n"pullmedic help COMMAND" explains a command by examples; "pullmedic --version" says the version.\n`;
}

/** What a command needs, as the title of those that need it. */
export const titles: readonly (readonly [Needs, string])[] = [
  ['log', 'Needs no Azure:'],
  ['azure', 'Reads Azure with your own sign-in:'],
  ['app', 'Asks a deployed pullmedic:'],
  ['nothing', 'About the command line itself:'],
];

/** The entry of the table, without the types of its options. */
export function specOf(name: CommandName): CommandSpec {
  return commands[name];
}

const longestName = Math.max(...commandNames.map((name) => name.length));

function lineOf(name: CommandName): string {
  return `  ${name.padEnd(longestName)}  ${specOf(name).does}`;
}

/**
 * Everything about one command: how to write it, what it does, its options, examples and exit codes. `reaches`: also how it gets to the app,
 * which is the same for every command that asks one.
 */
export function helpOf(name: CommandName, { reaches = true }: { readonly reaches?: boolean } = {}): string {
  const { usage, explains, options, examples, exits, needs } = specOf(name);
  const rows = Object.entries(options).map(([option, spec]) => [sayOption(option, spec), spec.says] as const);
  const parts = [
    usage.map((words) => `pullmedic ${name}${words === '' ? '' : ` ${words}`} [options]`).join('\n'),
    ...explains.map((paragraph) => wrapped(paragraph, width).join('\n')),
    columnsOf(rows),
    ...(needs === 'app' && reaches ? [wrapped(reaching, width).join('\n')] : []),
    ['Examples:', ...examples.map((example) => `  pullmedic ${example}`)].join('\n'),
    `Exit codes:\n${columnsOf(Object.entries(exits))}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** How a command gets to the app. */
export const reaching =
  'The address of the app comes from --url, or else from PULLMEDIC_URL, or else from the line "url = https://HOST" of the profile (~/.config/pullmedic/profile). You are signed in as "az login" has it; a program puts a token for the app into PULLMEDIC_TOKEN, never into an argument.';

/** An option as it is written: `-h, --help` or `--why TEXT`. */
export function sayOption(name: string, { short, takes }: CommandSpec['options'][string]): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${takes === undefined ? '' : ` ${takes}`}`;
}

function columnsOf(rows: readonly (readonly [string, string])[]): string {
  const first = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, says]) => {
      const [line = '', ...more] = wrapped(says, width - first - 4);
      return [`  ${name.padEnd(first)}  ${line}`, ...more.map((rest) => `${' '.repeat(first + 4)}${rest}`)].join('\n');
    })
    .join('\n');
}
