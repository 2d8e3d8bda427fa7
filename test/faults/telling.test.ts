// The outbox under the fault sweep: a host dies, a call fails or takes effect without an answer, at every single call of a run. No system
// is told twice, none is left out, and in the end each says what the incident says.
import { describe, expect, it } from 'vitest';
import { configWith } from '../lib/telling/scripted.ts';
import type { Model } from './model.ts';
import { models } from './models.ts';
import { type Fault, play } from './run.ts';
import { faultsOf, replayOf } from './sweep.ts';

/** The models of the sweep in which people hear of an incident for certain, with two systems that are told. */
const telling: readonly Model[] = models
  .filter(({ incident, config }) => (incident === 'open' || incident === 'resolved') && config.mode !== 'observe')
  .map((model) => {
    const { incidents } = configWith(['pager', 'chat']).settings;
    const config = { ...model.config, settings: { ...model.config.settings, incidents } };
    return { ...model, name: `${model.name}-told`, config };
  });

describe('what people are told, whatever fails once', () => {
  it.each(telling.map((model) => [model.name, model] as const))('%s', async (_name, model) => {
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
