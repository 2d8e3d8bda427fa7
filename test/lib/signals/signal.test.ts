import { describe, expect, it } from 'vitest';
import { readQueuedSignal } from '../../../src/lib/signals/queued.ts';
import { vias } from '../../../src/lib/signals/signal.ts';
import { signal } from '../facts.ts';

describe('the ways by which a signal comes', () => {
  it('are named once each', () => {
    expect(vias).toEqual([...new Set(vias)]);
  });

  it.each(vias)('are all read from a queue: %s', (via) => {
    expect(readQueuedSignal({ ...signal, via })).toEqual({ ...signal, via });
  });

  it('are all that there are', () => {
    expect(readQueuedSignal({ ...signal, via: 'rumour' })).toBeUndefined();
  });
});
