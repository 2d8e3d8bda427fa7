import { describe, expect, it } from 'vitest';
import { sendWake } from '../../../src/lib/ports/send-wake.ts';
import type { Step } from '../../../src/lib/signals/step.ts';
import { nowMs, targetId } from '../facts.ts';

describe('a step that wakes', () => {
  it('says that all it is about happened before it is due, and says so anew where it is sent again', async () => {
    const sent: (readonly [Step, number])[] = [];
    const queue = {
      sendSignal: async () => undefined,
      sendTell: async () => undefined,
      sendStep: async (step: Step, dueAtMs: number) => void sent.push([step, dueAtMs]),
    };
    const first = { targetId, seq: 4, wake: false, late: true, happenedBeforeMs: nowMs };

    await sendWake({ queue }, first, nowMs + 7);

    expect(sent).toEqual([[{ targetId, seq: 4, wake: true, happenedBeforeMs: nowMs + 7 }, nowMs + 7]]);
  });
});
