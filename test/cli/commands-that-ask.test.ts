// The commands that ask for something say who may, and that it is recorded.
import { expect, it } from 'vitest';
import { commandsThatAsk } from '../../src/cli/commands-that-ask.ts';

it.each(Object.entries(commandsThatAsk))('%s says that an operator asks, and is recorded', (_name, spec) => {
  expect(spec.needs).toBe('app');
  expect(spec.explains.join(' ')).toContain('the app role Operator. You are recorded');
});
