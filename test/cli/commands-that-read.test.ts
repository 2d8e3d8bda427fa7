// The commands that read need no right to change anything, and take no reason.
import { expect, it } from 'vitest';
import { commandsThatRead } from '../../src/cli/commands-that-read.ts';

it.each(Object.entries(commandsThatRead))('%s says that a reader will do, and takes no reason', (_name, spec) => {
  expect(spec.explains.join(' ')).toContain('Reader or Operator');
  expect(Object.keys(spec.options)).not.toContain('why');
});
