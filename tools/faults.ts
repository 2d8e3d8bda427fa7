// `npm run faults`: runs every model world with one fault each and prints how many runs, faults and violations there were.
import { parseArgs } from 'node:util';
import { models } from '../test/faults/models.ts';
import { type Fault, World } from '../test/faults/run.ts';
import { replayOf, sweep } from '../test/faults/sweep.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '4' },
    step: { type: 'string', default: '1' },
    only: { type: 'string' },
    fault: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});

async function again(name: string, fault: Fault, seed: number): Promise<number> {
  const model = models.find((one) => one.name === name);
  if (model === undefined) throw new Error(`There is no model ${name}.`);
  const world = new World({ model, fault, seed });
  const { violations } = await world.play();
  console.log((await world.story()).join('\n'));
  console.log(violations.length === 0 ? 'no violation' : violations.join('\n'));
  return violations.length;
}

async function all(): Promise<number> {
  const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
  const { runs, faults, violations } = await sweep({ step: Number(values.step), seeds });
  for (const { run, what } of violations) console.log(`${what.join('; ')}\n  ${replayOf(run)}`);
  const kinds = Object.entries(faults).map(([kind, count]) => `${kind} ${count}`);
  console.log(`${runs} runs (${kinds.join(', ')}), ${violations.length} violations`);
  return violations.length;
}

const found =
  values.only === undefined
    ? await all()
    : await again(values.only, JSON.parse(values.fault ?? '{"kind":"none"}') as Fault, Number(values.seed));
process.exitCode = found === 0 ? 0 : 1;
