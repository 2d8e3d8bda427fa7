// Reads the histories of the app after a storm, from the app's own JSON, page by page.

import { z } from 'zod';
import { getJson } from '../demo/answers.ts';

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

const page = z.object({ remediations: z.array(remediation), next: z.string().optional() });

/** Reads all pages. A remediation that ends meanwhile is on a page of the live ones and on one of the ended ones: the later page counts. */
export async function readAll(base: string): Promise<Found> {
  const remediations = new Map<string, FoundRemediation>();
  let next: string | undefined = '';
  while (next !== undefined) {
    const read = page.parse(
      await getJson(`${base}/api/remediations${next === '' ? '' : `?after=${encodeURIComponent(next)}`}`, patienceMs),
    );
    for (const one of read.remediations) remediations.set(one.id, one);
    next = read.next;
  }
  const { incidents } = z
    .object({ incidents: z.array(incident) })
    .parse(await getJson(`${base}/api/incidents`, patienceMs));
  return { remediations: [...remediations.values()], incidents };
}
