// The completion of the command line in bash, made from the table of commands.
import type { CommandSpec } from './command-spec.ts';
import { commandNames } from './commands.ts';
import { specOf } from './help.ts';

/** A script for `source` in bash. */
export function bashScript(): string {
  return `# Completion of pullmedic for bash: source <(pullmedic completion bash)
_pullmedic() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commandNames.join(' ')} --version" -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]} $before" in
${commandNames.flatMap((name) => valueCases(name, specOf(name))).join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${commandNames.map((name) => wordCase(name, specOf(name))).join('\n')}
  esac
}
complete -F _pullmedic pullmedic
`;
}

/** What stands behind an option with a value: one of its values, or nothing that a shell could know. */
function valueCases(name: string, { options }: CommandSpec): readonly string[] {
  return Object.entries(options).flatMap(([option, { type, offers }]) =>
    type === 'boolean'
      ? []
      : [`    '${name} --${option}') ${offers === undefined ? '' : `${reply(offers)}; `}return ;;`],
  );
}

function wordCase(name: string, { options, words }: CommandSpec): string {
  const flags = Object.keys(options).map((option) => `--${option}`);
  const offered = words.offers === 'commands' ? commandNames : words.offers === 'files' ? [] : (words.offers ?? []);
  const files = words.offers === 'files' ? '; COMPREPLY+=($(compgen -f -- "$cur"))' : '';
  return `    '${name}') ${reply([...offered, ...flags])}${files} ;;`;
}

function reply(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$cur"))`;
}
