// The commands that need no deployed pullmedic.
import { expect, it } from 'vitest';
import { commandsWithoutApp } from '../../src/cli/commands-without-app.ts';
import { exitCodes } from '../../src/cli/verdict.ts';

it('say every exit code of a diagnosis', () => {
  const said = Object.keys(commandsWithoutApp.diagnose.exits).map(Number);
  expect(said).toEqual(expect.arrayContaining(Object.values(exitCodes)));
});

it('need no app', () => {
  expect(Object.values(commandsWithoutApp).map(({ needs }) => needs)).not.toContain('app');
});
