// Events of Event Grid: resources of a subscription that were changed, and images of a registry that were pushed.

import * as z from 'zod';
import type { ArmId } from '../words/arm-id.ts';
import { parentOfType, parseArmId } from '../words/arm-id.ts';
import { epochMs } from './instant.ts';
import { isTooDeep, problemOf, tooDeep } from './payload.ts';
import type { About, Read, Signal } from './signal.ts';

/**
 * Reads one event of either schema: resources of a subscription, and images of a registry. Events that our own writes raised, and
 * operations without news (a deleted image among them: an app that needs it fails, and its failure sends a signal), have no signals.
 * A forged caller id can only make us ignore a hint; the schedule looks all the same.
 */
export function readEvent(body: unknown, ownClientId: string | undefined): Read {
  if (isTooDeep(body)) return tooDeep;
  const kind = eventType.safeParse(body);
  const type = kind.success ? (kind.data.eventType ?? kind.data.type ?? '') : '';
  if (type === 'Microsoft.ContainerRegistry.ImagePushed') return readRegistryEvent(body);
  if (type.startsWith('Microsoft.Resources.Resource') || type === '') return readResourceEvent(body, ownClientId);
  return { ok: true, signals: [] };
}

const eventType = z.object({ eventType: z.string().max(256).optional(), type: z.string().max(256).optional() });

function readResourceEvent(body: unknown, ownClientId: string | undefined): Read {
  const parsed = event.safeParse(body);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  if (Number.isNaN(parsed.data.atMs)) return { ok: false, problem: 'eventTime: not an instant' };
  return { ok: true, signals: resourceSignals(parsed.data, ownClientId) };
}

function readRegistryEvent(body: unknown): Read {
  const parsed = registryEvent.safeParse(body);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const { id, atMs, registry, repository } = parsed.data;
  if (Number.isNaN(atMs)) return { ok: false, problem: 'eventTime: not an instant' };
  const about = { kind: 'pushed', registry, repository } as const;
  return { ok: true, signals: [{ id: `event|${id}`, via: 'registry-event', about, atMs }] };
}

function resourceSignals(read: z.infer<typeof event>, ownClientId: string | undefined): readonly Signal[] {
  const { id, subject, type, atMs, operation, callerClientId } = read;
  const resource = readableOf(subject);
  const own = ownClientId !== undefined && callerClientId === ownClientId;
  const about = resource === undefined || own ? undefined : eventAbout(operation, resource);
  if (about === undefined) return [];
  // A failed operation changed nothing, so it is ignored. Only a failed write of an app is news.
  const failed = type.endsWith('Failure') && !operation.endsWith('/action');
  if (about.kind === 'change' && !type.endsWith('Success')) return [];
  const joinOnly = about.kind === 'app' && !failed;
  return [{ id: `event|${id}`, via: 'resource-event', about, atMs, ...(joinOnly ? { joinOnly } : {}) }];
}

function eventAbout(operation: string, subject: ArmId): About | undefined {
  if (appOperations.includes(operation)) {
    const app = parentOfType(subject, 'containerapps');
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
const appOperations = [
  'microsoft.app/containerapps/write',
  'microsoft.app/containerapps/delete',
  'microsoft.app/containerapps/start/action',
  'microsoft.app/containerapps/stop/action',
  'microsoft.app/containerapps/revisions/activate/action',
  'microsoft.app/containerapps/revisions/deactivate/action',
];

/** The operations whose events mean something here: what a subscription to events lets through. Lower case. */
export const eventOperations: readonly string[] = [...appOperations, ...changes];

const eventData = z.object({
  operationName: z.string().max(256),
  claims: z.object({ appid: z.string().max(128).optional() }).nullish(),
});

const event = z
  .object({
    id: z.string().min(1).max(256),
    subject: z.string().max(1024),
    // Event Grid's own schema says eventType and eventTime, CloudEvents says type and time.
    eventType: z.string().max(256).optional(),
    type: z.string().max(256).optional(),
    eventTime: z.string().max(64).optional(),
    time: z.string().max(64).optional(),
    data: eventData,
  })
  .transform((read) => ({
    id: read.id,
    subject: read.subject,
    type: read.eventType ?? read.type ?? '',
    atMs: epochMs(read.eventTime ?? read.time ?? ''),
    operation: read.data.operationName.toLowerCase(),
    callerClientId: read.data.claims?.appid?.toLowerCase(),
  }));

const registryEvent = z
  .object({
    id: z.string().min(1).max(256),
    eventTime: z.string().max(64).optional(),
    time: z.string().max(64).optional(),
    data: z.object({
      target: z.object({ repository: z.string().min(1).max(260) }),
      request: z.object({ host: z.string().min(1).max(260) }),
    }),
  })
  .transform((read) => ({
    id: read.id,
    atMs: epochMs(read.eventTime ?? read.time ?? ''),
    registry: read.data.request.host.toLowerCase(),
    repository: read.data.target.repository,
  }));
