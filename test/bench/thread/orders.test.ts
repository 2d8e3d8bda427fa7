// Orders to a thread: each has its own answer, and a failure in the thread is one here.
import { expect, it } from 'vitest';
import { answersTo } from '../../../bench/thread/orders.ts';

const doubling = new URL('./double.ts', import.meta.url);
const nameOf = (number: number): string => `number ${number}`;

it('answers each order in turn', async () => {
  expect(await answersTo(doubling, [1, 2, 3], nameOf)).toEqual([{ doubled: 2 }, { doubled: 4 }, { doubled: 6 }]);
});

it('says which order failed, and why', async () => {
  await expect(answersTo(doubling, [1, -1, 2], nameOf)).rejects.toThrow('number -1: below zero');
});
