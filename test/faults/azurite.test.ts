// The short form of `npm run faults -- --azurite N`: the model worlds with the real storage clients.
import { expect, it } from 'vitest';
import { archiveModels } from './archive-models.ts';
import { sweepAzurite, sweepBlobs } from './azurite-sweep.ts';
import { models } from './models.ts';
import { replayOf } from './sweep.ts';
import { toldModels } from './told-models.ts';

it('ends the same on Azurite, whatever becomes of a request to storage', { timeout: 900_000 }, async () => {
  const { runs, faults, violations } = await sweepAzurite({ runs: models.length + 8, seed: 3, models });

  expect(runs).toBe(models.length + 8);
  expect(Object.keys(faults).length).toBeGreaterThan(3);
  expect(violations.map(({ run, what }) => `${what.join('; ')}   ${replayOf(run, '--azurite 1 ')}`)).toEqual([]);
});

it('tells two systems once on Azurite, whatever becomes of a request to storage', { timeout: 900_000 }, async () => {
  const told = toldModels.slice(0, 3);
  const { runs, violations } = await sweepAzurite({ runs: told.length + 9, seed: 7, models: told });

  expect(runs).toBe(12);
  expect(violations.map(({ run, what }) => `${what.join('; ')}   ${replayOf(run, '--azurite 1 ')}`)).toEqual([]);
});

it('archives each history whole and once on Azurite, whatever becomes of a request to a blob', {
  timeout: 900_000,
}, async () => {
  const [model] = archiveModels;
  if (model === undefined) throw new Error('there is no such model');

  // Of the fourteen ways one after another, of which thirteen has no part: each request meets others.
  const { runs, violations } = await sweepBlobs(model, { step: 13 });

  expect(runs).toBeGreaterThan(8);
  expect(violations.map(({ run, what }) => `${what.join('; ')}   ${replayOf(run, '--azurite 1 ')}`)).toEqual([]);
});

it('archives on Azurite whatever becomes of a request to a table, and wherever the host dies', {
  timeout: 900_000,
}, async () => {
  const { runs, violations } = await sweepAzurite({ runs: 13, seed: 5, models: archiveModels });

  expect(runs).toBe(13);
  expect(violations.map(({ run, what }) => `${what.join('; ')}   ${replayOf(run, '--azurite 1 ')}`)).toEqual([]);
});
