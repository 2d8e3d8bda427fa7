// The Activity Log: what was changed, by whom and how it ended, readable after a delay; and how a change is made known.

import { guidFor, sameId } from '../model/ids.ts';
import type { ActivityEntry, ResourceEvent } from '../model/records.ts';
import type { Sim } from '../model/sim.ts';
import { type Answer, armError, notModelled } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';

/** Names of operations as people read them; for others Azure's own are not known here. */
const localized: Readonly<Record<string, string>> = {
  'Microsoft.App/containerApps/write': 'Create or Update Container App',
  'Microsoft.Authorization/roleAssignments/write': 'Create role assignment',
  'Microsoft.Authorization/roleAssignments/delete': 'Delete role assignment',
};

/** How the operation ended. */
export function statusOf(event: ResourceEvent): 'Succeeded' | 'Failed' | 'Canceled' {
  if (event.type.endsWith('Cancel')) return 'Canceled';
  return event.type.endsWith('Failure') ? 'Failed' : 'Succeeded';
}

/** The same for everything that tells of one operation. */
export function correlationOf(sim: Sim, event: ResourceEvent): string {
  return guidFor(`correlation|${event.resource}|${sim.scheduler.now()}`);
}

/** What the token of the caller said of them. */
export function claimsOf(sim: Sim, event: ResourceEvent): Readonly<Record<string, string>> {
  const aud = 'https://management.azure.com/';
  if (event.by === 'pullmedic') return { aud, appid: sim.self.clientId };
  const appid = guidFor('client|person');
  return event.caller?.includes('@') === true
    ? { aud, appid, 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': event.caller }
    : { aud, appid };
}

/** An address for a person, an object id for a managed identity or an application. */
export function callerOf(sim: Sim, event: ResourceEvent): string {
  return event.by === 'pullmedic' ? sim.self.principalId : (event.caller ?? '');
}

function record(sim: Sim, event: ResourceEvent, status: ActivityEntry['status']): void {
  const atMs = sim.scheduler.now();
  const entry = {
    atMs,
    visibleMs: atMs + sim.world.delays.activityLog,
    status,
    correlationId: correlationOf(sim, event),
    event,
  };
  sim.activity.push(entry);
  sim.onActivity(entry);
}

/** Makes a change known: two entries of the Activity Log, begun and ended, and an event for who subscribed. */
export function publish(sim: Sim, event: ResourceEvent): void {
  if (event.wentWith === undefined) record(sim, event, 'Started');
  record(sim, event, statusOf(event));
  sim.onResourceEvent(event);
}

/** The members that both an entry and an alert about it have. */
export function commonProperties(sim: Sim, { event }: ActivityEntry): Readonly<Record<string, string>> {
  return {
    eventCategory: 'Administrative',
    entity: event.resource,
    message: event.operation,
    hierarchy: `${sim.world.tenant}/${sim.world.subscription}`,
  };
}

/** The operation error as captured: the code of the outcome outside, the resource provider's own inside. */
function failureOf({ error, refusedWith }: ResourceEvent): Readonly<Record<string, string>> {
  if (error === undefined) return {};
  if (refusedWith !== undefined) return { statusMessage: JSON.stringify({ error }) };
  const message = "The resource operation completed with terminal provisioning state 'Failed'.";
  const outcome = { status: 'Failed', error: { code: 'ResourceOperationFailure', message, details: [error] } };
  return { statusMessage: JSON.stringify(outcome) };
}

function propertiesOf(sim: Sim, entry: ActivityEntry): unknown {
  const { event, status } = entry;
  const common = commonProperties(sim, entry);
  if (event.wentWith !== undefined) return { ...event.wentWith, ...common };
  if (status === 'Started')
    return event.request === undefined ? common : { ...common, requestbody: JSON.stringify(event.request) };
  const response = event.response === undefined ? {} : { responseBody: JSON.stringify(event.response) };
  return { statusCode: codeOf(entry), serviceRequestId: null, ...response, ...failureOf(event), ...common };
}

/** The HTTP status of the answer, in words. */
function codeOf({ event, status }: ActivityEntry): string {
  if (event.wentWith !== undefined) return '';
  if (status !== 'Succeeded') return status === 'Failed' ? (event.refusedWith ?? 'BadRequest') : '';
  return event.type === 'ResourceWriteSuccess' ? 'Created' : 'OK';
}

/** The id of an entry. */
export function eventDataIdOf(sim: Sim, entry: ActivityEntry): string {
  return guidFor(`activity|${sim.seed}|${entry.correlationId}|${entry.event.operation}|${entry.status}`);
}

/** The resource group in a resource id; empty where there is none. */
export function groupOf(resource: string): string {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/i.exec(resource)?.[1] ?? '';
}

function providerOf({ operation }: ResourceEvent): string {
  return operation.split('/')[0] ?? '';
}

function typeOf({ operation }: ResourceEvent): string {
  return operation.replace(/(?:\/[^/]+\/action|\/write|\/delete)$/, '');
}

function named(value: string, localizedValue = value): unknown {
  return { value, localizedValue };
}

function wire(sim: Sim, entry: ActivityEntry): Readonly<Record<string, unknown>> {
  const { event, status, atMs } = entry;
  const eventDataId = eventDataIdOf(sim, entry);
  const ticks = BigInt(atMs) * 10_000n + 621_355_968_000_000_000n;
  return {
    authorization: { action: event.operation, scope: event.resource },
    caller: callerOf(sim, event),
    category: named('Administrative'),
    channels: 'Operation',
    claims: claimsOf(sim, event),
    correlationId: entry.correlationId,
    description: '',
    eventDataId,
    eventName: status === 'Started' ? named('BeginRequest', 'Begin request') : named('EndRequest', 'End request'),
    eventTimestamp: new Date(atMs).toISOString(),
    id: `${event.resource}/events/${eventDataId}/ticks/${ticks}`,
    level: status === 'Failed' ? 'Error' : 'Informational',
    operationId: entry.correlationId,
    operationName: named(event.operation, localized[event.operation]),
    properties: propertiesOf(sim, entry),
    resourceGroupName: groupOf(event.resource),
    resourceId: event.resource,
    resourceProviderName: named(providerOf(event)),
    resourceType: named(
      event.wentWith === undefined ? typeOf(event) : 'Microsoft.Resources/subscriptions/resourcegroups',
    ),
    status: named(status),
    subStatus: named(status === 'Started' ? '' : codeOf(entry)),
    submissionTimestamp: new Date(entry.visibleMs).toISOString(),
    subscriptionId: sim.world.subscription,
    tenantId: sim.world.tenant,
  };
}

const hourMs = 3_600_000;

/**
 * What automation of other teams writes all day: roles for other principals, assigned and removed in turn, since the eight days before
 * the beginning. A test subscription was recorded with 44 such entries an hour.
 */
function dailyRoleChanges(sim: Sim, nowMs: number): ActivityEntry[] {
  const { roleChangesPerHour, start, subscription } = sim.world;
  if (roleChangesPerHour === 0) return [];
  const fromMs = Date.parse(start) - 8 * 24 * hourMs;
  const gapMs = hourMs / roleChangesPerHour;
  return Array.from({ length: Math.floor((nowMs - fromMs) / gapMs) }, (_, index) => {
    const atMs = Math.floor(fromMs + index * gapMs);
    const pair = Math.floor(index / 2);
    const name = guidFor(`daily|${pair}`);
    const resource = `/subscriptions/${subscription}/resourceGroups/rg-automation/providers/Microsoft.Authorization/roleAssignments/${name}`;
    const removes = index % 2 === 1;
    const event: ResourceEvent = {
      type: removes ? 'ResourceDeleteSuccess' : 'ResourceWriteSuccess',
      operation: `Microsoft.Authorization/roleAssignments/${removes ? 'delete' : 'write'}`,
      resource,
      by: 'world',
      caller: guidFor('principal|automation'),
      ...(removes ? { response: { properties: { principalId: guidFor(`daily|principal|${pair}`) } } } : {}),
    };
    const correlationId = guidFor(`correlation|daily|${index}`);
    return { atMs, visibleMs: atMs + sim.world.delays.activityLog, status: 'Succeeded', correlationId, event };
  });
}

interface Asked {
  readonly fromMs: number;
  readonly toMs: number;
  readonly about: (event: ResourceEvent) => boolean;
}

/** Azure knows a handful of filters: a time and one thing that the entries are about. */
function askedOf(filter: string): Asked | undefined {
  let asked: Partial<Asked> = {};
  for (const clause of filter.split(/ and /i)) {
    const [, member = '', operator = '', value = ''] = /^\s*([A-Za-z]+) (ge|le|eq) '([^']+)'\s*$/i.exec(clause) ?? [];
    const more = clauseOf(`${member} ${operator}`.toLowerCase(), value);
    if (more === undefined || Object.keys(more).some((key) => key in asked)) return undefined;
    asked = { ...asked, ...more };
  }
  const { fromMs, toMs = Number.POSITIVE_INFINITY, about } = asked;
  return fromMs === undefined || about === undefined ? undefined : { fromMs, toMs, about };
}

function clauseOf(asked: string, value: string): Partial<Asked> | undefined {
  switch (asked) {
    case 'eventtimestamp ge':
      return Number.isNaN(Date.parse(value)) ? undefined : { fromMs: Date.parse(value) };
    case 'eventtimestamp le':
      return Number.isNaN(Date.parse(value)) ? undefined : { toMs: Date.parse(value) };
    case 'resourceuri eq':
    case 'resourceid eq':
      return { about: (event) => sameId(event.resource, value) };
    case 'resourcegroupname eq':
      return { about: (event) => sameId(groupOf(event.resource), value) };
    case 'resourceprovider eq':
      return { about: (event) => sameId(providerOf(event), value) };
    default:
      return undefined;
  }
}

/** Entries on a page: those of the recorded ones that were not the last had 171 to 200. */
const pageSize = 200;

/** Where a page goes on: so many entries, counted from the oldest, are still to come. New entries do not move that place. */
const skipToken = /^AS1:(\d+):/;

interface Page {
  readonly entries: readonly ActivityEntry[];
  /** What is added to the answer if there are more entries. */
  readonly next: { readonly nextLink?: string };
}

/** The entries of one page, newest first, and the link to the next one: the same question with a token. */
function pageOf(oldestFirst: readonly ActivityEntry[], request: ArmRequest): Page | undefined {
  const token = parameter(request, '$skiptoken');
  const left = token === undefined ? oldestFirst.length : Number(skipToken.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(left)) return undefined;
  const rest = Math.max(0, left - pageSize);
  const entries = oldestFirst.slice(rest, left).toReversed();
  if (rest === 0) return { entries, next: {} };
  const query = new URLSearchParams([...request.query].filter(([name]) => name.toLowerCase() !== '$skiptoken'));
  query.set('$skipToken', `AS1:${rest}:simulated`);
  return { entries, next: { nextLink: `https://management.azure.com${request.path}?${query.toString()}` } };
}

/** A query parameter, whatever the case of its name: the links of the real service write `$skipToken`. */
function parameter({ query }: ArmRequest, name: string): string | undefined {
  return [...query].find(([key]) => key.toLowerCase() === name)?.[1];
}

/** How long the log keeps entries. */
const keptMs = 90 * 24 * hourMs;

/** The service has an error of its own here, without the envelope of ARM (as recorded). */
const tooOld: Answer = {
  status: 400,
  body: { code: 'BadRequest', message: 'The start time cannot be more than 90 days in the past.' },
};

/** `GET …/eventtypes/management/values`: newest first, in pages. */
export function readActivity(sim: Sim, request: ArmRequest): Answer {
  const [subscription = ''] = request.parts;
  if (!sameId(subscription, sim.world.subscription))
    return armError(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  const filter = request.query.get('$filter') ?? '';
  const asked = askedOf(filter);
  if (asked === undefined) return notModelled(`the filter ${filter || '(none)'} of the Activity Log`);
  const nowMs = sim.scheduler.now();
  if (asked.fromMs < nowMs - keptMs) return tooOld;
  const all = [...dailyRoleChanges(sim, nowMs), ...sim.activity]
    .filter((one) => one.visibleMs <= nowMs && one.atMs >= asked.fromMs && one.atMs <= asked.toMs)
    .filter((one) => asked.about(one.event))
    .sort((a, b) => a.atMs - b.atMs);
  const page = pageOf(all, request);
  if (page === undefined) return notModelled('a $skiptoken that no link of the Activity Log has');
  const found = page.entries.map((one) => wire(sim, one));
  const select = request.query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  if (select === undefined) return { status: 200, body: { ...page.next, value: found } };
  const unknown = select.find((name) => !members.has(name));
  if (unknown !== undefined) return notModelled(`the member ${unknown} in $select of the Activity Log`);
  // The id is there whatever was selected (as recorded).
  const only = (entry: Readonly<Record<string, unknown>>): unknown =>
    Object.fromEntries(['id', ...select].map((name) => [name, entry[name]]));
  return { status: 200, body: { ...page.next, value: found.map(only) } };
}

const members = new Set([
  'authorization',
  'caller',
  'category',
  'channels',
  'claims',
  'correlationId',
  'description',
  'eventDataId',
  'eventName',
  'eventTimestamp',
  'id',
  'level',
  'operationId',
  'operationName',
  'properties',
  'resourceGroupName',
  'resourceId',
  'resourceProviderName',
  'resourceType',
  'status',
  'subStatus',
  'submissionTimestamp',
  'subscriptionId',
  'tenantId',
]);
