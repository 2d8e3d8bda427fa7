// `npm run storm`: posts thousands of alerts at once to the deployed bundle and prints the result. Exit code 1 if a limit is broken.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Figures, runStorm } from '../local/storm/run.ts';

const { values } = parseArgs({
  options: {
    signals: { type: 'string', default: '20000' },
    apps: { type: 'string', default: '2000' },
    registries: { type: 'string', default: '40' },
    instances: { type: 'string', default: '1' },
    port: { type: 'string', default: '7400' },
    minutes: { type: 'string', default: '15' },
    settings: { type: 'string', default: '{}' },
    write: { type: 'string' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

/** The promised limits, in milliseconds and megabytes. */
const limits = { acceptedMs: 60_000, drainedMs: 600_000, growthMb: 40 };
/** The most requests that Azure allows in a minute: ARM reads of a subscription (bucket 250, 25 a second), log queries, Resource Graph. */
const allowed = { arm: 1750, logs: 400, graph: 180 };

/** Growth of an instance's memory: the median of the last third minus the median of the middle third. */
function growthOf({ samples }: Figures): number {
  const instances = new Set(samples.map((one) => one.instance));
  const growth = [...instances].map((instance) => {
    const rss = samples.filter((one) => one.instance === instance).map((one) => one.rssMb);
    const third = Math.floor(rss.length / 3);
    const median = (part: readonly number[]): number =>
      [...part].sort((a, b) => a - b)[Math.floor(part.length / 2)] ?? 0;
    return third < 2 ? 0 : median(rss.slice(-third)) - median(rss.slice(third, 2 * third));
  });
  return Math.max(0, ...growth);
}

function broken(figures: Figures): string[] {
  const { acceptedMs, drainedMs, minutes, verdict } = figures;
  const over = (name: 'arm' | 'logs' | 'graph'): string[] =>
    minutes.some((minute) => minute[name] > allowed[name]) ? [`more ${name} calls in a minute than Azure allows`] : [];
  return [
    ...(acceptedMs <= limits.acceptedMs ? [] : ['not accepted within a minute']),
    ...(drainedMs !== undefined && drainedMs <= limits.drainedMs ? [] : ['not drained within ten minutes']),
    ...(growthOf(figures) <= limits.growthMb ? [] : [`memory grew by ${growthOf(figures)} MB`]),
    ...over('arm'),
    ...over('logs'),
    ...over('graph'),
    ...(verdict.lost === 0 ? [] : [`${verdict.lost} signals lost`]),
    ...(verdict.duplicates === 0 ? [] : [`${verdict.duplicates} duplicates`]),
    ...verdict.problems,
  ];
}

/** The figures without the histories, for bench/results. */
function resultOf({ found, samples, ...figures }: Figures): unknown {
  const most = Math.max(0, ...samples.map(({ rssMb }) => rssMb));
  const { signals, apps, registries, instances } = values;
  return {
    signals: Number(signals),
    apps: Number(apps),
    registries: Number(registries),
    instances: Number(instances),
    ...figures,
    remediations: found.remediations.length,
    incidents: found.incidents.length,
    mostMb: most,
    growthMb: growthOf({ found, samples, ...figures }),
  };
}

const whole = (ms: number | undefined): string => (ms === undefined ? 'not' : `${(ms / 1000).toFixed(0)} s`);
const seconds = (ms: number | undefined): string => (ms === undefined ? 'not' : `${(ms / 1000).toFixed(1)} s`);

function print(figures: Figures): void {
  const { found, minutes, samples, verdict, events } = figures;
  const peak = (name: 'arm' | 'logs' | 'graph'): number => Math.max(0, ...minutes.map((minute) => minute[name]));
  const open = found.incidents.filter((one) => one.state === 'open');
  console.log(`accepted in      ${seconds(figures.acceptedMs)}`);
  console.log(`all decided in   ${seconds(figures.decidedMs)}`);
  console.log(`drained in       ${seconds(figures.drainedMs)}`);
  console.log(`remediations     ${found.remediations.length}, grants ${verdict.grants}`);
  console.log(`incidents        ${open.length} open`);
  for (const one of [...open].sort((a, b) => b.apps.length - a.apps.length).slice(0, 6))
    console.log(
      `                 ${one.cause} on ${one.registry}: ${one.apps.length} ${one.apps.length === 1 ? 'app' : 'apps'}; ready beside them: ${(one.ready?.ready.length ?? 0) + (one.ready?.more ?? 0)}`,
    );
  for (const [index, { arm, logs, graph, throttled }] of minutes.entries())
    console.log(
      `minute ${String(index + 1).padStart(2)}        ARM ${arm}, Log Analytics ${logs}, Resource Graph ${graph}, throttled ${throttled}`,
    );
  const reads = Object.entries(figures.reads).map(([type, count]) => `${type} ${count}`);
  console.log(`ARM reads        ${reads.join(', ')}`);
  console.log(
    `processor        ${figures.cpu.instances.toFixed(0)} s of the instances (${figures.cpu.untilAccepted.toFixed(0)} s until all was accepted), ${figures.cpu.storage.toFixed(0)} s of storage`,
  );
  console.log(
    `peak a minute    ARM ${peak('arm')} of ${allowed.arm}, Log Analytics ${peak('logs')} of ${allowed.logs}, Resource Graph ${peak('graph')} of ${allowed.graph}`,
  );
  console.log(`memory           ${figures.idleMb ?? '?'} MB before the first alert, then`);
  for (const instance of new Set(samples.map((one) => one.instance))) {
    const rss = samples.filter((one) => one.instance === instance);
    const every = Math.max(1, Math.floor(rss.length / 12));
    console.log(
      `memory           ${rss
        .filter((_, at) => at % every === 0)
        .map((one) => one.rssMb)
        .join(' ')} MB (instance ${instance + 1})`,
    );
  }
  console.log(
    `log events       ${Object.entries(events)
      .map(([name, times]) => `${name} ${times}`)
      .join(', ')}`,
  );
  console.log(`lost ${verdict.lost}, twice ${verdict.duplicates}`);
  console.log(`\n${tableLine(figures)}`);
}

/** The line of this run in the table of docs/storm.md. */
function tableLine(figures: Figures): string {
  const { acceptedMs, decidedMs, drainedMs, minutes, verdict, samples, idleMb } = figures;
  const count = (text: string, what: string): string =>
    `${Number(text).toLocaleString('en')} ${what}${text === '1' ? '' : 's'}`;
  const anApp = (name: 'arm' | 'logs'): string =>
    (minutes.reduce((sum, minute) => sum + minute[name], 0) / Number(values.apps)).toFixed(1);
  const growth = growthOf(figures);
  const cells = [
    `${count(values.signals, 'alert')}, ${count(values.apps, 'app')}, ${count(values.instances, 'instance')}`,
    `${(acceptedMs / 1000).toFixed(0)} s`,
    whole(decidedMs),
    whole(drainedMs),
    anApp('arm'),
    anApp('logs'),
    `${verdict.lost}, ${verdict.duplicates}`,
    `${idleMb ?? '?'} MB`,
    `${Math.max(0, ...samples.map(({ rssMb }) => rssMb))} MB, ${growth <= limits.growthMb ? 'flat' : `${growth} MB more`}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Says in a line why the storm could not begin, without a stack that leads into the host. */
function refuse(error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  console.error(why.endsWith('is taken: choose another one.') ? `${why.slice(0, -1)} with --port.` : why);
  process.exit(1);
}

const figures = await runStorm({
  signals: Number(values.signals),
  apps: Number(values.apps),
  registries: Number(values.registries),
  instances: Number(values.instances),
  port: Number(values.port),
  patienceMs: Number(values.minutes) * 60_000,
  settings: JSON.parse(values.settings) as unknown,
  onProgress: (line) => console.log(line),
  onLog: (line) => {
    if (values.verbose) console.log(line);
  },
}).catch(refuse);
if (values.write !== undefined) writeFileSync(values.write, `${JSON.stringify(resultOf(figures), null, 2)}\n`);
if (values.json) console.log(JSON.stringify(figures));
else print(figures);
const problems = broken(figures);
for (const problem of problems) console.log(`BROKEN: ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);
