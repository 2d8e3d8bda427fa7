// `pullmedic completion`: the script of the shell that is named.
import { expect, it } from 'vitest';
import { ran } from './ran.ts';

it.each([
  ['bash', 'complete -F _pullmedic pullmedic\n'],
  ['zsh', '#compdef pullmedic\n'],
  ['fish', 'complete -c pullmedic -f\n'],
])('prints the script for %s', async (shell, part) => {
  const { code, out } = await ran(['completion', shell]);

  expect(code).toBe(0);
  expect(out).toContain(part);
});

it.each([[[]], [['tcsh']], [['toString']]])('prints nothing for %j', async (words) => {
  const { code, out, error } = await ran(['completion', ...words]);

  expect([code, out]).toEqual([2, '']);
  expect(error).toContain('completion takes bash, zsh or fish.');
});
