// Events of Event Grid: resources of a subscription that were changed, and images of a registry that were pushed.

import * as z from 'zod';
import type { ArmId } from '../words/arm-id.ts';
import { parseArmId } from '../words/arm-id.ts';
import { workloadIn, workloadList } from '../workloads/workloads.ts';
import { problemOf } from './payload.ts';
import type { About, Read, Signal } from './signal.ts';

/** The types of events that can mean something here. Source: the schemas of Azure subscriptions and Container Registry as event sources. */
export const eventKinds = [
  'Microsoft.ContainerRegistry.ImagePushed',
  'Microsoft.Resources.ResourceWriteSuccess',
  'Microsoft.Resources.ResourceWriteFailure',
  'Microsoft.Resources.ResourceWriteCancel',
  'Microsoft.Resources.ResourceDeleteSuccess',
  'Microsoft.Resources.ResourceDeleteFailure',
  'Microsoft.Resources.ResourceDeleteCancel',
  'Microsoft.Resources.ResourceActionSuccess',
  'Microsoft.Resources.ResourceActionFailure',
  'Microsoft.Resources.ResourceActionCancel',
] as const;
type EventKind = (typeof eventKinds)[number];

/** An event out of its envelope, whichever of the two schemas that had. Only `kind` is checked. */
export interface OpenedEvent {
  readonly kind: EventKind;
  readonly id: string;
  readonly subject?: string;
  /** When it happened. NaN where the envelope has no instant. */
  readonly atMs: number;
  readonly data?: unknown;
}

/**
 * Reads one event: resources of a subscription, and images of a registry. Events that our own writes raised, and operations without news have
 * no signals. A forged caller id can only make us ignore a hint; the schedule looks all the same.
 */
export function readEvent(opened: OpenedEvent, ownClientId: string | undefined): Read {
  if (Number.isNaN(opened.atMs)) return { ok: false, problem: 'eventTime: not an instant' };
  return opened.kind === 'Microsoft.ContainerRegistry.ImagePushed'
    ? readRegistryEvent(opened)
    : readResourceEvent(opened, ownClientId);
}

function readResourceEvent(opened: OpenedEvent, ownClientId: string | undefined): Read {
  const parsed = event.safeParse(opened);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  return { ok: true, signals: resourceSignals(opened, parsed.data, ownClientId) };
}

function readRegistryEvent(opened: OpenedEvent): Read {
  const parsed = registryEvent.safeParse(opened);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const { id, data } = parsed.data;
  const about = {
    kind: 'pushed',
    registry: data.request.host.toLowerCase(),
    repository: data.target.repository,
  } as const;
  return { ok: true, signals: [{ id: `event|${id}`, via: 'registry-event', about, atMs: opened.atMs }] };
}

function resourceSignals(
  { kind, atMs }: OpenedEvent,
  { id, subject, data }: z.infer<typeof event>,
  ownClientId: string | undefined,
): readonly Signal[] {
  const operation = data.operationName.toLowerCase();
  const resource = readableOf(subject);
  const own = ownClientId !== undefined && data.claims?.appid?.toLowerCase() === ownClientId;
  const about = resource === undefined || own ? undefined : eventAbout(operation, resource);
  if (about === undefined) return [];
  // A failed operation changed nothing, so it is ignored. Only a failed write of an app is news.
  const failed = kind.endsWith('Failure') && !operation.endsWith('/action');
  if (about.kind === 'change' && !kind.endsWith('Success')) return [];
  const joinOnly = about.kind === 'app' && !failed;
  return [{ id: `event|${id}`, via: 'resource-event', about, atMs, ...(joinOnly ? { joinOnly } : {}) }];
}

function eventAbout(operation: string, subject: ArmId): About | undefined {
  if (appOperations.includes(operation)) {
    const app = workloadIn(subject);
    return app === undefined ? undefined : { kind: 'app', id: app };
  }
  return changes.some((change) => change === operation) ? { kind: 'change', resource: subject } : undefined;
}

/** The changed resource, or its nearest parent with a readable id: a change of the record `*` of a zone counts as a change of the zone. */
function readableOf(subject: string): ArmId | undefined {
  for (let text = subject, tries = 0; text !== '' && tries < 4; tries += 1) {
    const id = parseArmId(text);
    if (id !== undefined) return id;
    text = text.slice(0, Math.max(0, text.lastIndexOf('/')));
  }
  return undefined;
}

/** Operations after which a cause may have cleared, or may have begun. */
const changes = [
  'microsoft.authorization/roleassignments/write',
  'microsoft.authorization/roleassignments/delete',
  'microsoft.authorization/roledefinitions/write',
  'microsoft.managedidentity/userassignedidentities/write',
  'microsoft.network/privatednszones/virtualnetworklinks/write',
  'microsoft.network/privatednszones/virtualnetworklinks/delete',
  'microsoft.network/privatednszones/a/write',
  'microsoft.network/privatednszones/a/delete',
  'microsoft.network/privateendpoints/privatednszonegroups/write',
  'microsoft.network/virtualnetworks/virtualnetworkpeerings/write',
  'microsoft.network/azurefirewalls/write',
  'microsoft.network/firewallpolicies/rulecollectiongroups/write',
  'microsoft.network/virtualnetworks/write',
  'microsoft.network/virtualnetworks/subnets/write',
  'microsoft.network/networksecuritygroups/write',
  'microsoft.network/networksecuritygroups/securityrules/write',
  'microsoft.network/networksecuritygroups/securityrules/delete',
  'microsoft.network/routetables/write',
  'microsoft.network/routetables/routes/write',
  'microsoft.network/routetables/routes/delete',
  'microsoft.network/privateendpoints/write',
  'microsoft.containerregistry/registries/write',
  'microsoft.containerregistry/registries/privateendpointconnections/write',
  // Credentials that a registry gives out: what an app signs in with may be good again.
  'microsoft.containerregistry/registries/tokens/write',
  'microsoft.containerregistry/registries/generatecredentials/action',
  'microsoft.containerregistry/registries/regeneratecredential/action',
] as const;

/** Operations on an app after which a remediation of it may be over, or may go on. Only a failed write is news by itself. */
const appOperations = workloadList.flatMap(({ operations }) => operations);

/** The operations whose events mean something here: what a subscription to events lets through. Lower case. */
export const eventOperations: readonly string[] = [...appOperations, ...changes];

const identifier = z.string().min(1).max(256);

const event = z.object({
  id: identifier,
  subject: z.string().max(1024),
  data: z.object({
    operationName: z.string().max(256),
    claims: z.object({ appid: z.string().max(128).optional() }).nullish(),
  }),
});

const registryEvent = z.object({
  id: identifier,
  data: z.object({
    target: z.object({ repository: z.string().min(1).max(260) }),
    request: z.object({ host: z.string().min(1).max(260) }),
  }),
});
