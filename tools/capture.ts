// `npm run capture`: plays scenarios on virtual time and writes what went over the wire, one file of exchanges a scenario.
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playInThreads } from '../local/engine/threads.ts';
import { builtInNames, fileOf } from '../local/scenarios/built-in.ts';
import { readScenario } from '../local/scenarios/schema.ts';

const help = `npm run capture [-- options] [FOLDER]

Plays every scenario on virtual time and writes into FOLDER (default: captured) what the simulated Azure answered and delivered: one
file NAME.jsonl a scenario, one exchange a line. The exit code is 1 where a scenario did not end as its file expects.

  --scenario NAME   only this built-in scenario, or this FILE; may be repeated

A line is {"request":{"method","url"},"response":{"status","headers","body"}}. Alerts and events that Azure delivers are there too, as
requests to https://delivered/log-alert, https://delivered/activity-alert and https://delivered/event. Tokens are left out.`;

const { values, positionals } = parseArgs({
  options: { scenario: { type: 'string', multiple: true, default: [] }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
});

/** More threads do not help on two cores. */
const threads = 2;

async function capture(folder: string, names: readonly string[]): Promise<boolean> {
  const scenarios = await Promise.all(names.map((name) => readScenario(fileOf(name))));
  mkdirSync(folder, { recursive: true });
  const fileFor = (name: string): string => join(folder, `${name}.jsonl`);
  for (const { name } of scenarios) rmSync(fileFor(name), { force: true });
  let exchanges = 0;
  const all = await playInThreads(scenarios, threads, {
    onExchange({ name }, exchange) {
      appendFileSync(fileFor(name), `${JSON.stringify(exchange)}\n`);
      exchanges += 1;
    },
  });
  const wrong = all.filter(({ failures }) => failures.length > 0).map(({ scenario }) => scenario.name);
  console.log(`${exchanges} exchanges of ${scenarios.length} scenarios are in ${folder}.`);
  if (wrong.length > 0) console.log(`Not as expected: ${wrong.join(', ')}.`);
  return wrong.length === 0;
}

if (values.help) console.log(help);
else {
  const names = values.scenario.length > 0 ? values.scenario : await builtInNames();
  process.exitCode = (await capture(positionals[0] ?? 'captured', names)) ? 0 : 1;
}
