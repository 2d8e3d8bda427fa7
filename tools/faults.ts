// `npm run faults`: disturbs pullmedic in the five ways that the help below names, and counts the violations.
import { parseArgs } from 'node:util';
import type { Disturbance } from '../local/engine/disturb.ts';
import { builtInNames, fileOf } from '../local/scenarios/built-in.ts';
import { readScenario } from '../local/scenarios/schema.ts';
import { startAzurite } from '../test/faults/azurite.ts';
import { type Played, playOn, sweepAzurite } from '../test/faults/azurite-sweep.ts';
import { type Kill, type KillOutcome, killsOf, playKills } from '../test/faults/kills.ts';
import { type Fault, type Outcome, type Run, World } from '../test/faults/run.ts';
import {
  nameOfDisturbance,
  playDisturbed,
  type ScenarioOutcome,
  sweepScenarios,
} from '../test/faults/scenario-sweep.ts';
import { replayOf, type Swept, sweep } from '../test/faults/sweep.ts';
import { allModels } from '../test/faults/told-models.ts';
import { playWall, prepare, sweepWall, type WallFault, type WallRun, wallScenarios } from '../test/faults/wall.ts';

const help = `npm run faults [-- options]

  --memory          the model worlds in memory: a fault at every call and the faults of whole runs; and every scenario on virtual time,
                    once for each seed, with one request spoilt or one kill
  --scenarios N     every scenario N times on virtual time, each time with another request spoilt or another kill
  --azurite N       N runs of the model worlds on Azurite, with the real storage clients
  --wall N          N runs with the real Azure clients against the simulated Azure
  --kills N         N runs of the deployed bundle that get a real SIGKILL
  --seeds N         for --memory: how many seeds (2)
  --step N          for --memory: a fault at every N-th call only (1)
  --seed N          the first seed of --memory, and the only one of the other forms (1)
  --speed N         for --kills: simulated seconds per second (60)
  --side-by-side N  for --kills: how many runs at once (2)
  --port N          for --kills: the first port (26200)

Without one of the first five options, all five forms run: every scenario 6 times, and 500, 200 and 50 runs of the last three.
Each violation is printed with the command that plays it again; that command uses --only and --fault, --kill, --wall-fault or
--disturbance.`;

const { values } = parseArgs({
  options: {
    memory: { type: 'boolean', default: false },
    scenarios: { type: 'string' },
    azurite: { type: 'string' },
    wall: { type: 'string' },
    kills: { type: 'string' },
    seeds: { type: 'string', default: '2' },
    step: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    speed: { type: 'string', default: '60' },
    'side-by-side': { type: 'string', default: '2' },
    port: { type: 'string', default: '26200' },
    only: { type: 'string' },
    fault: { type: 'string' },
    'wall-fault': { type: 'string' },
    kill: { type: 'string' },
    disturbance: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);

/** Prints the progress, and each violation as soon as it is found, with the command that plays it again. */
function telling<R>(count: number, replay: (run: R) => string): (played: number, run: R, outcome: Outcome) => void {
  return (played, run, { violations }) => {
    if (violations.length > 0) console.log(`${violations.join('; ')}\n  ${replay(run)}`);
    if (played % count === 0) console.log(`  ${played} runs`);
  };
}

function report(
  form: string,
  { runs, faults, violations }: Omit<Swept, 'violations'> & { readonly violations: number },
  sinceMs: number,
): number {
  const kinds = Object.entries(faults)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${kind} ${count}`);
  const seconds = Math.round((performance.now() - sinceMs) / 1000);
  console.log(`${form}: ${runs} runs (${kinds.join(', ')}), ${violations} violations, ${seconds} s`);
  return violations;
}

async function inMemory(): Promise<number> {
  const sinceMs = performance.now();
  const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => seed + index);
  const swept = await sweep({ step: Number(values.step), seeds, onRun: telling(2000, (run: Run) => replayOf(run)) });
  return report('in memory', { ...swept, violations: swept.violations.length }, sinceMs);
}

function reportScenarios(outcomes: readonly ScenarioOutcome[], sinceMs: number): number {
  const faults: Record<string, number> = {};
  let found = 0;
  for (const { scenario, disturbance, struck, violations } of outcomes) {
    const name = struck ? nameOfDisturbance(disturbance) : 'none';
    faults[name] = (faults[name] ?? 0) + 1;
    if (violations.length === 0) continue;
    found += 1;
    console.log(
      `${violations.join('; ')}\n  npm run faults -- --only ${scenario} --disturbance '${JSON.stringify(disturbance)}'`,
    );
  }
  return report('scenarios on virtual time', { runs: outcomes.length, faults, violations: found }, sinceMs);
}

async function inScenarios(times: number): Promise<number> {
  const sinceMs = performance.now();
  const scenarios = await Promise.all((await builtInNames()).map((name) => readScenario(fileOf(name))));
  const runs = times * scenarios.length;
  return reportScenarios(await sweepScenarios({ scenarios, runs, seed, threads: 2 }), sinceMs);
}

async function disturbed(name: string, disturbance: Disturbance): Promise<number> {
  const sinceMs = performance.now();
  return reportScenarios(
    await playDisturbed([{ scenario: await readScenario(fileOf(name)), disturbance }], 1),
    sinceMs,
  );
}

async function onAzurite(runs: number): Promise<number> {
  const sinceMs = performance.now();
  const swept = await sweepAzurite({ runs, seed, onRun: telling(20, (run: Run) => replayOf(run, '--azurite 1 ')) });
  return report('on Azurite', { ...swept, violations: swept.violations.length }, sinceMs);
}

async function atTheWall(runs: number): Promise<number> {
  const sinceMs = performance.now();
  const replay = ({ scenario, fault }: WallRun): string =>
    `npm run faults -- --only ${scenario} --wall-fault '${JSON.stringify(fault ?? {})}'`;
  const swept = await sweepWall({ runs, seed, onRun: telling(10, replay) });
  return report('at the Azure wall', { ...swept, violations: swept.violations.length }, sinceMs);
}

function sayKill({ kill, struck, violations, seconds }: KillOutcome): void {
  const what =
    violations.length > 0 ? violations.join('; ') : struck ? 'as it should' : 'it never came to that request';
  console.log(`  ${kill.scenario}, ${kill.when} ${kill.wire} request ${kill.request}: ${what} (${seconds} s)`);
  if (violations.length > 0)
    console.log(`  npm run faults -- --kill '${JSON.stringify(kill)}' --speed ${values.speed}`);
}

async function killed(kills: readonly Kill[]): Promise<number> {
  const sinceMs = performance.now();
  const outcomes = await playKills({
    kills,
    speed: Number(values.speed),
    port: Number(values.port),
    sideBySide: Number(values['side-by-side']),
    onRun: sayKill,
  });
  const faults: Record<string, number> = {};
  for (const { kill, struck } of outcomes) {
    const name = struck ? `killed ${kill.when} a request to ${kill.wire}` : 'none';
    faults[name] = (faults[name] ?? 0) + 1;
  }
  const violations = outcomes.filter((outcome) => outcome.violations.length > 0).length;
  return report('with a real SIGKILL', { runs: outcomes.length, faults, violations }, sinceMs);
}

function say(violations: readonly string[], story: readonly string[]): number {
  console.log(story.join('\n'));
  console.log(violations.length === 0 ? 'no violation' : violations.join('\n'));
  return violations.length;
}

async function again(name: string): Promise<number> {
  if (values.disturbance !== undefined) return disturbed(name, JSON.parse(values.disturbance) as Disturbance);
  if (values['wall-fault'] !== undefined) {
    const scenario = wallScenarios.find((one) => one === name);
    if (scenario === undefined) throw new Error(`There is no scenario ${name} at the wall.`);
    const ground = await prepare();
    const { violations, story } = await playWall(ground, {
      scenario,
      fault: JSON.parse(values['wall-fault']) as WallFault,
    });
    await ground.stop();
    return say(violations, story);
  }
  const model = allModels.find((one) => one.name === name);
  if (model === undefined) throw new Error(`There is no model ${name}.`);
  const fault = JSON.parse(values.fault ?? '{"kind":"none"}') as Fault;
  const run = { model, fault, seed };
  if (values.azurite === undefined) {
    const world = new World(run);
    const { violations } = await world.play();
    return say(violations, await world.story());
  }
  const azurite = await startAzurite(1);
  try {
    const played: Played = await playOn(azurite, run);
    return say(played.violations, await played.story());
  } finally {
    await azurite.stop();
  }
}

async function chosen(): Promise<number> {
  if (values.only !== undefined) return again(values.only);
  if (values.kill !== undefined) return killed([JSON.parse(values.kill) as Kill]);
  const { memory, scenarios } = values;
  const all =
    !memory &&
    scenarios === undefined &&
    values.azurite === undefined &&
    values.wall === undefined &&
    values.kills === undefined;
  const count = (value: string | undefined, usual: number): number =>
    value === undefined ? (all ? usual : 0) : Number(value);
  let found = 0;
  if (memory || all) found += await inMemory();
  const times = memory ? Number(values.seeds) : 0;
  if (count(scenarios, 6) + times > 0) found += await inScenarios(Math.max(count(scenarios, 6), times));
  if (count(values.azurite, 500) > 0) found += await onAzurite(count(values.azurite, 500));
  if (count(values.wall, 200) > 0) found += await atTheWall(count(values.wall, 200));
  // These come last, because they set the clock of this process.
  if (count(values.kills, 50) > 0) found += await killed(killsOf(count(values.kills, 50), seed));
  return found;
}

if (values.help) console.log(help);
const found = values.help ? 0 : await chosen();
process.exit(found === 0 ? 0 : 1);
