// A thread that takes orders: virtual time replaces the clock of the thread it is loaded in, so what uses it is played in a thread of its own.
import { once } from 'node:events';
import { parentPort, Worker } from 'node:worker_threads';

/**
 * Has a new thread answer the orders one after the other, and ends it. `module` is what the thread loads, and calls {@link answerOrders}. Throws
 * where an order has no answer; the message begins with what `nameOf` calls it.
 */
export async function answersTo<Order, Answer extends object>(
  module: URL,
  orders: readonly Order[],
  nameOf: (order: Order) => string,
): Promise<Answer[]> {
  const worker = new Worker(module);
  const answers: Answer[] = [];
  try {
    for (const order of orders) {
      worker.postMessage(order);
      const [answer] = (await once(worker, 'message')) as [Answer | Failed];
      if ('error' in answer) throw new Error(`${nameOf(order)}: ${answer.error}`);
      answers.push(answer);
    }
  } finally {
    await worker.terminate();
  }
  return answers;
}

/** Answers every order that comes to the thread that calls this. */
export function answerOrders<Order>(answer: (order: Order) => Promise<object>): void {
  parentPort?.on('message', (order: Order) => {
    void answer(order).then(
      (answered) => parentPort?.postMessage(answered),
      (error: unknown) =>
        parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) } satisfies Failed),
    );
  });
}

interface Failed {
  readonly error: string;
}
