// Reads which role assignments were removed. Automation may grant and remove roles all day, so a read goes on where the last one ended.
import * as z from 'zod';
import { removalsReachMs } from '../../evidence/facts.ts';
import type { RegistryFacts } from '../../evidence/registry-facts.ts';
import type { RoleRemoval } from '../../evidence/role-facts.ts';
import { isAtOrAbove, parsePrincipalId, parseScope, type Scope, subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { known, unreadable } from '../../words/fact.ts';
import type { Clients } from '../clients/clients.ts';
import { factOf } from '../clients/reading.ts';
import { aheadMs, callerOf, endedAs, instantOf, readStretch, type WireEntry } from './activity-log.ts';

const hourMs = 3_600_000;
/** How much of a covered stretch is read again: an entry can arrive 20 minutes after its event and more. */
const lateMs = 3 * hourMs;

/**
 * Role assignments at the registry or above it that were deleted in its subscription in the last seven days, oldest first. The log cannot
 * be narrowed to the registry: a role of the subscription counts too, and a role that went with its scope has the scope's type (recorded
 * deletions of azure-cli's tests). A test subscription had 965 entries of this provider in 22 hours, so the first read may not reach back
 * seven days. The fact is unreadable then, and the next read goes on from there.
 */
export async function readRemovals(
  clients: Clients,
  registry: RegistryFacts,
  nowMs: number,
): Promise<Fact<readonly RoleRemoval[]>> {
  const subscription = subscriptionOf(registry.id);
  const sinceMs = nowMs - removalsReachMs;
  const read = await factOf(() => readOn(clients, subscription, sinceMs, nowMs));
  if (!read.read) return read;
  const { fromMs, removals } = read.value;
  if (fromMs > sinceMs) return unreadable('read-on-later');
  const ofRegistry = removals.filter(({ atMs, scope }) => atMs >= sinceMs && isAtOrAbove(scope, registry.id));
  return known(ofRegistry.sort((a, b) => a.atMs - b.atMs));
}

/** A stretch of the log without a gap, and the removals in it. */
interface Covered {
  readonly fromMs: number;
  readonly toMs: number;
  readonly removals: readonly RoleRemoval[];
}

/** The covered stretch of each subscription. An instance remembers it as long as it runs. */
const coveredBy = new WeakMap<Clients, Map<string, Covered>>();

/** Reads what is newer than what was covered, and then what is older. */
async function readOn(clients: Clients, subscription: string, sinceMs: number, nowMs: number): Promise<Covered> {
  const all = coveredBy.get(clients) ?? new Map<string, Covered>();
  coveredBy.set(clients, all);
  const read = async (fromMs: number, toMs: number): Promise<Covered> => {
    const about = "resourceProvider eq 'Microsoft.Authorization'";
    const { entries, wholeSinceMs } = await readStretch(clients, { subscription, fromMs, toMs, about });
    const gone = entries.filter((entry) =>
      endedAs(entry, 'microsoft.authorization/roleassignments/delete', 'succeeded'),
    );
    const covered = { fromMs: wholeSinceMs, toMs: Math.min(toMs, nowMs), removals: gone.flatMap(removal) };
    const merged = withoutGap(all.get(subscription), covered, sinceMs);
    all.set(subscription, merged);
    return merged;
  };
  const before = all.get(subscription);
  const newer = await read(Math.max(sinceMs, (before?.toMs ?? 0) - lateMs), nowMs + aheadMs);
  const isFirst = before === undefined || newer.fromMs > before.fromMs;
  return isFirst || newer.fromMs <= sinceMs ? newer : read(sinceMs, newer.fromMs);
}

/** Both stretches as one; where there is a gap between them, the newer one alone. Removals of both are kept: they did happen. */
function withoutGap(before: Covered | undefined, read: Covered, sinceMs: number): Covered {
  if (before === undefined) return read;
  const both = new Map([...before.removals, ...read.removals].map((one) => [JSON.stringify(one), one]));
  const removals = [...both.values()].filter((one) => one.atMs >= sinceMs);
  const toMs = Math.max(before.toMs, read.toMs);
  const meet = before.fromMs <= read.toMs && read.fromMs <= before.toMs;
  const fromMs = meet ? Math.min(before.fromMs, read.fromMs) : Math.max(before.fromMs, read.fromMs);
  return { fromMs, toMs, removals };
}

const roleOf = z.object({ principalId: z.string(), principalType: z.string().nullish() });
const deleted = z.object({ properties: roleOf });

/**
 * The principal of the deleted assignment. The response body holds the assignment as JSON in a text. Where the assignment was deleted with
 * the resource that it was on, there is no body, and the principal stands in the properties, without dashes (both as recorded).
 */
function principalOf(entry: WireEntry): Pick<RoleRemoval, 'principalId' | 'mayBeGroup'> {
  const role = roleInBody(entry) ?? roleOf.safeParse(entry.properties).data;
  const principalId = role && parsePrincipalId(dashed(role.principalId));
  if (principalId === undefined) return {};
  return surelyNoGroup.has(role?.principalType?.toLowerCase() ?? '')
    ? { principalId }
    : { principalId, mayBeGroup: true };
}

/** Types of principals that have no members. pullmedic cannot read the members of a group, or the kind of an unnamed type. */
const surelyNoGroup: ReadonlySet<string> = new Set(['serviceprincipal', 'user', 'device']);

function roleInBody(entry: WireEntry): z.infer<typeof roleOf> | undefined {
  const text = entry.properties?.['responseBody'];
  if (typeof text !== 'string') return undefined;
  try {
    return deleted.safeParse(JSON.parse(text)).data?.properties;
  } catch {
    return undefined;
  }
}

function dashed(guid: string): string {
  return guid.replace(/^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i, '$1-$2-$3-$4-$5');
}

const assignmentSuffix = /\/providers\/microsoft\.authorization\/roleassignments\/[^/]{1,100}$/i;

/** Where the removed role was. A scope outside of the subscriptions may be above this one, so it counts as the whole directory. */
function scopeOf({ resourceId }: WireEntry): Scope | undefined {
  const text = (resourceId ?? '').replace(assignmentSuffix, '');
  const scope = parseScope(text === '' ? directory : text);
  // The id of a resource that we cannot read is that of another one: ours, and all above it, can be read.
  return scope ?? (/^\s*\/subscriptions\//i.test(text) ? undefined : parseScope(directory));
}

const directory = '/';

function removal(entry: WireEntry): RoleRemoval[] {
  const scope = scopeOf(entry);
  return scope === undefined ? [] : [{ atMs: instantOf(entry), by: callerOf(entry), scope, ...principalOf(entry) }];
}
