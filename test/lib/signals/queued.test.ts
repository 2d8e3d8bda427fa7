import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAlert } from '../../../src/lib/signals/alert.ts';
import { readQueuedSignal } from '../../../src/lib/signals/queued.ts';
import { alertFor, ours, signalsOf } from './payloads.ts';

describe('a signal', () => {
  it('comes back from the queue as it was', () => {
    for (const signal of signalsOf(readAlert(alertFor(ours)))) {
      expect(readQueuedSignal(JSON.parse(JSON.stringify(signal)))).toEqual(signal);
    }
  });

  it('is never made of anything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = readQueuedSignal(value);
        return read === undefined || typeof read.id === 'string';
      }),
    );
  });
});
