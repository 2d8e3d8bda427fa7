// The reference of the command line is made from the table of commands.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { addressOf } from '../../src/cli/deployed.ts';
import { parseProfile } from '../../src/cli/profile.ts';
import { commandsPage } from '../../tools/commands-page.ts';

it('is what `node tools/command-docs.ts` prints', () => {
  expect(readFileSync('docs/commands.md', 'utf8')).toBe(commandsPage());
});

it('says once how the commands get to the app', () => {
  expect(commandsPage().match(/PULLMEDIC_TOKEN, never into/g)).toHaveLength(1);
});

it('has a profile beside it that the command line takes', () => {
  const page = readFileSync('docs/operations.md', 'utf8');
  const [, shown = ''] = /begins a comment:\n\n((?: {4}.*\n)+)/.exec(page) ?? [];
  const { url, signIn } = parseProfile(shown, 'the page');

  expect(addressOf(url?.text)).toBe('https://host');
  expect(signIn).toBe('az');
});
