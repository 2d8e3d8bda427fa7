// Splits a command as a POSIX shell does, and refuses what would make the shell do more than run one command.

/** A command that a shell would not take as one command with these words. */
export class NotOneCommand extends Error {
  override readonly name = 'NotOneCommand';
}

/** Quoted pieces and plain characters, in the order in which a shell reads them. */
const token = /'([^']*)'|"((?:[^"\\$`]|\\["\\$`])*)"|\\(\n)|\\([^])|([ \t]+)|([\w./:@=,+%-])|([^])/g;

/** The words of a command, without its quotes. Throws where a character outside quotes means something to the shell. */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [, single, double, joined, escaped, blank, plain, special] of command.matchAll(token)) {
    if (special !== undefined) throw new NotOneCommand(`${JSON.stringify(special)} stands unquoted in: ${command}`);
    const piece = single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain;
    if (piece !== undefined) word = (word ?? '') + piece;
    if ((blank !== undefined || joined !== undefined) && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** A variable of the script, in quotes: it stays one word, whatever it holds. */
const variable = /"\$[A-Z]+"/g;

/** The `az` commands of a script: one a line, perhaps kept in a variable; `read` asks a person for a secret, and a comment says what proves the pull. */
export function azCommands(script: string): string[] {
  const lines = script
    .replace(/\n# Proof: [\w ,.]+$/, '')
    .replaceAll('\\\n', ' ')
    .split(/\n(?=az |read |[A-Z]+=\$\(az )/);
  return lines
    .filter((line) => !/^read -rs [A-Z]+$/.test(line))
    .map((line) => (/^[A-Z]+=\$\((az [^]*)\)$/.exec(line)?.[1] ?? line).replace(variable, 'VALUE'));
}

const flags = new Set([
  '--disable-scope-strict-match',
  '--yes',
  '--keep-empty-record-set',
  '--include-inherited',
  '--system-assigned',
  '--allow-vnet-access',
  '--include-groups',
  '--include-default',
  '--append',
  '--password1',
  '--password2',
]);

/** What an `az` command says: its verbs, then its options with one value each. Throws where a word is left over. */
export function azCommand(command: string): { readonly verbs: string[]; readonly options: Map<string, string> } {
  const [az, ...words] = shellWords(command);
  if (az !== 'az') throw new NotOneCommand(`not an az command: ${command}`);
  const first = words.findIndex((word) => word.startsWith('--'));
  const verbs = first < 0 ? words : words.slice(0, first);
  const options = new Map<string, string>();
  for (let at = verbs.length; at < words.length; at += 1) {
    const name = words[at] ?? '';
    if (name === '.' && at === words.length - 1) continue;
    if (!/^--[a-z][a-z0-9-]+$/.test(name))
      throw new NotOneCommand(`${JSON.stringify(name)} is left over in: ${command}`);
    if (flags.has(name)) options.set(name, name);
    else {
      at += 1;
      options.set(name, words[at] ?? '');
    }
  }
  return { verbs, options };
}
