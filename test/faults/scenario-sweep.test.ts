// What a disturbance of a scenario is. Each scenario with one: test/scenarios/virtual-time.test.ts, where all of them are played already.
import { describe, expect, it } from 'vitest';
import { fileOf } from '../../local/scenarios/built-in.ts';
import { readScenario } from '../../local/scenarios/schema.ts';
import { playDisturbed } from './scenario-sweep.ts';

describe('a scenario on virtual time that is disturbed', () => {
  it('comes to the same each time', async () => {
    const scenario = await readScenario(fileOf('missing-acrpull-user-assigned'));
    const kill = { kind: 'kill', wire: 'storage', request: 9, when: 'after', downMs: 40_000 } as const;
    const runs = [1, 2].map(() => ({ scenario, disturbance: kill }));
    const [first, second] = await playDisturbed(runs, 1);

    expect(first).toEqual(second);
    expect(first).toMatchObject({ struck: true, violations: [] });
  });

  it('expects the grants that it tells of, also one that a person removes again', async () => {
    const scenario = await readScenario(fileOf('grant-removed-then-new-image'));
    const kill = { kind: 'kill', wire: 'azure', request: 138, when: 'before', downMs: 90_000 } as const;
    const outcomes = await playDisturbed([{ scenario, disturbance: kill }], 1);

    expect(outcomes).toEqual([{ scenario: scenario.name, disturbance: kill, struck: true, violations: [] }]);
  });

  it('goes on where the process dies while a person waits for its answer: time stands still for that long', async () => {
    const scenario = await readScenario(fileOf('undo'));
    const requests = [161, 162, 163, 164, 165];
    const runs = requests.map((request) => ({
      scenario,
      disturbance: { kind: 'kill', wire: 'storage', request, when: 'before', downMs: 90_917 } as const,
    }));
    const outcomes = await playDisturbed(runs, 2);

    expect(outcomes.map(({ struck, violations }) => ({ struck, violations }))).toEqual(
      requests.map(() => ({ struck: true, violations: [] })),
    );
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
