// The system log of container apps: the rows that the platform writes.
import type { App } from '../model/apps.ts';
import { chance } from '../model/ids.ts';
import type { Sim } from '../model/sim.ts';

/** Writes a row of the system log. It can be queried only after the ingestion delay; one row in seven arrives twice. */
export function writeRow(
  sim: Sim,
  app: App,
  row: { revision?: string; replica?: string; reason: string; type: string; text: string },
): void {
  const environment = sim.environments.get(app.environment);
  if (environment === undefined || environment.logs === 'none') return;
  const atMs = sim.scheduler.now();
  const jitter = chance(`${sim.seed}|${sim.logs.length}`);
  const made = {
    eventMs: atMs,
    // Rows of one burst share a time, as captured.
    atMs: Math.ceil((atMs + 1000) / 2000) * 2000,
    ingestedMs: atMs + sim.world.delays.logIngestion * (0.75 + jitter / 2),
    environment: environment.name,
    app: app.name,
    ofJob: app.job !== undefined,
    revision: row.revision ?? '',
    replica: row.replica ?? '',
    reason: row.reason,
    type: row.type,
    text: row.text,
  };
  sim.logs.push(made);
  if (jitter < 1 / 7) sim.logs.push({ ...made, ingestedMs: made.ingestedMs + 5000 });
}
