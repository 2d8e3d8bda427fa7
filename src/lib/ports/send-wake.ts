// Sends a step that wakes a target.
import type { Step } from '../signals/step.ts';
import type { Queues } from './ports.ts';

/**
 * Sends a step that looks at the target whatever look is due: something was changed, or a person answered. All that it is about happened before it is
 * due, so that its look may rest on what others began to read after that. `dueAtMs` is in milliseconds. Throws when the queue cannot be reached.
 */
export async function sendWake(
  { queue }: Queues,
  { targetId, seq }: Pick<Step, 'targetId' | 'seq'>,
  dueAtMs: number,
): Promise<void> {
  await queue.sendStep({ targetId, seq, wake: true, happenedBeforeMs: dueAtMs }, dueAtMs);
}
