// The command `completion`: prints a script with which a shell completes the commands of the table, their options and words.
import type { Arguments } from './arguments.ts';
import { bashScript } from './completion-bash.ts';
import { fishScript } from './completion-fish.ts';
import { zshScript } from './completion-zsh.ts';
import { UsageError } from './usage-error.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** Prints the script for a shell. */
export async function completionCommand({ words }: Arguments<'completion'>): Promise<number> {
  const [shell] = words;
  if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish')
    throw new UsageError('completion takes bash, zsh or fish.');
  process.stdout.write(scripts[shell]());
  return 0;
}
