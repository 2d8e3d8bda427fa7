// Plays the tour on real parts and prints what it came to, as JSON: for the comparison of both engines. A process of its own, because
// the clock of the process that plays runs faster than life.
import { readOptions } from '../../local/demo/options.ts';
import { startRealParts } from '../../local/demo/real-parts.ts';
import type { Told } from '../../local/demo/told.ts';
import { fileOf, tour } from '../../local/scenarios/built-in.ts';
import { readScenario } from '../../local/scenarios/schema.ts';

const [port = ''] = process.argv.slice(2);
const scenarios = await Promise.all(tour.map((name) => readScenario(fileOf(name))));
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
