// A request that came to nothing is told from a fault of the command line.
import { expect, it } from 'vitest';
import { Declined } from '../../src/cli/declined.ts';

it('a request that the app declined says why, and is told from other errors', () => {
  const declined = new Declined('The app does not answer at this address.');

  expect(declined).toBeInstanceOf(Error);
  expect([declined.name, declined.message]).toEqual(['Declined', 'The app does not answer at this address.']);
  expect(new Error('x')).not.toBeInstanceOf(Declined);
});
