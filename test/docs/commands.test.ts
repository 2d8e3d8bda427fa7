// The reference of the command line is made from the table of commands.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandsPage } from '../../tools/commands-page.ts';

it('is what `node tools/command-docs.ts` prints', () => {
  expect(readFileSync('docs/commands.md', 'utf8')).toBe(commandsPage());
});
