// Simulated Azures on loopback that have reached the end of their scenarios and stand still there: for commands that only read. Their
// clock is put forward by hand, so nothing waits for it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualScheduler } from '../../local/azure/model/scheduler.ts';
import { createAuthority } from '../../local/azure/seam/certificates.ts';
import { startSimulatedAzure } from '../../local/azure/simulation.ts';
import { clockEnvironment } from '../../local/clock.ts';
import { fileOf } from '../../local/scenarios/built-in.ts';
import { readScenario } from '../../local/scenarios/schema.ts';

export interface StandingAzures {
  /** Where the simulation of the scenario at this place is found, as `pullmedic diagnose --simulation` takes it. */
  address(index: number): string;
  stop(): Promise<void>;
}

/** How long after the last event of a scenario its time stands still: the platform has tried again by then. Milliseconds. */
const afterLastEventMs = 30 * 60_000;
const preload = new URL('../../dist/local/clock.mjs', import.meta.url).href;

/** Starts the Azures of these built-in scenarios. No pullmedic takes part in them. */
export async function standingAzures(names: readonly string[]): Promise<StandingAzures> {
  const folder = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  const authority = await createAuthority();
  const authorityFile = join(folder, 'authority.pem');
  await writeFile(authorityFile, authority.pem);
  const all = await Promise.all(
    names.map(async (name) => {
      const { world, events } = await readScenario(fileOf(name));
      const scheduler = manualScheduler(Date.parse(world.start));
      const options = { world, events, authority, authorityFile, speed: 1, seed: name, scheduler };
      const azure = await startSimulatedAzure(options);
      azure.begin();
      scheduler.advance(Math.max(0, ...events.map(({ at }) => at ?? 0)) + afterLastEventMs);
      const clock = clockEnvironment({ startMs: scheduler.now(), realStartMs: Date.now(), speed: 1 });
      return { azure, env: { ...azure.env, ...clock } };
    }),
  );
  const server = createServer((request, response) => {
    const one = all[Number(request.url?.slice(1))];
    response.writeHead(one === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(one === undefined ? {} : { env: one.env, preload }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: (index) => `http://127.0.0.1:${port}/${index}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await Promise.all(all.map(({ azure }) => azure.stop()));
      await rm(folder, { recursive: true });
    },
  };
}
