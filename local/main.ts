// `npm start`: plays scenarios against a simulated Azure and shows what pullmedic does about them.
import { writeFile } from 'node:fs/promises';
import { workloadsOf } from './azure/world/workloads.ts';
import type { Pace } from './conductor.ts';
import { costsOf } from './demo/costs.ts';
import { BadOption, help, type Options, readOptions } from './demo/options.ts';
import { duration, painter, plain, timeOfDay } from './demo/paint.ts';
import type { Played } from './demo/play.ts';
import type { RealParts, Reports } from './demo/real-parts.ts';
import { type Hall, liveShow, type Show, virtualShow } from './demo/show.ts';
import { failures, figures, notJudged, table } from './demo/terminal.ts';
import type { Told } from './demo/told.ts';
import { playInThreads } from './engine/threads.ts';
import { builtInNames, fileOf, tour } from './scenarios/built-in.ts';
import { BadScenario, readScenario, type Scenario } from './scenarios/schema.ts';

/** How many threads play on virtual time. More do not help on two cores. */
const threads = 2;

/** Which scenarios are played on real parts, and which on virtual time. */
interface Plan {
  readonly live: readonly Scenario[];
  readonly virtual: readonly Scenario[];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function read(namesOrFiles: readonly string[]): Promise<Scenario[]> {
  return Promise.all(namesOrFiles.map((given) => readScenario(fileOf(given))));
}

async function planOf(options: Options): Promise<Plan> {
  if (options.tour) return { live: await read(tour), virtual: [] };
  const names = options.scenarios.length > 0 ? options.scenarios : await builtInNames();
  if (options.real) return { live: await read(names), virtual: [] };
  if (options.scenarios.length > 0) return { live: [], virtual: await read(names) };
  const toured = new Set<string>(tour);
  return { live: await read(tour), virtual: await read(names.filter((name) => !toured.has(name))) };
}

function reportsFor(show: Show, options: Options): Reports {
  return {
    onProgress: (scenario, histories) => show.onProgress(scenario, histories),
    onTold: (told, index) => show.onTold(told, index),
    onLog: (scenario, line) => {
      if (options.verbose) print(plain(`${scenario.name} | ${line}`));
    },
  };
}

const paint = painter(process.stdout, process.env);

/** With what code a run ends. */
const codes = { good: 0, wrong: 1, refused: 2, notJudged: 3 } as const;

function report(all: readonly Told[], options: Options): number {
  if (options.record) {
    for (const told of all) {
      print(`\n${told.scenario.name}`);
      for (const { atMs, text } of told.timeline) print(plain(`  ${timeOfDay(atMs)}  ${text}`));
      for (const { what, expected, seen } of told.failures)
        print(plain(`  ${what}: expected ${expected}; seen ${seen}`));
    }
  }
  print(`\n${figures(all, paint)}\n\n${table(all, paint)}`);
  const wrong = failures(all, paint);
  if (wrong !== '') print(`\n${wrong}\n\nLook at what happened in the scenario's Azure and in its history: --record.`);
  const slow = notJudged(all, options.speed, paint);
  if (slow !== '') print(`\n${slow}`);
  if (wrong !== '') return codes.wrong;
  return slow === '' ? codes.good : codes.notJudged;
}

/** Where the apps that go on are, and with what they are answered. */
function tellApps(all: readonly Played[], options: Options): void {
  for (const { scenario, app } of all) print(`\n${scenario.name} goes on: --url ${app.base}`);
  print('\nOn this machine you are signed in to them as the local operator: their commands need no token.');
  if (options.functionKey !== undefined) print('Their function key is your PULLMEDIC_KEY.');
}

function tellSimulations(scenarios: readonly Scenario[], options: Options): void {
  for (const [index, { name, world }] of scenarios.entries()) {
    for (const { id } of workloadsOf(world)) {
      print(
        `\n${name}:\n  npm run --silent pullmedic -- diagnose --simulation http://127.0.0.1:${options.port}/simulations/${index} --app ${id}`,
      );
    }
  }
}

async function untilInterrupted(): Promise<void> {
  print('Press Ctrl-C to end.');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

/** What can be visited once the scenarios are over, until the person at the terminal ends it. */
async function stayOpen(live: readonly Played[], keep: RealParts['keep'], options: Options): Promise<void> {
  print(`\nHistories: http://127.0.0.1:${options.port}/`);
  if (options.keep)
    tellSimulations(
      live.map(({ scenario }) => scenario),
      options,
    );
  if (keep === 'azure-and-app') tellApps(live, options);
  await untilInterrupted();
}

/** The start of processes takes its time on every machine: only a longer wait is worth a sentence. Real milliseconds. */
const worthSayingMs = 60_000;

function tellPace({ tookMs, atFullSpeedMs }: Pace): void {
  if (tookMs - atFullSpeedMs < worthSayingMs) return;
  const waited = `real parts took ${duration(tookMs)} instead of ${duration(atFullSpeedMs)}`;
  print(`\nThe clock waited for this machine: ${waited}. The results do not depend on that.`);
}

function announce(plan: Plan, options: Options, part: keyof Plan): void {
  const { length } = plan[part];
  if (length === 0) return;
  const those = length === 1 ? '1 scenario' : `${length} scenarios`;
  if (part === 'live') print(`Plays ${those} on real parts, up to ${options.speed} times as fast as real time.\n`);
  else if (plan.live.length === 0) print(`Plays ${those} on virtual time.\n`);
  else print(`\nPlays ${those} more on virtual time. The whole story of one: npm start -- --scenario NAME\n`);
}

/** Certificates, the simulation and its network take a second to load, so they are loaded only where something is played on them. */
function realParts(): Promise<typeof import('./demo/real-parts.ts')> {
  return import('./demo/real-parts.ts');
}

/** Plays the scenarios: those on real parts first, because a busy machine would disturb them. Answers the exit code. */
async function run(options: Options): Promise<number> {
  const plan = await planOf(options);
  const { live, virtual } = plan;
  const hall: Hall = { print, paint, of: live.length + virtual.length, over: 0 };
  announce(plan, options, 'live');
  const liveReports = reportsFor(
    liveShow(hall, live, options.speed, () => Date.now()),
    options,
  );
  const real = live.length === 0 ? undefined : await (await realParts()).startRealParts(live, options, liveReports);
  try {
    const played = (await real?.play()) ?? [];
    const pace = real?.pace();
    announce(plan, options, 'virtual');
    const show = virtualShow(hall, live.length === 0 ? 'whole' : 'short');
    const others = await playInThreads(virtual, threads, reportsFor(show, options));
    const all = [...played, ...others];
    if (options.costs !== undefined) await writeFile(options.costs, `${JSON.stringify(costsOf(all), null, 2)}\n`);
    const code = report(all, options);
    if (pace !== undefined) tellPace(pace);
    real?.alsoPlayed(others);
    if (real !== undefined && !options.exit) await stayOpen(played, real.keep, options);
    return code;
  } finally {
    await real?.stop();
  }
}

async function list(): Promise<void> {
  for (const scenario of await read(await builtInNames())) print(`${scenario.name}\n  ${scenario.summary}`);
}

function isPortTaken(error: unknown): error is { port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error;
}

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options.help) print(help);
    else if (options.list) await list();
    else return await run(options);
    return codes.good;
  } catch (error) {
    if (error instanceof BadOption || error instanceof BadScenario)
      process.stderr.write(`${error.message.split('\n').map(plain).join('\n')}\n`);
    else if (isPortTaken(error)) process.stderr.write(`Port ${error.port} is taken: choose another one with --port.\n`);
    else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return codes.refused;
  }
}

const code = await main();
// What was written to a pipe is still on its way: leaving now would cut it.
process.stdout.write('', () => process.exit(code));
