// The short form of `npm run faults -- --memory`: the model worlds, a fault at every so many calls.
import { describe, expect, it } from 'vitest';
import { models } from './models.ts';
import { play } from './run.ts';
import { faultsOf, replayOf, sweep } from './sweep.ts';

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
  }, 600_000);
});

describe('a row that moves when its remediation ends', () => {
  it('is in a list at every moment, wherever the host dies or a request fails', async () => {
    const model = models.find(({ name }) => name === 'crash');
    if (model === undefined) throw new Error('there is no such model');
    const { calls } = await play({ model, fault: { kind: 'none' }, seed: 1 });
    const faults = faultsOf(calls, 1, 1);
    const found: string[] = [];
    for (const fault of faults) found.push(...(await play({ model, fault, seed: 1 })).violations);

    expect(faults.length).toBeGreaterThan(4 * 50);
    expect(found).toEqual([]);
  });
});
