// `npm run bench -- recovery` measures pullmedic on a model of Azure with virtual time.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureAll } from './recovery/measure.ts';
import { pictureOf } from './recovery/picture.ts';
import { tableOf } from './recovery/table.ts';

const help = `npm run bench -- recovery [options]

Measures how soon an app recovers after a grant, on a model of Azure with virtual time (docs/performance.md).

  --runs N            runs a row, default 600
  --seed N            the first seed, default 1
  --settings JSON     settings of pullmedic, such as {"retry": {"atMost": 8}}
  --picture FILE.svg  draw the picture of docs/performance.md into this file
  --json              print JSON in place of the table
`;

await main().catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '600' },
      seed: { type: 'string', default: '1' },
      settings: { type: 'string', default: '{}' },
      picture: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  if (positionals.join(' ') !== 'recovery') return refuse('which benchmark? There is one: recovery');
  if (![values.runs, values.seed].every((text) => /^[1-9]\d{0,6}$/.test(text)))
    return refuse('--runs and --seed take whole numbers from 1');
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  const measured = await measureAll(runs, seed, values.settings);
  if (values.picture !== undefined) writeFileSync(values.picture, pictureOf(measured));
  if (values.json) return console.log(JSON.stringify({ runs, firstSeed: seed, measured }, null, 2));
  console.log(`${runs} runs a row, seeds ${seed} to ${seed + runs - 1}. Median (95th percentile), mean (most).\n`);
  console.log(tableOf(measured));
}

function refuse(sentence: string): void {
  console.error(
    `bench: ${sentence.replace(/\.? To specify[^]*$/, '').replace(/\.$/, '')}. See npm run bench -- --help.`,
  );
  process.exitCode = 2;
}
