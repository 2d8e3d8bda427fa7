// What the app answers about its histories, as far as the demo reads it. The app's JSON is input here.
import { z } from 'zod';

const action = z.object({ action: z.string(), outcome: z.string(), because: z.string().optional(), atMs: z.number() });

const calls = z.object({ control: z.number(), logs: z.number(), registry: z.number() });

/** The app's own words for its codes. */
const sentences = z.object({
  startedBy: z.string(),
  suspicion: z.string().optional(),
  causes: z.array(z.string()),
  causeReads: z.string().optional(),
  waits: z.string().optional(),
  refusals: z.array(z.string()),
  actions: z.array(z.string()),
  closed: z.string().optional(),
});

const remediation = z.object({
  id: z.string(),
  target: z.object({ appName: z.string(), image: z.string() }),
  state: z.enum(['looking', 'waiting', 'partly-recovered', 'needs-approval', 'needs-person', 'closed']),
  updatedAtMs: z.number(),
  dueAtMs: z.number().optional(),
  signals: z.number(),
  startedBy: z.string(),
  mostCalls: calls,
  foundBy: z.object({ asked: z.array(z.string()), calls }).optional(),
  approval: z
    .object({
      state: z.enum(['pending', 'approved', 'rejected', 'expired']),
      question: z.number(),
      by: z.string().optional(),
      restart: z.string().optional(),
    })
    .optional(),
  undo: z.object({ state: z.string() }).optional(),
  alerts: z.array(z.object({ state: z.string(), outcome: z.string() })),
  suspicion: z.string().optional(),
  causes: z.array(z.string()),
  findings: z.array(z.string()),
  ruledOut: z.array(z.string()),
  sureness: z.string().optional(),
  decision: z.object({ do: z.string(), because: z.string() }).optional(),
  refusals: z.array(z.string()),
  actions: z.array(action),
  incident: z.string().optional(),
  closed: z
    .object({ how: z.enum(['recovered', 'withdrawn', 'unproven']), because: z.string(), atMs: z.number() })
    .optional(),
  archived: z.boolean().optional(),
  times: z.object({
    failedAtMs: z.number().optional(),
    detectedAtMs: z.number(),
    diagnosedAtMs: z.number().optional(),
    actedAtMs: z.number().optional(),
    recoveredAtMs: z.number().optional(),
  }),
  sentences,
});

const incident = z.object({
  id: z.string(),
  cause: z.string(),
  occurrences: z.number(),
  state: z.enum(['open', 'resolved', 'withdrawn']),
  title: z.string(),
  owner: z.string(),
  advice: z.string(),
  commands: z.array(z.object({ text: z.string() })),
});

export type Remediation = z.infer<typeof remediation>;
export type Incident = z.infer<typeof incident>;

export interface Histories {
  readonly remediations: readonly Remediation[];
  readonly incidents: readonly Incident[];
}

/** What the app answers with JSON. Throws when it does not, or not within the patience (real milliseconds). */
export async function getJson(url: string, patienceMs = 10_000): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
  if (response.status !== 200) throw new Error(`The history answered ${response.status}.`);
  return response.json();
}

/**
 * Reads all pages of a list. What ends meanwhile is on a page of the live ones and on one of the ended ones: the later page counts. `listed` is the
 * route and the name of the list in its answer; `patienceMs` is for one page, in real milliseconds.
 */
export async function readPages<T extends { readonly id: string }>(
  base: string,
  listed: 'remediations' | 'incidents',
  one: z.ZodType<T>,
  patienceMs?: number,
): Promise<T[]> {
  const all = new Map<string, T>();
  let after: string | undefined = '';
  while (after !== undefined) {
    const query: string = after === '' ? '' : `?after=${encodeURIComponent(after)}`;
    const page = anyPage.parse(await getJson(`${base}/api/${listed}${query}`, patienceMs));
    for (const item of z.array(one).parse(page[listed])) all.set(item.id, item);
    after = page.next;
  }
  return [...all.values()];
}

const anyPage = z.object({ remediations: z.unknown(), incidents: z.unknown(), next: z.string().optional() }).partial();

/** Reads all histories of the app that listens at this address. */
export async function readHistories(base: string): Promise<Histories> {
  const [remediations, incidents] = await Promise.all([
    readPages(base, 'remediations', remediation),
    readPages(base, 'incidents', incident),
  ]);
  return { remediations, incidents };
}

export interface Said {
  readonly atMs: number;
  readonly text: string;
}

const grant = z.object({ registryId: z.string(), principalId: z.string(), roleId: z.string() });

/** An entry of a history, as far as it is read here. */
const entry = z.object({
  atMs: z.number(),
  says: z.string(),
  kind: z.string(),
  decision: z.object({ do: z.string(), revision: z.string().optional(), grant: grant.optional() }).optional(),
  grant: grant.optional(),
  answer: z.string().optional(),
  refusals: z.array(z.unknown()).optional(),
  alert: z.string().optional(),
  state: z.string().optional(),
  how: z.string().optional(),
});
const entries = z.object({ entries: z.array(entry) });

export type Entry = z.infer<typeof entry>;

/** The whole history of one remediation. The name of its app is in lower case. */
export interface Story {
  readonly app: string;
  readonly image: string;
  readonly entries: readonly Entry[];
}

/** Reads the whole histories of these remediations. */
export async function readStories(base: string, histories: Histories): Promise<Story[]> {
  return Promise.all(
    histories.remediations.map(async ({ id, target }) => {
      const read = entries.parse(await getJson(`${base}/api/remediations/${id}`));
      return { app: target.appName.toLowerCase(), image: target.image, entries: read.entries };
    }),
  );
}

/** What pullmedic did, in its own sentences: all remediations, in order of time. */
export function saidIn(stories: readonly Story[]): Said[] {
  const all = stories.flatMap(({ app, entries }) =>
    entries.map(({ atMs, says }) => ({ atMs, text: `pullmedic, ${app}: ${says}` })),
  );
  return all.sort((a, b) => a.atMs - b.atMs);
}
