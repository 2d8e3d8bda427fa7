// The short forms of `npm run faults`: in memory and on Azurite.
import { describe, expect, it } from 'vitest';
import { sweepAzurite } from './azurite-sweep.ts';
import { models } from './models.ts';
import { play } from './run.ts';
import { replayOf, sweep } from './sweep.ts';

describe('without a fault', () => {
  it.each(models.map((model) => [model.name, model] as const))('%s ends as it should', async (_name, model) => {
    expect((await play({ model, fault: { kind: 'none' }, seed: 1 })).violations).toEqual([]);
  });
});

describe('whatever fails once', () => {
  it('ends the same in memory: one grant at most, nothing lost, nothing left open', { timeout: 240_000 }, async () => {
    const { runs, violations } = await sweep({ step: 23, seeds: [1] });

    expect(runs).toBeGreaterThan(500);
    expect(violations.map(({ run, what }) => `${what.join('; ')}   ${replayOf(run)}`)).toEqual([]);
  });

  it('ends the same on Azurite, whatever becomes of a request to storage', { timeout: 240_000 }, async () => {
    const { runs, faults, violations } = await sweepAzurite({ runs: models.length + 8, seed: 3 });

    expect(runs).toBe(models.length + 8);
    expect(Object.keys(faults).length).toBeGreaterThan(3);
    expect(violations.map(({ run, what }) => `${what.join('; ')}   ${replayOf(run, '--azurite 1 ')}`)).toEqual([]);
  });
});
