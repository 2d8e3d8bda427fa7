// Plays the tour, or the scenarios that are named after the port, on real parts and prints what they came to, as JSON. A process of its own,
// because the clock of the process that plays runs faster than real time.
import { readOptions } from '../../local/demo/options.ts';
import { startRealParts } from '../../local/demo/real-parts.ts';
import type { Told } from '../../local/demo/told.ts';
import { fileOf, tour } from '../../local/scenarios/built-in.ts';
import { readScenario } from '../../local/scenarios/schema.ts';

const [port = '', ...named] = process.argv.slice(2);
const names = named.length === 0 ? tour : named;
const scenarios = await Promise.all(names.map((name) => readScenario(fileOf(name))));
const nothing = { onProgress: () => undefined, onLog: () => undefined, onTold: () => undefined };
const real = await startRealParts(scenarios, readOptions(['--tour', '--port', port], {}), nothing);
try {
  const told = (await real.play()).map(
    ({ scenario, histories, azure, failures, behindMs, timeline }): Told => ({
      scenario,
      histories,
      azure,
      failures,
      behindMs,
      timeline,
    }),
  );
  await new Promise<void>((resolve) => {
    process.stdout.write(JSON.stringify(told), () => resolve());
  });
} finally {
  await real.stop();
}
process.exit(0);
