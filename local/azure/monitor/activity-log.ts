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
  record(sim, event, 'Started');
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
function failureOf({ error }: ResourceEvent): Readonly<Record<string, string>> {
  if (error === undefined) return {};
  const message = "The resource operation completed with terminal provisioning state 'Failed'.";
  const outcome = { status: 'Failed', error: { code: 'ResourceOperationFailure', message, details: [error] } };
  return { statusMessage: JSON.stringify(outcome) };
}

function propertiesOf(sim: Sim, entry: ActivityEntry): unknown {
  const { event, status } = entry;
  const common = commonProperties(sim, entry);
  if (status === 'Started')
    return event.request === undefined ? common : { ...common, requestbody: JSON.stringify(event.request) };
  const response = event.response === undefined ? {} : { responseBody: JSON.stringify(event.response) };
  return { statusCode: codeOf(entry), serviceRequestId: null, ...response, ...failureOf(event), ...common };
}

/** The HTTP status of the answer, in words. */
function codeOf({ event, status }: ActivityEntry): string {
  if (status !== 'Succeeded') return status === 'Failed' ? 'BadRequest' : '';
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
    resourceType: named(event.operation.replace(/(?:\/[^/]+\/action|\/write|\/delete)$/, '')),
    status: named(status),
    subStatus: named(status === 'Started' ? '' : codeOf(entry)),
    submissionTimestamp: new Date(entry.visibleMs).toISOString(),
    subscriptionId: sim.world.subscription,
    tenantId: sim.world.tenant,
  };
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

/** `GET …/eventtypes/management/values`: newest first, without pages. */
export function readActivity(sim: Sim, request: ArmRequest): Answer {
  const [subscription = ''] = request.parts;
  if (!sameId(subscription, sim.world.subscription))
    return armError(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  const filter = request.query.get('$filter') ?? '';
  const asked = askedOf(filter);
  if (asked === undefined) return notModelled(`the filter ${filter || '(none)'} of the Activity Log`);
  const nowMs = sim.scheduler.now();
  const found = sim.activity
    .filter((one) => one.visibleMs <= nowMs && one.atMs >= asked.fromMs && one.atMs <= asked.toMs)
    .filter((one) => asked.about(one.event))
    .map((one) => wire(sim, one))
    .toReversed();
  const select = request.query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  if (select === undefined) return { status: 200, body: { value: found } };
  const unknown = select.find((name) => !members.has(name));
  if (unknown !== undefined) return notModelled(`the member ${unknown} in $select of the Activity Log`);
  // The id is there whatever was selected (as recorded).
  const only = (entry: Readonly<Record<string, unknown>>): unknown =>
    Object.fromEntries(['id', ...select].map((name) => [name, entry[name]]));
  return { status: 200, body: { value: found.map(only) } };
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
