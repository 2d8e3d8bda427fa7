// The short form of `npm run faults -- --scenarios N`: each scenario with one disturbance, and what a disturbance is.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileOf } from '../../local/scenarios/built-in.ts';
import { readScenario, type Scenario } from '../../local/scenarios/schema.ts';
import { playDisturbed, sweepScenarios } from './scenario-sweep.ts';

async function builtIn(): Promise<Scenario[]> {
  const files = readdirSync('local/scenarios').filter((file) => file.endsWith('.yaml'));
  return Promise.all(files.map((file) => readScenario(`local/scenarios/${file}`)));
}

describe('a scenario on virtual time that is disturbed', () => {
  it('breaks no promise, whichever scenario it is', { timeout: 240_000 }, async () => {
    const scenarios = await builtIn();
    const outcomes = await sweepScenarios({ scenarios, runs: scenarios.length, seed: 5, threads: 2 });

    expect(outcomes.filter(({ struck }) => struck).length).toBeGreaterThan(scenarios.length / 2);
    expect(outcomes.filter(({ violations }) => violations.length > 0)).toEqual([]);
  });

  it('comes to the same each time', async () => {
    const scenario = await readScenario(fileOf('missing-acrpull-user-assigned'));
    const kill = { kind: 'kill', wire: 'storage', request: 9, when: 'after', downMs: 40_000 } as const;
    const runs = [1, 2].map(() => ({ scenario, disturbance: kill }));
    const [first, second] = await playDisturbed(runs, 1);

    expect(first).toEqual(second);
    expect(first).toMatchObject({ struck: true, violations: [] });
  });

  it('is not struck at a request that it never sends', async () => {
    const scenario = await readScenario(fileOf('crash-with-scary-words'));
    const spoilt = { do: 'reset', when: 'before' } as const;
    const never = { kind: 'spoil', request: 100_000, spoilt, tries: 1 } as const;
    const outcomes = await playDisturbed([{ scenario, disturbance: never }], 1);

    expect(outcomes).toEqual([
      { scenario: 'crash-with-scary-words', disturbance: never, struck: false, violations: [] },
    ]);
  });
});
