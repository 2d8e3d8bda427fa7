// The storage of a scenario on real parts lives on the scaled clock.
import { QueueServiceClient } from '@azure/storage-queue';
import { expect, it } from 'vitest';
import { steadyClock } from '../../local/conductor.ts';
import { startStorage } from '../../local/storage.ts';

it('a message hidden for two minutes is seen after two seconds where the clock runs sixty times as fast', async () => {
  const clock = steadyClock({ startMs: Date.parse('2026-06-01T02:00:00Z'), realStartMs: Date.now(), speed: 60 });
  const storage = await startStorage(['clocked'], { clock });
  try {
    const queue = QueueServiceClient.fromConnectionString(storage.connection('clocked')).getQueueClient('late');
    await queue.create();
    const sentMs = performance.now();
    await queue.sendMessage('hello', { visibilityTimeout: 120 });

    let waitedMs = 0;
    while ((await queue.receiveMessages()).receivedMessageItems.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      waitedMs = performance.now() - sentMs;
    }

    expect(waitedMs).toBeGreaterThan(1500);
    // Two minutes of a clock that is not scaled; a busy machine may take some of them.
    expect(waitedMs).toBeLessThan(110_000);
  } finally {
    await storage.stop();
  }
});
