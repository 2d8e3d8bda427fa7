// `npm run bench -- recovery` measures pullmedic on a model of Azure with virtual time; `npm run bench -- start` measures a cold start;
// `npm run bench -- labels` how fast logs are read; `npm run bench -- scale` what storage is asked with many remediations.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureLabels } from './labels/measure.ts';
import { tableOfLabels } from './labels/table.ts';
import { measureAll } from './recovery/measure.ts';
import { pictureOf } from './recovery/picture.ts';
import { tableOf } from './recovery/table.ts';
import { measureOnAzurite } from './scale/azurite.ts';
import { tableOfScale } from './scale/table.ts';
import { measureStart, textOf } from './start/start.ts';

const help = `npm run bench -- recovery [options]
npm run bench -- start [--runs N] [--json]
npm run bench -- labels [--runs N] [--gigabytes N] [--json]
npm run bench -- scale [--runs N] [--json]

Measures how soon an app recovers after a grant, on a model of Azure with virtual time (docs/performance.md).
With start, compares how long the built bundle and a bare app take to load.
With labels, compares how fast the command line reads logs with plainer ways to read them.
With scale, counts what the schedule, a step and the pages ask of storage with 1,000, 10,000 and more remediations.

  --runs N            runs a row, default 600; with start, processes of each app, default 15; with labels, rounds, default 7;
                      with scale, the most remediations, default 100000
  --seed N            the first seed, default 1
  --settings JSON     settings of pullmedic, such as {"retry": {"atMost": 8}}
  --picture FILE.svg  draw the picture of docs/performance.md into this file
  --json              print JSON in place of the table
`;

const usualRuns = { recovery: '600', start: '15', labels: '7', scale: '100000' } as const;

/** Rows of a round: enough that a round takes about a second. */
const rowsOfRound = 100_000;

await main().catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      seed: { type: 'string', default: '1' },
      gigabytes: { type: 'string', default: '1' },
      settings: { type: 'string', default: '{}' },
      picture: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const which = positionals.join(' ');
  if (!isBenchmark(which)) return refuse('which benchmark? There are recovery, start, labels and scale');
  const counted = values.runs ?? usualRuns[which];
  if (![counted, values.seed, values.gigabytes].every((text) => /^[1-9]\d{0,6}$/.test(text)))
    return refuse('--runs, --seed and --gigabytes take whole numbers from 1');
  const [runs, seed] = [Number(counted), Number(values.seed)];
  if (which === 'start') return printStart(runs, values.json);
  if (which === 'scale') return printScale(runs, values.json);
  if (which === 'labels') return printLabels(runs, Number(values.gigabytes), values.json);
  const measured = await measureAll(runs, seed, values.settings);
  if (values.picture !== undefined) writeFileSync(values.picture, pictureOf(measured));
  if (values.json) return console.log(JSON.stringify({ runs, firstSeed: seed, measured }, null, 2));
  console.log(`${runs} runs a row, seeds ${seed} to ${seed + runs - 1}. Median (95th percentile), mean (most).\n`);
  console.log(tableOf(measured));
}

function isBenchmark(name: string): name is keyof typeof usualRuns {
  return Object.hasOwn(usualRuns, name);
}

async function printLabels(rounds: number, gigabytes: number, json: boolean): Promise<void> {
  const measured = await measureLabels(rowsOfRound, rounds, gigabytes);
  console.log(json ? JSON.stringify(measured, null, 2) : tableOfLabels(measured));
}

/** 1,000, ten times as many, and so on, as far as the most. */
async function printScale(most: number, json: boolean): Promise<void> {
  const sizes = [1000, 10_000, 100_000, 1_000_000].filter((size) => size <= most);
  const measured = await measureOnAzurite(sizes, 2000);
  console.log(json ? JSON.stringify(measured, null, 2) : tableOfScale(measured));
}

async function printStart(runs: number, json: boolean): Promise<void> {
  const measured = await measureStart('dist/index.cjs', runs);
  console.log(json ? JSON.stringify(measured, null, 2) : textOf(measured));
}

function refuse(sentence: string): void {
  console.error(
    `bench: ${sentence.replace(/\.? To specify[^]*$/, '').replace(/\.$/, '')}. See npm run bench -- --help.`,
  );
  process.exitCode = 2;
}
