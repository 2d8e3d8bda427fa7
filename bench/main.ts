// `npm run bench` measures pullmedic side by side with something plainer, and prints one table; with a name, one benchmark in full.
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { type Benchmark, type Options, type Outcome, type Row, tableOfAll } from './outcome/benchmark.ts';

const help = `npm run bench                      every benchmark in its short form, as one table
npm run bench -- NAME [options]    one benchmark in full

${Object.entries(benchmarks)
  .map(
    ([name, { says, counts, usualRuns }]) =>
      `  ${name.padEnd(10)} ${says}\n             --runs counts ${counts} (${usualRuns})`,
  )
  .join('\n')}

  --runs N            see above
  --seed N            with recovery, the first seed, default 1
  --settings JSON     with recovery, settings of pullmedic, such as {"retry": {"atMost": 8}}
  --gigabytes N       with labels, how much is read to see that memory stays flat, default 1
  --write             write the pictures of docs/performance.md and the JSON of bench/results
  --json              print JSON in place of the table

docs/performance.md says what each figure means. Exit code 1: a goal was not reached.
`;

await main().catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      seed: { type: 'string', default: '1' },
      gigabytes: { type: 'string', default: '1' },
      settings: { type: 'string', default: '{}' },
      write: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const name = positionals.join(' ');
  const { runs, seed, gigabytes, settings, json, write } = values;
  const counts = [runs ?? '1', seed, gigabytes];
  if (!counts.every((text) => /^[1-9]\d{0,6}$/.test(text)))
    return refuse('--runs, --seed and --gigabytes take whole numbers from 1');
  const options = { seed: Number(seed), gigabytes: Number(gigabytes), settings };
  if (name === '') {
    if (runs !== undefined) return refuse('--runs goes with the name of a benchmark');
    return measureEvery(options, { json, write });
  }
  const one = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (one === undefined) return refuse(`which benchmark? There are ${Object.keys(benchmarks).join(', ')}`);
  await measureOne(name, one, { ...options, runs: Number(runs ?? one.usualRuns) }, { json, write });
}

/** What is done with figures: written to files, or printed as JSON. */
interface Printing {
  readonly json: boolean;
  readonly write: boolean;
}

async function measureOne(name: string, one: Benchmark, options: Options, { json, write }: Printing): Promise<void> {
  const outcome = await one.measure(options);
  if (write) keep(name, outcome);
  console.log(json ? JSON.stringify(outcome.figures, null, 2) : `${outcome.table}\n\n${tableOfAll(outcome.rows)}`);
  end(outcome.rows);
}

async function measureEvery(options: Omit<Options, 'runs'>, { json, write }: Printing): Promise<void> {
  const rows: Row[] = [];
  const all: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(benchmarks)) {
    console.error(`bench: ${name} ...`);
    const outcome = await one.measure({ ...options, runs: one.runsAsOneOfAll });
    rows.push(...outcome.rows);
    all[name] = outcome.figures;
  }
  if (write) writeResult('all', { rows });
  console.log(json ? JSON.stringify({ rows, all }, null, 2) : tableOfAll(rows));
  end(rows);
}

function keep(name: string, { figures, pictures }: Outcome): void {
  writeResult(name, figures);
  for (const [file, svg] of Object.entries(pictures)) writeFileSync(`docs/img/${file}`, svg);
}

function writeResult(name: string, figures: unknown): void {
  mkdirSync('bench/results', { recursive: true });
  // JSON has no number for what never happens.
  const text = JSON.stringify(
    figures,
    (_, value: unknown) => (value === Number.POSITIVE_INFINITY ? 'never' : value),
    2,
  );
  writeFileSync(`bench/results/${name}.json`, `${text}\n`);
}

/** A goal that is missed is a failure of the run: a figure that nobody looks at is worth nothing. */
function end(rows: readonly Row[]): void {
  if (rows.some(({ met }) => met === false)) process.exitCode = 1;
}

function refuse(sentence: string): void {
  console.error(
    `bench: ${sentence.replace(/\.? To specify[^]*$/, '').replace(/\.$/, '')}. See npm run bench -- --help.`,
  );
  process.exitCode = 2;
}
