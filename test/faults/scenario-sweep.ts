// Faults in every scenario, on virtual time: a request to Azure is spoilt, or the process dies at a request to Azure or to storage.
// Seed and place say which, so that a line of the report plays a violation again.
import { chanceFromState } from '../../local/chance.ts';
import type { Told } from '../../local/demo/told.ts';
import type { Disturbance, Met } from '../../local/engine/disturb.ts';
import { playInThreads } from '../../local/engine/threads.ts';
import type { Scenario } from '../../local/scenarios/schema.ts';
import { nameOfSpoilt, spoils } from './wall.ts';

export interface ScenarioRun {
  readonly scenario: string;
  readonly disturbance: Disturbance;
}

export interface ScenarioOutcome extends ScenarioRun {
  /** Whether the run came to that request at all. */
  readonly struck: boolean;
  readonly violations: readonly string[];
}

export interface ScenarioSweepOptions {
  readonly scenarios: readonly Scenario[];
  readonly runs: number;
  readonly seed: number;
  /** So many at once. */
  readonly threads: number;
  /** What each scenario meets undisturbed, where it was played already. */
  readonly met?: readonly Met[] | undefined;
}

/** What a fault is called in the count. */
export function nameOfDisturbance(disturbance: Disturbance): string {
  return disturbance.kind === 'spoil'
    ? nameOfSpoilt(disturbance.spoilt)
    : `killed ${disturbance.when} a request to ${disturbance.wire}`;
}

/** What is true of every end, whatever was disturbed: the promises, and no more grants than the scenario expects. */
export function violationsOf({ failures, azure, scenario }: Told): string[] {
  // An ending of its own says nothing here: a fact that could not be read makes a person decide what else would have been done.
  const broken = failures.filter(({ always }) => always === true);
  const found = broken.map(({ what, expected, seen }) => `${what}: expected ${expected}, seen ${seen}`);
  const wanted = grantsOf(scenario);
  const made = azure.changes.filter(({ kind }) => kind === 'grant').length;
  if (made > wanted) found.push(`grants: expected at most ${wanted}, seen ${made}`);
  return found;
}

/**
 * How many grants the scenario expects. The assignments that it ends with do not say so: a person may remove one that pullmedic made.
 */
function grantsOf({ expect }: Scenario): number {
  return expect.remediations
    .flatMap(({ actions }) => actions)
    .filter((action) => action === 'grant' || (typeof action !== 'string' && action.grant === 'done')).length;
}

function disturbanceAt(index: number, seed: number, met: Met): Disturbance {
  const chance = chanceFromState(seed * 15_485_863 + index);
  const place = (count: number): number => 1 + Math.floor(chance() * count);
  const spoilt = spoils[Math.floor(chance() * spoils.length)];
  if (chance() < 0.5 && spoilt !== undefined)
    return { kind: 'spoil', request: place(met.azure), spoilt, tries: chance() < 0.4 ? 1 : 3 };
  const wire = chance() < 0.5 ? 'azure' : 'storage';
  const when = chance() < 0.5 ? 'before' : 'after';
  return { kind: 'kill', wire, request: place(met[wire]), when, downMs: 10_000 + Math.floor(chance() * 110_000) };
}

/** Plays each scenario undisturbed unless that was done, and then in turns with one disturbance each. */
export async function sweepScenarios(options: ScenarioSweepOptions): Promise<ScenarioOutcome[]> {
  const { scenarios, runs, seed, threads } = options;
  const room = options.met ?? (await playUndisturbed(scenarios, threads));
  const disturbances = Array.from({ length: runs }, (_, index) =>
    disturbanceAt(index, seed, room[index % scenarios.length] ?? { azure: 1, storage: 1, struck: false }),
  );
  return playDisturbed(
    disturbances.flatMap((disturbance, index) => {
      const scenario = scenarios[index % scenarios.length];
      return scenario === undefined ? [] : [{ scenario, disturbance }];
    }),
    threads,
  );
}

async function playUndisturbed(scenarios: readonly Scenario[], threads: number): Promise<Met[]> {
  const all: Met[] = [];
  await playInThreads(scenarios, threads, { onTold: (_, index, met) => void (all[index] = met) });
  return all;
}

/** Plays these runs and no others. */
export async function playDisturbed(
  runs: readonly { readonly scenario: Scenario; readonly disturbance: Disturbance }[],
  threads: number,
): Promise<ScenarioOutcome[]> {
  const struck: boolean[] = [];
  const all = await playInThreads(
    runs.map(({ scenario }) => scenario),
    threads,
    {
      disturbanceOf: (index) => runs[index]?.disturbance,
      onTold: (_, index, met) => void (struck[index] = met.struck),
    },
  );
  return runs.map(({ scenario, disturbance }, index) => {
    const told = all[index];
    return {
      scenario: scenario.name,
      disturbance,
      struck: struck[index] === true,
      violations: told === undefined ? ['not played'] : violationsOf(told),
    };
  });
}
