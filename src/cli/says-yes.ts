// Asks the person at the terminal for a yes.
import { createInterface } from 'node:readline/promises';

/** Whether the person says yes. Without a terminal the caller may be a program, so the answer is no. */
export async function saysYes(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
