// An answer of another shape is declined.
import { expect, it } from 'vitest';
import * as z from 'zod';
import { readAs } from '../../src/cli/answer-read.ts';
import { Declined } from '../../src/cli/declined.ts';

const schema = z.object({ well: z.boolean() });

it('is read if it has the shape', () => {
  expect(readAs(schema, { well: true, more: 1 }, 'its health')).toEqual({ well: true });
});

it('is declined if it does not, and the sentence says what was expected', () => {
  expect(() => readAs(schema, { well: 'yes' }, 'its health')).toThrow(Declined);
  expect(() => readAs(schema, '<html>', 'its health')).toThrow('something else than its health');
});
