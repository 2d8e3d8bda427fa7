// Reads the Activity Log of a subscription: errors of rejected writes, and who removed a role. The log lags behind by minutes.
import { z } from 'zod';
import type { LogRow } from '../../evidence/app-facts.ts';
import { removalsReachMs } from '../../evidence/facts.ts';
import type { RegistryChange, RegistryFacts } from '../../evidence/registry-facts.ts';
import type { RoleRemoval } from '../../evidence/role-facts.ts';
import type { ArmId, Scope } from '../../words/arm-id.ts';
import { parsePrincipalId, parseScope, subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import type { Clients } from '../clients/clients.ts';
import { BadStatus, factOf, Unexpected } from '../clients/reading.ts';

const version = '2015-04-01';
/** The most pages of one read. If there are more, the fact is unreadable: half a log is never used. */
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
type WireEntry = z.infer<typeof wireEntry>;
const wirePage = z.object({ value: z.array(wireEntry), nextLink: z.string().nullish() });

const selected = 'caller,eventTimestamp,operationName,status,resourceId,properties';

/** The token of the next page. The link itself is untrusted input, so only its token is used, with our own address. */
function nextToken(link: string | null | undefined): string | undefined {
  if (!link || !URL.canParse(link)) return undefined;
  return [...new URL(link).searchParams].find(([name]) => name.toLowerCase() === '$skiptoken')?.[1];
}

async function entries(clients: Clients, subscription: string, sinceMs: number, about: string): Promise<WireEntry[]> {
  const path = `/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values`;
  const filter = `eventTimestamp ge '${new Date(sinceMs).toISOString()}' and eventTimestamp le '${new Date(Date.now() + 60_000).toISOString()}' and ${about}`;
  const found: WireEntry[] = [];
  let token: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const query = { $filter: filter, $select: selected, ...(token === undefined ? {} : { $skiptoken: token }) };
    const { status, body } = await clients.get(path, version, query);
    if (status !== 200) throw new BadStatus(status);
    const read = wirePage.parse(body);
    found.push(...read.value);
    if (!read.nextLink) return found;
    token = nextToken(read.nextLink);
    if (token === undefined) throw new Unexpected('a page without a token');
  }
  throw new Unexpected('too many entries');
}

function is(entry: WireEntry, operation: string, status: string): boolean {
  return (
    entry.operationName?.value?.toLowerCase() === operation &&
    entry.status?.value?.toLowerCase() === status.toLowerCase()
  );
}

function atMs(entry: WireEntry): number {
  const parsed = Date.parse(entry.eventTimestamp);
  if (Number.isNaN(parsed)) throw new Unexpected('an entry without a time');
  return parsed;
}

/** Errors of failed writes of the app as log rows, oldest first. */
export async function readWrites(clients: Clients, appId: ArmId, sinceMs: number): Promise<Fact<readonly LogRow[]>> {
  return factOf(async () => {
    const found = await entries(clients, subscriptionOf(appId), sinceMs, `resourceUri eq '${appId}'`);
    const failed = found.filter((entry) => is(entry, 'microsoft.app/containerapps/write', 'failed'));
    return failed
      .map((entry) => ({
        atMs: atMs(entry),
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
    const about = `resourceUri eq '${registry.id}'`;
    const found = await entries(clients, subscriptionOf(registry.id), nowMs - dayMs, about);
    const changed = found.filter((entry) => is(entry, 'microsoft.containerregistry/registries/write', 'succeeded'));
    return changed.map((entry) => ({ atMs: atMs(entry), by: callerOf(entry) })).sort((a, b) => a.atMs - b.atMs);
  });
}

/** The caller: a person's address or an identity's id. It is shown to people, so only the usual characters of such names are kept. */
function callerOf(entry: WireEntry): string {
  return (entry.caller ?? 'unknown').replace(/[^\w.@+-]/g, ' ').slice(0, 100);
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
  return scope === undefined ? [] : [{ atMs: atMs(entry), by: callerOf(entry), scope, ...principalOf(entry) }];
}

/** Role assignments that were deleted in the registry's subscription in the last seven days, oldest first. */
export async function readRemovals(
  clients: Clients,
  registry: RegistryFacts,
  nowMs: number,
): Promise<Fact<readonly RoleRemoval[]>> {
  return factOf(async () => {
    const about = "resourceProvider eq 'Microsoft.Authorization'";
    const found = await entries(clients, subscriptionOf(registry.id), nowMs - removalsReachMs, about);
    const gone = found.filter((entry) => is(entry, 'microsoft.authorization/roleassignments/delete', 'succeeded'));
    return gone.flatMap(removal).sort((a, b) => a.atMs - b.atMs);
  });
}
