// The short form of `npm run faults -- --memory`: the model worlds, a fault at every so many calls.
import { describe, expect, it } from 'vitest';
import { models } from './models.ts';
import { play } from './run.ts';
import { replayOf, sweep } from './sweep.ts';

describe('without a fault', () => {
  it.each(models.map((model) => [model.name, model] as const))('%s ends as it should', async (_name, model) => {
    expect((await play({ model, fault: { kind: 'none' }, seed: 1 })).violations).toEqual([]);
  });
});

describe('whatever fails once', () => {
  it('ends the same in memory: one grant at most, nothing lost, nothing left open', async () => {
    const { runs, violations } = await sweep({ step: 47, seeds: [1] });

    expect(runs).toBeGreaterThan(500);
    expect(violations.map(({ run, what }) => `${what.join('; ')}   ${replayOf(run)}`)).toEqual([]);
  });
});
