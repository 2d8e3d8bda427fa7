// The outbox under the fault sweep: a host dies, a call fails or takes effect without an answer, at every single call of a run. No system
// is told twice, none is left out, and in the end each says what the incident says.
import { describe, expect, it } from 'vitest';
import { type Fault, play } from './run.ts';
import { faultsOf, replayOf } from './sweep.ts';
import { toldModels } from './told-models.ts';

describe('what people are told, whatever fails once', () => {
  it.each(toldModels.map((model) => [model.name, model] as const))('%s', async (_name, model) => {
    const faultless = await play({ model, fault: { kind: 'none' }, seed: 1 });
    expect(faultless.violations).toEqual([]);
    const faults: readonly Fault[] = faultsOf(faultless.calls, 61, 1);
    const found: string[] = [];
    for (const fault of faults) {
      const run = { model, fault, seed: 1 };
      const { violations } = await play(run);
      if (violations.length > 0) found.push(`${violations.join('; ')}   ${replayOf(run)}`);
    }

    expect(faults.length).toBeGreaterThan(10);
    expect(found).toEqual([]);
  });
});
