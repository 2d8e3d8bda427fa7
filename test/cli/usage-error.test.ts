// The error of a command that was written wrongly.
import { expect, it } from 'vitest';
import { UsageError } from '../../src/cli/usage-error.ts';

it('is told from other errors by its name', () => {
  expect(new UsageError('x')).toMatchObject({ name: 'UsageError', message: 'x' });
});
