// `npm start`: plays scenarios side by side against a simulated Azure and shows what pullmedic does about them.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuthority } from './azure/certificates.ts';
import { type ClockSettings, clockEnvironment, installClock, realNow } from './clock.ts';
import { costsOf } from './demo/costs.ts';
import { startFront } from './demo/front.ts';
import { BadOption, help, type Options, readOptions } from './demo/options.ts';
import { accountOf, type Played, play, type Stage } from './demo/play.ts';
import { failures, plain, progress, table } from './demo/terminal.ts';
import { BadScenario, readScenario, type Scenario } from './scenarios/schema.ts';
import { startStorage } from './storage.ts';

/** So many scenarios run at once: each has a process of its own. */
const sideBySide = 6;
const folder = fileURLToPath(new URL('./scenarios', import.meta.url));

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function builtIn(): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => relative(process.cwd(), join(folder, file)));
}

async function chosen(options: Options): Promise<Scenario[]> {
  const files = options.scenarios.length > 0 ? options.scenarios : await builtIn();
  return Promise.all(files.map(readScenario));
}

/** One clock for everything: the earliest start of the scenarios' worlds. */
function startClock(scenarios: readonly Scenario[], speed: number): ClockSettings {
  const startMs = Math.min(...scenarios.map((scenario) => Date.parse(scenario.world.start)));
  const clock = { startMs, realStartMs: realNow(), speed };
  Object.assign(process.env, clockEnvironment(clock));
  installClock(clock);
  return clock;
}

async function inTurns<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item, index);
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

function stageFor(
  options: Options,
  parts: Pick<Stage, 'clock' | 'storage' | 'authority' | 'authorityFile' | 'keep' | 'functionKey'>,
): Stage {
  const show = progress(print);
  return {
    ...parts,
    onProgress: (scenario, histories) => show(scenario.name, histories),
    onLog: (scenario, line) => {
      if (options.verbose) print(plain(`${scenario.name} | ${line}`));
    },
  };
}

function report(all: readonly Played[], options: Options, address: string): boolean {
  if (options.record) {
    for (const played of all) {
      print(`\n${played.scenario.name}`);
      for (const { atMs, text } of played.timeline)
        print(plain(`  ${new Date(atMs).toISOString().slice(11, 19)}  ${text}`));
    }
  }
  print(`\n${table(all)}`);
  const wrong = failures(all);
  if (wrong !== '')
    print(
      `\n${wrong}\n\nLook at the history of the scenario (${address}, without --exit) and at what happened in its Azure (--record).`,
    );
  print(`\nHistories: ${address}`);
  return wrong === '';
}

/** Each app that goes on is a process: no more of them than are played at once. */
function whatToKeep(scenarios: readonly Scenario[], options: Options): Stage['keep'] {
  if (!options.keep) return 'nothing';
  return scenarios.length > sideBySide ? 'azure' : 'azure-and-app';
}

/** Where the apps that go on are, and with what they are answered. */
function tellApps(all: readonly Played[], options: Options): void {
  for (const { scenario, app } of all) print(`\n${scenario.name} goes on: --url ${app.base}`);
  print(
    options.functionKey === undefined
      ? '\nTheir function keys are unknown. To answer them: export PULLMEDIC_KEY=$(openssl rand -hex 16) before npm start.'
      : '\nTheir function key is your PULLMEDIC_KEY.',
  );
}

function tellSimulations(scenarios: readonly Scenario[], options: Options): void {
  for (const [index, { name, world }] of scenarios.entries()) {
    for (const app of world.apps) {
      const id = `/subscriptions/${world.subscription}/resourceGroups/${app.group}/providers/Microsoft.App/containerApps/${app.name}`;
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

/** Plays the scenarios. Answers whether every expectation held. */
async function run(options: Options): Promise<boolean> {
  const scenarios = await chosen(options);
  const addressOf = (index: number): string => `http://127.0.0.1:${options.port + 1 + index}/api/history`;
  const front = await startFront(options.port, scenarios, addressOf);
  const temporary = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  const clock = startClock(scenarios, options.speed);
  const storage = await startStorage(
    scenarios.map((_, index) => accountOf(index)),
    clock,
  );
  const all: Played[] = [];
  try {
    const authority = await createAuthority();
    const authorityFile = join(temporary, 'authority.pem');
    await writeFile(authorityFile, authority.pem);
    const keep = whatToKeep(scenarios, options);
    const { functionKey } = options;
    const stage = stageFor(options, { clock, storage, authority, authorityFile, keep, functionKey });
    print(`Playing ${scenarios.length} scenario(s) at ${options.speed} simulated seconds a second.\n`);
    await inTurns(scenarios, sideBySide, async (scenario, index) => {
      const played = await play(scenario, index, options.port + 1 + index, stage);
      all[index] = played;
      if (keep === 'azure-and-app') front.goesOn(index);
      else front.isOver(index, played.app);
      if (options.keep) front.keeps(index, played.env);
    });
    if (options.costs !== undefined) await writeFile(options.costs, `${JSON.stringify(costsOf(all), null, 2)}\n`);
    const good = report(all, options, `http://127.0.0.1:${options.port}/`);
    if (options.keep) tellSimulations(scenarios, options);
    if (keep === 'azure-and-app') tellApps(all, options);
    if (!options.exit) await untilInterrupted();
    return good;
  } finally {
    await front.stop();
    await Promise.all(all.map((played) => played.stop()));
    await storage.stop();
    await rm(temporary, { recursive: true, force: true });
  }
}

function isPortTaken(error: unknown): error is { port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error;
}

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options.help) {
      print(help);
      return 0;
    }
    if (options.list) {
      for (const scenario of await chosen({ ...options, scenarios: [] }))
        print(`${scenario.name}\n  ${scenario.summary}`);
      return 0;
    }
    return (await run(options)) ? 0 : 1;
  } catch (error) {
    if (error instanceof BadOption || error instanceof BadScenario)
      process.stderr.write(`${error.message.split('\n').map(plain).join('\n')}\n`);
    else if (isPortTaken(error)) process.stderr.write(`Port ${error.port} is taken: choose another one with --port.\n`);
    else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

const code = await main();
// What was written to a pipe is still on its way: leaving now would cut it.
process.stdout.write('', () => process.exit(code));
