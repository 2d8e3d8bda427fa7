// Commands that take the place of others: their titles begin with "Or", and the first command of a runbook is no alternative to anything.
import type { Command } from './runbook.ts';

/** The title of a command that a person may run in place of the one before it. */
export function asAlternative(title: string): string {
  return `Or ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

/** The commands, the first of which is called by what it does, also where the command that it was an alternative to fell away. */
export function withFirstStep([first, ...others]: readonly Command[]): readonly Command[] {
  if (first === undefined) return [];
  const said = /^Or (.)(.*)$/.exec(first.title);
  return said === null ? [first, ...others] : [{ ...first, title: `${said[1]?.toUpperCase()}${said[2]}` }, ...others];
}
