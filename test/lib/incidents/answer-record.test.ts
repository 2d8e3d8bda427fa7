import { expect, it } from 'vitest';
import { recordOf } from '../../../src/lib/incidents/answer-record.ts';

it.each([undefined, null, 'text', 4])('reads %j as an object without members', (value) => {
  expect(recordOf(value)['name']).toBeUndefined();
});

it('reads the members of an object', () => {
  expect(recordOf({ name: 'a' })['name']).toBe('a');
});
