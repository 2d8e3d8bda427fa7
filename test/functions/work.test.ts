// What loads with the first work: everything that a queue or a timer starts, and nothing that an alert waits for.
import { describe, expect, it } from 'vitest';
import * as work from '../../src/functions/work.ts';

describe('the part that loads with the first work', () => {
  it('holds what the triggers of queues and timers do', () => {
    expect(Object.keys(work).toSorted()).toEqual([
      'archiveOld',
      'beat',
      'deliver',
      'drainPoison',
      'handleSignal',
      'handleStep',
      'keepUnreadable',
      'noteFailure',
      'readQueuedSignal',
      'readStep',
      'readTell',
      'refreshIncidentRows',
      'sendDue',
      'sendOverdue',
      'sweep',
      'sweepAsleep',
      'takeOverRows',
    ]);
  });

  it('reads a message of each queue, and none that is something else', () => {
    expect([work.readStep({}), work.readTell({}), work.readQueuedSignal({})]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
