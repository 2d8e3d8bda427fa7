// Reads the Activity Log of a subscription: its pages, errors of rejected writes, and changes of a registry. The log lags behind by minutes.
import * as z from 'zod';
import type { LogRow } from '../../evidence/app-facts.ts';
import type { RegistryChange, RegistryFacts } from '../../evidence/registry-facts.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { workloadOf } from '../../workloads/workloads.ts';
import type { Clients } from '../clients/clients.ts';
import { BadStatus, factOf, nextPage, Unexpected } from '../clients/reading.ts';

const version = '2015-04-01';
/** The most pages of one read. A recorded page holds 171 to 200 entries. */
const mostPages = 10;
const dayMs = 24 * 3_600_000;

const named = z.object({ value: z.string().nullish() }).nullish();
const wireEntry = z.object({
  caller: z.string().nullish(),
  eventTimestamp: z.string(),
  operationName: named,
  status: named,
  resourceId: z.string().nullish(),
  properties: z.record(z.string(), z.unknown()).nullish(),
});
/** An entry as the log shows it. */
export type WireEntry = z.infer<typeof wireEntry>;
const wirePage = z.object({ value: z.array(wireEntry), nextLink: z.string().nullish() });

const selected = 'caller,eventTimestamp,operationName,status,resourceId,properties';

/** How far ahead of our clock an entry may be. Milliseconds. */
export const aheadMs = 60_000;

/** Errors of failed writes of the app as log rows, oldest first. */
export async function readWrites(clients: Clients, appId: ArmId, sinceMs: number): Promise<Fact<readonly LogRow[]>> {
  return factOf(async () => {
    const found = await entriesOf(clients, appId, sinceMs);
    const write = workloadOf(appId)?.write;
    const failed = found.filter((entry) => write !== undefined && endedAs(entry, write, 'failed'));
    return failed
      .map((entry) => ({
        atMs: instantOf(entry),
        revision: '',
        replica: '',
        reason: 'ContainerAppOperationError',
        severity: 'Error',
        text: String(entry.properties?.['statusMessage'] ?? ''),
      }))
      .sort((a, b) => a.atMs - b.atMs);
  });
}

/** Who changed the registry in the last day, oldest first. */
export async function readChanges(
  clients: Clients,
  registry: RegistryFacts,
  nowMs: number,
): Promise<Fact<readonly RegistryChange[]>> {
  return factOf(async () => {
    const found = await entriesOf(clients, registry.id, nowMs - dayMs);
    const changed = found.filter((entry) =>
      endedAs(entry, 'microsoft.containerregistry/registries/write', 'succeeded'),
    );
    return changed.map((entry) => ({ atMs: instantOf(entry), by: callerOf(entry) })).sort((a, b) => a.atMs - b.atMs);
  });
}

/** All entries about one resource since an instant. Throws if there are too many: half a log is never used. */
async function entriesOf(clients: Clients, resource: ArmId, sinceMs: number): Promise<readonly WireEntry[]> {
  const { entries, wholeSinceMs } = await readStretch(clients, stretchOf(resource, sinceMs));
  if (wholeSinceMs > sinceMs) throw new Unexpected('too many entries');
  return entries;
}

/**
 * The newest entries about one resource since an instant, page by page until they are `enough`. Throws if that takes too many pages: then it is
 * not known what came last.
 */
export async function newestOf(
  clients: Clients,
  resource: ArmId,
  sinceMs: number,
  enough: (entries: readonly WireEntry[]) => boolean,
): Promise<readonly WireEntry[]> {
  const pages = pagesOf(clients, stretchOf(resource, sinceMs));
  const entries: WireEntry[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const { value, more } = await pages.next();
    entries.push(...value);
    if (!more || enough(entries)) return entries;
  }
  throw new Unexpected('too many entries');
}

function stretchOf(resource: ArmId, sinceMs: number): Stretch {
  const about = `resourceUri eq '${resource}'`;
  return { subscription: subscriptionOf(resource), fromMs: sinceMs, toMs: Date.now() + aheadMs, about };
}

/** A stretch of the log of one subscription. */
export interface Stretch {
  readonly subscription: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** A clause of the filter: the API takes one for the time and one for what the entries are about. */
  readonly about: string;
}

/** Entries of a stretch, newest first. */
export interface ReadStretch {
  readonly entries: readonly WireEntry[];
  /** From here to the end of the stretch no entry is missing. It is the beginning of the stretch if that was read to its end. */
  readonly wholeSinceMs: number;
}

/**
 * Reads the newest entries of a stretch, as many as fit into {@link mostPages}. Entries come newest first (recorded answers of azure-cli's
 * tests of role assignments). The last page may be cut in the middle of an instant, so that only what is newer than its first entry is whole.
 */
export async function readStretch(clients: Clients, stretch: Stretch): Promise<ReadStretch> {
  const entries: WireEntry[] = [];
  const pages = pagesOf(clients, stretch);
  for (let page = 1; ; page += 1) {
    const { value, more } = await pages.next();
    entries.push(...value);
    if (!more) return { entries, wholeSinceMs: stretch.fromMs };
    // A page without entries does not say how far back the log was read.
    if (page === mostPages)
      return { entries, wholeSinceMs: value.length === 0 ? stretch.toMs : Math.max(...value.map(instantOf)) };
  }
}

interface Pages {
  next(): Promise<{ readonly value: readonly WireEntry[]; readonly more: boolean }>;
}

/**
 * The pages of a stretch. If the log refuses our choice of members, all members are asked for: the published list of names for `$select`
 * leaves out `caller`, and a recorded answer accepts it.
 */
function pagesOf(clients: Clients, { subscription, fromMs, toMs, about }: Stretch): Pages {
  const path = `/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values`;
  const filter = `eventTimestamp ge '${new Date(fromMs).toISOString()}' and eventTimestamp le '${new Date(toMs).toISOString()}' and ${about}`;
  let select: Readonly<Record<string, string>> = { $select: selected };
  let token: string | undefined;
  const ask = (): ReturnType<Clients['get']> =>
    clients.get(path, version, { $filter: filter, ...select, ...(token === undefined ? {} : { $skiptoken: token }) });
  return {
    async next() {
      let answer = await ask();
      if (answer.status === 400 && '$select' in select) {
        select = {};
        answer = await ask();
      }
      if (answer.status !== 200) throw new BadStatus(answer.status);
      const { value, nextLink } = wirePage.parse(answer.body);
      token = nextPage(nextLink, /^\$skiptoken$/i)?.[1];
      return { value, more: token !== undefined };
    },
  };
}

/** True if an entry is of this operation (in lower case) and ended with this status. */
export function endedAs(entry: WireEntry, operation: string, status: string): boolean {
  return (
    entry.operationName?.value?.toLowerCase() === operation &&
    entry.status?.value?.toLowerCase() === status.toLowerCase()
  );
}

/** When it happened. Throws if the entry does not say. */
export function instantOf(entry: WireEntry): number {
  const parsed = Date.parse(entry.eventTimestamp);
  if (Number.isNaN(parsed)) throw new Unexpected('an entry without a time');
  return parsed;
}

/** The caller: a person's address or an identity's id. It is shown to people, so only the usual characters of such names are kept. */
export function callerOf(entry: WireEntry): string {
  return (entry.caller ?? 'unknown').replace(/[^\w.@+-]/g, ' ').slice(0, 100);
}
