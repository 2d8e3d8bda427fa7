// The simulated Azure for a test, and code that runs in a process of its own that sees nothing else.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createAuthority } from '../../local/azure/seam/certificates.ts';
import { type Simulation, startSimulatedAzure } from '../../local/azure/simulation.ts';
import type { World } from '../../local/azure/world/world.ts';

const run = promisify(execFile);

export interface StartedAzure {
  readonly azure: Simulation;
  /** Runs code of a module with the environment of the app; what it prints is JSON. */
  runs(code: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** The address of a module of the core, for code that is run by {@link StartedAzure.runs}. */
export function source(file: string): string {
  return pathToFileURL(`src/lib/${file}`).href;
}

/** Starts the simulation of a world at the speed of life. */
export async function startAzure(world: World, seed: string): Promise<StartedAzure> {
  const folder = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  const authority = await createAuthority();
  const authorityFile = join(folder, 'authority.pem');
  await writeFile(authorityFile, authority.pem);
  const azure = await startSimulatedAzure({ world, events: [], authority, authorityFile, speed: 1, seed });
  azure.begin();
  return {
    azure,
    async runs(code) {
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
        env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...azure.env },
        maxBuffer: 20_000_000,
      });
      return JSON.parse(stdout) as unknown;
    },
    async stop() {
      await azure.stop();
      await rm(folder, { recursive: true });
    },
  };
}
