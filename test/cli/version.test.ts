// The version that the command line says.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { version } from '../../src/cli/version.ts';

it('is the version of the package, which the changelog describes', () => {
  expect(version()).toMatch(/^\d+\.\d+\.\d+$/);
  expect(readFileSync('CHANGELOG.md', 'utf8')).toMatch(new RegExp(`^## ${version().replaceAll('.', '\\.')}\\b`, 'm'));
});
