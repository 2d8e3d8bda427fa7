// Shells for the tests of completion. bash is everywhere; the others are asked only where they are installed.
import { execFileSync, spawnSync } from 'node:child_process';

/** Whether this machine has the shell. */
export function hasShell(name: 'zsh' | 'fish'): boolean {
  return spawnSync(name, ['-c', 'true']).status === 0;
}

/** The lines that the script prints in the shell. */
export function linesFrom(shell: 'zsh' | 'fish', script: string): string[] {
  return execFileSync(shell, ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}
