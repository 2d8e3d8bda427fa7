// The short form of `npm run faults -- --memory`: the model worlds, a fault at every so many calls.
import { describe, expect, it } from 'vitest';
import { archiveModels } from './archive-models.ts';
import { models } from './models.ts';
import { play } from './run.ts';
import { faultsAt, faultsOf, replayOf, sweep } from './sweep.ts';

describe('without a fault', () => {
  it.each([...models, ...archiveModels].map((model) => [model.name, model] as const))(
    '%s ends as it should',
    async (_name, model) => {
      expect((await play({ model, fault: { kind: 'none' }, seed: 1 })).violations).toEqual([]);
    },
  );
});

describe('whatever fails once', () => {
  it('ends the same in memory: one grant at most, nothing lost, nothing left open', async () => {
    const { runs, violations } = await sweep({ step: 47, seeds: [1] });

    expect(runs).toBeGreaterThan(500);
    expect(violations.map(({ run, what }) => `${what.join('; ')}   ${replayOf(run)}`)).toEqual([]);
  }, 600_000);
});

describe('a history that moves into the archive', () => {
  const [model] = archiveModels;
  if (model === undefined) throw new Error('there is no such model');

  it('is whole and moves once, wherever the host dies, or a request to a table or a blob is lost, or its answer', async () => {
    const { archiving } = await play({ model, fault: { kind: 'none' }, seed: 1 });
    const { from, to } = archiving ?? { from: 1, to: 0 };
    const calls = Array.from({ length: to - from + 1 }, (_, at) => from + at);
    const found: string[] = [];
    for (const fault of calls.flatMap((call) => [...faultsAt(call), { kind: 'sent-twice', call } as const])) {
      const run = { model, fault, seed: 1 };
      const { violations } = await play(run);
      if (violations.length > 0) found.push(`${violations.join('; ')}   ${replayOf(run)}`);
    }

    // Two histories of some forty entries in all: each row is removed by a request of its own.
    expect(calls.length).toBeGreaterThan(40);
    expect(found).toEqual([]);
  }, 600_000);

  it('is whole whichever of two hosts moves it', async () => {
    const found: string[] = [];
    for (const seed of [1, 2, 3, 4, 5])
      found.push(...(await play({ model, fault: { kind: 'two-hosts' }, seed })).violations);

    expect(found).toEqual([]);
  });
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
