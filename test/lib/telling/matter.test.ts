import { expect, it } from 'vitest';
import { nameOf } from '../../../src/lib/telling/matter.ts';

it('a call is named by what it does, and one about a question by its stage and the question', () => {
  expect(nameOf({ do: 'open' })).toBe('open');
  expect(nameOf({ do: 'answered', question: 't1-4', stage: 'expired' })).toBe('expired.t1-4');
});
