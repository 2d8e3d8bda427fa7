import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAlert } from '../../../src/lib/signals/alert.ts';
import { readOperatorSignal } from '../../../src/lib/signals/operator.ts';
import { readQueuedSignal } from '../../../src/lib/signals/queued.ts';
import { appId } from '../facts.ts';
import { alertFor, ours, signalsOf } from './payloads.ts';

describe('a signal', () => {
  it('comes back from the queue as it was', () => {
    const signals = signalsOf(readAlert(alertFor(ours)));

    expect(signals).toHaveLength(1);
    expect(signals.map((signal) => readQueuedSignal(JSON.parse(JSON.stringify(signal))))).toEqual(signals);
  });

  it('of a person comes back with who asked and why', () => {
    const signals = signalsOf(readOperatorSignal({ app: appId, why: 'deployed again' }, 1, 'Ada'));

    expect(signals).toMatchObject([{ asked: { by: 'Ada', why: 'deployed again' } }]);
    for (const signal of [...signals, ...signalsOf(readOperatorSignal({ app: appId }, 1, 'Ada'))])
      expect(readQueuedSignal(JSON.parse(JSON.stringify(signal)))).toEqual(signal);
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
