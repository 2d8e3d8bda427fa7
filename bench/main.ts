// `npm run bench -- recovery [--runs 600] [--seed 1] [--settings JSON] [--picture FILE.svg] [--json]`: measures pullmedic on a model of Azure with virtual time.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureAll } from './recovery/measure.ts';
import { pictureOf } from './recovery/picture.ts';
import { tableOf } from './recovery/table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    settings: { type: 'string', default: '{}' },
    picture: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

if (positionals[0] !== 'recovery') {
  console.error('Which benchmark? There is: recovery');
  process.exitCode = 2;
} else {
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  const measured = await measureAll(runs, seed, values.settings);
  if (values.picture !== undefined) writeFileSync(values.picture, pictureOf(measured));
  if (values.json) console.log(JSON.stringify({ runs, firstSeed: seed, measured }, null, 2));
  else {
    console.log(`${runs} runs a line, seeds ${seed} to ${seed + runs - 1}. Median (95th percentile), mean (most).\n`);
    console.log(tableOf(measured));
  }
}
