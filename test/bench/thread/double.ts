// A thread that doubles numbers, and refuses those below zero.
import { answerOrders } from '../../../bench/thread/orders.ts';

answerOrders<number>(async (number) => {
  if (number < 0) throw new Error('below zero');
  return { doubled: number * 2 };
});
