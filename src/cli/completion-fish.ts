// The completion of the command line in fish, made from the table of commands.
import type { CommandSpec } from './command-spec.ts';
import { commandNames } from './commands.ts';
import { specOf } from './help.ts';

/** A script for `source` in fish, or for ~/.config/fish/completions/pullmedic.fish. */
export function fishScript(): string {
  const first = commandNames.map(
    (name) => `complete -c pullmedic -n __fish_use_subcommand -a ${name} -d ${quoted(specOf(name).does)}`,
  );
  return [
    '# Completion of pullmedic for fish: pullmedic completion fish | source',
    'complete -c pullmedic -f',
    'complete -c pullmedic -n __fish_use_subcommand -l version',
    ...first,
    ...commandNames.flatMap((name) => linesOf(name, specOf(name))),
    '',
  ].join('\n');
}

function linesOf(name: string, { options, words }: CommandSpec): readonly string[] {
  const start = `complete -c pullmedic -n '__fish_seen_subcommand_from ${name}'`;
  const flags = Object.entries(options).map(([option, { type, short, says, offers }]) => {
    const value = type === 'boolean' ? '' : ` -x${offers === undefined ? '' : ` -a '${offers.join(' ')}'`}`;
    return `${start} -l ${option}${short === undefined ? '' : ` -s ${short}`}${value} -d ${quoted(says)}`;
  });
  const { offers } = words;
  if (offers === undefined) return flags;
  if (offers === 'files') return [...flags, `${start} -F`];
  return [...flags, `${start} -a '${(offers === 'commands' ? commandNames : offers).join(' ')}'`];
}

/** The text as one word of fish, where a backslash escapes a quote and itself. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
