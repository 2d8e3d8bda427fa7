// Reads the histories of the app after a storm, from the app's own JSON, page by page.

import { z } from 'zod';
import { readPages } from '../demo/answers.ts';

const remediation = z.object({
  id: z.string(),
  target: z.object({ appName: z.string(), image: z.string() }),
  state: z.string(),
  signals: z.number(),
  causes: z.array(z.string()),
  sureness: z.string().optional(),
  decision: z.object({ do: z.string(), because: z.string() }).optional(),
  refusals: z.array(z.string()),
  actions: z.array(z.object({ action: z.string(), outcome: z.string() })),
  incident: z.string().optional(),
  closed: z.object({ how: z.string(), because: z.string() }).optional(),
});

const incident = z.object({
  id: z.string(),
  cause: z.string(),
  registry: z.string(),
  state: z.string(),
  apps: z.array(z.string()),
  ready: z.object({ ready: z.array(z.object({ app: z.string() })), more: z.number() }).optional(),
});

export type FoundRemediation = z.infer<typeof remediation>;
export type FoundIncident = z.infer<typeof incident>;

export interface Found {
  readonly remediations: readonly FoundRemediation[];
  readonly incidents: readonly FoundIncident[];
}

/** How long to wait for an answer. The app is busy after a storm. Real milliseconds. */
const patienceMs = 60_000;

/** Reads all histories of the app that listens at this address. */
export async function readAll(base: string): Promise<Found> {
  const remediations = await readPages(base, 'remediations', remediation, patienceMs);
  return { remediations, incidents: await readPages(base, 'incidents', incident, patienceMs) };
}
