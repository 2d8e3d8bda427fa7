// The completion of the command line in zsh, made from the table of commands.
import type { CommandSpec } from './command-spec.ts';
import { commandNames } from './commands.ts';
import { specOf } from './help.ts';

/** A script for `source` in zsh behind `compinit`, or for a file `_pullmedic` in a folder of `fpath`. */
export function zshScript(): string {
  return `#compdef pullmedic
# Completion of pullmedic for zsh: source <(pullmedic completion zsh)
_pullmedic() {
  local -a commands
  commands=(
${commandNames.map((name) => `    ${quoted(`${name}:${specOf(name).does}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${commandNames.map((name) => `    ${name}) _arguments ${argumentsOf(specOf(name)).join(' ')} ;;`).join('\n')}
  esac
}
if [ "$funcstack[1]" = _pullmedic ]; then _pullmedic "$@"; else compdef _pullmedic pullmedic; fi
`;
}

function argumentsOf({ options, words }: CommandSpec): readonly string[] {
  const flags = Object.entries(options).map(([option, { takes, says, offers, multiple }]) => {
    const values = offers === undefined ? ' ' : `(${offers.join(' ')})`;
    const value = takes === undefined ? '' : `:${takes}:${values}`;
    return quoted(`${multiple === true ? '*' : ''}--${option}[${says.replace(/[[\]:]/g, '\\$&')}]${value}`);
  });
  return [...flags, ...wordsOf(words)];
}

function wordsOf({ offers }: CommandSpec['words']): readonly string[] {
  if (offers === undefined) return [];
  if (offers === 'files') return [quoted('*:file:_files')];
  return [quoted(`1:word:(${(offers === 'commands' ? commandNames : offers).join(' ')})`)];
}

/** The text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
