// Reads the app itself: its revisions, their replicas, and its environment.
import type { ContainerApp, ManagedEnvironment } from '@azure/arm-appcontainers';
import * as z from 'zod';
import type {
  AppFacts,
  ContainerFacts,
  EnvironmentFacts,
  LogPlace,
  ReplicaFacts,
  RevisionFacts,
} from '../../evidence/app-facts.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { revisionsToRead } from '../../evidence/serving.ts';
import type { ArmId, PrincipalId } from '../../words/arm-id.ts';
import { nameOf, parentOfType, resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { unreadable, valueOf } from '../../words/fact.ts';
import type { Target } from '../../words/target.ts';
import type { Clients } from '../clients/clients.ts';
import { shortHash } from '../clients/hash.ts';
import { BadStatus, factOf, factOrMissing, ListTooLong, nextPage, Unexpected } from '../clients/reading.ts';
import { abort, appsVersion, armIdOf, present, principal, requiredId, textOf } from '../clients/wire.ts';
import { getApp, writeErrorOf } from './app-resource.ts';
import { declaredFacts, declaredWhereSaid } from './declared.ts';
import { lastWriteOf } from './system-data.ts';

/** How much of the platform's description of a state is kept. Its beginning holds the reason. Characters. */
const longestDetails = 1000;

/** Reads the app; `gone` if it was deleted. */
export async function readApp(clients: Clients, target: Target): Promise<Fact<AppFacts | 'gone'>> {
  return factOrMissing('gone' as const, async () => {
    const { app, raw } = await getApp(clients, target.appId);
    return {
      ...appFacts(app),
      ...present<Pick<AppFacts, 'writeError' | 'lastWrite'>>({
        writeError: writeErrorOf(raw),
        lastWrite: lastWriteOf(raw),
      }),
    };
  });
}

function appFacts(app: ContainerApp): AppFacts {
  return {
    id: requiredId(app.id),
    revisionMode: app.configuration?.activeRevisionsMode ?? 'Single',
    ...declaredFacts(app),
    traffic: trafficOf(app),
    template: templateOf(app),
    ...present<AppFacts>({
      environmentId: armIdOf(app.environmentId ?? app.managedEnvironmentId),
      ...declaredWhereSaid(app),
      latestRevision: textOf(app.latestRevisionName),
      latestReadyRevision: textOf(app.latestReadyRevisionName),
      subnet: outboundSubnetOf(app),
    } as { [K in keyof AppFacts]: AppFacts[K] | undefined }),
  };
}

/** The subnet of the app. A value that is not the id of a subnet is `unreadable`, never "no subnet". */
function outboundSubnetOf({ networking }: ContainerApp): AppFacts['subnet'] {
  const text = networking?.outboundVnetSubnetId;
  if (!text) return undefined;
  const id = armIdOf(text);
  return id === undefined || parentOfType(id, 'virtualnetworks') === undefined ? 'unreadable' : id;
}

/** Traffic that follows the latest revision is the default of an app. A label or a revision name means that a person chose it. */
function trafficOf({ configuration }: ContainerApp): NonNullable<AppFacts['traffic']> {
  if ((configuration?.activeRevisionsMode ?? 'Single').toLowerCase() !== 'single') return 'several-revisions';
  const traffic = configuration?.ingress?.traffic ?? [];
  return traffic.every((entry) => entry.latestRevision === true && !entry.label) ? 'latest' : 'pinned';
}

/** A hash of the template, to see whether it changed. It leaves out the suffix, which differs in each revision of one template. */
export function templateOf({ template }: ContainerApp): string {
  return shortHash(JSON.stringify(inOrder({ ...template, revisionSuffix: undefined })));
}

/** Sorts the members of a value, because their order on the wire has no meaning. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)]));
}

const wireContainer = z.object({ name: z.string().nullish(), image: z.string().nullish() });
const wireRevision = z.object({
  name: z.string(),
  properties: z.object({
    active: z.boolean().nullish(),
    createdTime: z.string().nullish(),
    provisioningState: z.string().nullish(),
    runningState: z.string().nullish(),
    runningStateDetails: z.string().nullish(),
    provisioningError: z.string().nullish(),
    healthState: z.string().nullish(),
    trafficWeight: z.number().nullish(),
    template: z
      .object({
        containers: z.array(wireContainer).nullish(),
        initContainers: z.array(wireContainer).nullish(),
        scale: z.object({ minReplicas: z.number().nullish() }).nullish(),
      })
      .nullish(),
  }),
});

const wireRevisions = z.array(wireRevision);

const wireList = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });
/** An app with about 400 revisions was reported (azure-container-apps#1417); the size of a page is not documented. */
const mostRevisions = 2000;
const mostPages = 10;
/** How many inactive revisions are kept, the newest ones: they pull nothing, and a history has to store the fact. */
const mostInactive = 20;

/**
 * Reads the revisions of the app: all active ones and the newest inactive ones. It sends its own GET, because the SDK's model drops
 * `runningStateDetails`, and reads every page, because an active revision may stand on the last one.
 */
export async function readRevisions(clients: Clients, target: Target): Promise<Fact<readonly RevisionFacts[]>> {
  return factOf(async () => {
    const found: RevisionFacts[] = [];
    let next: Readonly<Record<string, string>> | undefined = {};
    for (let page = 0; next !== undefined; page += 1) {
      if (page >= mostPages || found.length > mostRevisions) throw new ListTooLong('The app has too many revisions.');
      const { status, body } = await clients.get(`${target.appId}/revisions`, appsVersion, next);
      if (status !== 200) throw new BadStatus(status);
      const list = wireList.safeParse(body);
      if (!list.success) throw new Unexpected('revisions');
      found.push(...wireRevisions.parse(list.data.value).map(revisionFacts));
      const more = nextPage(list.data.nextLink, /^\$?skip_?token$/i);
      next = more && { [more[0]]: more[1] };
    }
    const inactive = found.filter((revision) => !revision.active).sort((a, b) => b.createdAtMs - a.createdAtMs);
    const left = new Set(inactive.slice(mostInactive));
    return found.filter((revision) => !left.has(revision));
  });
}

function revisionFacts({ name, properties }: z.infer<typeof wireRevision>): RevisionFacts {
  const template = [...(properties.template?.containers ?? []), ...(properties.template?.initContainers ?? [])];
  const details = [properties.runningStateDetails, properties.provisioningError]
    .filter(Boolean)
    .join('; ')
    .slice(0, longestDetails);
  return {
    name,
    active: properties.active ?? false,
    createdAtMs: Date.parse(properties.createdTime ?? '') || 0,
    images: template.flatMap((container) => container.image ?? []),
    imageOf: Object.fromEntries(template.map(({ name, image }) => [name ?? '', image ?? ''])),
    provisioningState: properties.provisioningState ?? 'unknown',
    runningState: properties.runningState ?? 'unknown',
    healthState: properties.healthState ?? 'unknown',
    trafficWeight: properties.trafficWeight ?? 0,
    ...(details === '' ? {} : { details }),
    ...present<{ minReplicas: number }>({ minReplicas: properties.template?.scale?.minReplicas ?? undefined }),
  };
}

/** Reads the replicas of the revisions that matter to this target. */
export async function readReplicas(
  clients: Clients,
  target: Target,
  evidence: Evidence,
): Promise<Fact<readonly ReplicaFacts[]>> {
  const revisions = revisionsToRead(target, evidence);
  if (revisions === undefined) return unreadable('not-asked');
  return factOf(async () =>
    (await Promise.all(revisions.map((revision) => replicasOf(clients, target, revision)))).flat(),
  );
}

async function replicasOf(clients: Clients, target: Target, revision: RevisionFacts): Promise<ReplicaFacts[]> {
  const { appId } = target;
  const { containerAppsRevisionReplicas: api } = await clients.apps(subscriptionOf(appId));
  const { value } = await api.listReplicas(resourceGroupOf(appId), nameOf(appId), revision.name, abort());
  return value.map((replica) => ({
    name: textOf(replica.name) ?? '',
    revision: revision.name,
    createdAtMs: replica.createdTime?.getTime() ?? 0,
    containers: [
      ...(replica.initContainers ?? []).map((container) => containerFacts(container, revision, true)),
      ...(replica.containers ?? []).map((container) => containerFacts(container, revision, false)),
    ],
  }));
}

interface WireContainer {
  readonly name?: string;
  readonly ready?: boolean;
  readonly runningState?: string;
  readonly runningStateDetails?: string;
}

/** The facts of a container. An init container that ended did its work, so its image was pulled, although it is never "ready". */
function containerFacts(container: WireContainer, revision: RevisionFacts, init: boolean): ContainerFacts {
  const image = imageIn(revision, textOf(container.name) ?? '');
  const state = textOf(container.runningState) ?? 'unknown';
  const ran = init && /^(?:Running|Terminated)$/.test(state);
  return {
    name: textOf(container.name) ?? '',
    ready: container.ready === true || ran,
    state,
    ...present<{ image: string; details: string }>({
      image,
      details: textOf(container.runningStateDetails)?.slice(0, longestDetails),
    }),
  };
}

/** The image of a container. A replica does not say which image its containers run; the template of its revision does. */
function imageIn({ images, imageOf = {} }: RevisionFacts, container: string): string | undefined {
  if (new Set(images).size === 1) return images[0];
  return Object.hasOwn(imageOf, container) ? imageOf[container] || undefined : undefined;
}

/** Reads the environment of the app; `gone` if it was deleted. */
export async function readEnvironment(clients: Clients, evidence: Evidence): Promise<Fact<EnvironmentFacts | 'gone'>> {
  const app = valueOf(evidence.app);
  const id = app === undefined || app === 'gone' ? undefined : app.environmentId;
  if (id === undefined) return unreadable('unexpected-answer');
  return factOrMissing('gone' as const, async () => {
    const { managedEnvironments } = await clients.apps(subscriptionOf(id));
    const environment = await managedEnvironments.get(resourceGroupOf(id), nameOf(id), abort());
    return {
      id,
      logs: logPlace(environment),
      ...present<{ subnetId: ArmId; systemPrincipalId: PrincipalId }>({
        subnetId: armIdOf(environment.vnetConfiguration?.infrastructureSubnetId),
        systemPrincipalId: principal(environment.identity?.principalId),
      }),
      ...present<Pick<EnvironmentFacts, 'domainLabel'>>({
        domainLabel: textOf(environment.defaultDomain)?.split('.')[0]?.toLowerCase() || undefined,
      }),
      ...deploymentErrorOf(environment),
    };
  });
}

function logPlace(environment: ManagedEnvironment): LogPlace {
  const { destination, logAnalyticsConfiguration } = environment.appLogsConfiguration ?? {};
  if (destination === 'azure-monitor') return { kind: 'resource' };
  const workspaceId = logAnalyticsConfiguration?.customerId;
  return destination === 'log-analytics' && workspaceId ? { kind: 'workspace', workspaceId } : { kind: 'none' };
}

/** Why the last write of the environment failed. Source: a recorded environment in the state Failed (azure-cli's tests). */
function deploymentErrorOf({ provisioningState, deploymentErrors }: ManagedEnvironment): Partial<EnvironmentFacts> {
  const text = provisioningState === 'Failed' ? textOf(deploymentErrors) : undefined;
  return text ? { deploymentError: text.slice(0, longestDetails) } : {};
}
