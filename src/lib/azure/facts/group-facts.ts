// Reads a container group: what it declares, its containers, and what their events say of each pull. Every container pulls its own image, so
// each counts as one run of the group.
import type {
  AppFacts,
  ContainerFacts,
  EnvironmentFacts,
  LogRow,
  RegistryEntry,
  ReplicaFacts,
  RevisionFacts,
} from '../../evidence/app-facts.ts';
import type { ReadsOnce } from '../../evidence/once.ts';
import type { ArmId } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { known, mapFact } from '../../words/fact.ts';
import type { Target } from '../../words/target.ts';
import { lifeOf } from '../../workloads/container-group/group-life.ts';
import type { Clients } from '../clients/clients.ts';
import { factOf, factOrMissing } from '../clients/reading.ts';
import { present, requiredId } from '../clients/wire.ts';
import { userIdentitiesOf } from './declared.ts';
import { lastPull, pullRows, pullsSinceMs } from './group-events.ts';
import { getGroup, type WireContainer, type WireGroup } from './group-resource.ts';
import { neverCreated, withRefusedWrite } from './refused-write.ts';

/**
 * Reads the group as the facts of an app, with what only a group has; `gone` if it was deleted. Where the group does not have the image of the
 * target, a write that Azure refused may: only then is the Activity Log asked.
 */
export async function readGroup(
  clients: Clients,
  { appId, image }: Target,
  once: ReadsOnce,
): Promise<Fact<AppFacts | 'gone'>> {
  const group = await factOrMissing('gone' as const, async () => groupFacts(await groupOf(clients, appId, once)));
  if (!group.read) return group;
  const { value } = group;
  if (value === 'gone') return factOf(() => neverCreated(clients, appId, image));
  return value.images.includes(image) ? group : factOf(() => withRefusedWrite(clients, value, image));
}

/** Reads the containers of the group, each as a run of it; none if there is no group. Those of a group that a person stopped are not active. */
export async function readGroupRuns(
  clients: Clients,
  target: Target,
  once: ReadsOnce,
): Promise<Fact<readonly RevisionFacts[]>> {
  return containersOf(clients, target, once, runFacts);
}

/** Reads what the containers of the group do. A container runs once, so it has one replica, which has its name. */
export async function readGroupReplicas(
  clients: Clients,
  target: Target,
  once: ReadsOnce,
): Promise<Fact<readonly ReplicaFacts[]>> {
  return containersOf(clients, target, once, replicaFacts);
}

/**
 * Reads the events of the containers as rows of a log. They stand in the group itself, with their times, and old ones stay there: those from
 * before `sinceMs` are kept only where they still say what holds.
 */
export async function readGroupEvents(
  clients: Clients,
  target: Target,
  sinceMs: number,
  once: ReadsOnce,
): Promise<Fact<readonly LogRow[]>> {
  const rows = await containersOf(clients, target, once, (container) =>
    pullRows(container, hasItsImage(container), sinceMs),
  );
  return mapFact(rows, (all) => all.flat().sort((a, b) => a.atMs - b.atMs));
}

/**
 * A group has no environment: it stands in its place itself. Its own network is not that of its pulls: the platform pulls, from addresses of its
 * own (documentation "Deploy to Azure Container Instances from Azure Container Registry", and docs/unverified.md).
 */
export function placeOfGroup({ appId }: Target): Fact<EnvironmentFacts> {
  return known({ id: appId, logs: { kind: 'none' } });
}

async function containersOf<T>(
  clients: Clients,
  { appId }: Target,
  once: ReadsOnce,
  facts: (container: WireContainer, group: WireGroup) => T,
): Promise<Fact<readonly T[]>> {
  return factOrMissing<readonly T[], readonly T[]>([], async () => {
    const group = await groupOf(clients, appId, once);
    return allContainers(group).map((container) => facts(container, group));
  });
}

/** Every fact of a group but its refused writes is in one answer, which a look reads once. */
function groupOf(clients: Clients, groupId: ArmId, once: ReadsOnce): Promise<WireGroup> {
  return once(`group ${groupId}`, () => getGroup(clients, groupId));
}

function allContainers({ properties }: WireGroup): readonly WireContainer[] {
  return [...properties.containers, ...(properties.initContainers ?? [])];
}

/** Only a user-assigned identity can pull, so that of the group itself is left out: no role of it would help (docs/unverified.md). */
function groupFacts(group: WireGroup): AppFacts {
  const { properties } = group;
  return {
    id: requiredId(group.id),
    revisionMode: 'Single',
    provisioningState: properties.provisioningState ?? 'unknown',
    userIdentities: userIdentitiesOf(group.identity?.userAssignedIdentities ?? {}),
    registries: entriesOf(group),
    images: allContainers(group).flatMap((container) => container.properties.image || []),
    group: { life: lifeOfGroup(group) },
  };
}

function lifeOfGroup({ properties }: WireGroup): ReturnType<typeof lifeOf> {
  return lifeOf(properties.instanceView?.state ?? undefined, properties.provisioningState ?? undefined);
}

function entriesOf({ properties }: WireGroup): RegistryEntry[] {
  return (properties.imageRegistryCredentials ?? []).map(({ server, identity, username }) => ({
    server: server.toLowerCase(),
    ...present<{ identity: string; username: string }>({
      identity: identity || undefined,
      username: username || undefined,
    }),
  }));
}

function runFacts(container: WireContainer, group: WireGroup): RevisionFacts {
  const { name, properties } = container;
  const image = properties.image ?? '';
  const details = detailsOf(container);
  return {
    name,
    active: !/^stopped$/i.test(group.properties.instanceView?.state ?? ''),
    createdAtMs: beganAtMs(container),
    images: [image],
    imageOf: { [name]: image },
    provisioningState: group.properties.provisioningState ?? 'unknown',
    runningState: properties.instanceView?.currentState?.state ?? 'unknown',
    healthState: 'unknown',
    trafficWeight: 0,
    ...(lifeOfGroup(group) === 'ended' ? { ended: true } : { minReplicas: 1 }),
    ...(details === '' ? {} : { details }),
  };
}

function replicaFacts(container: WireContainer): ReplicaFacts {
  const { name, properties } = container;
  const facts: ContainerFacts = {
    name,
    ready: hasItsImage(container),
    state: properties.instanceView?.currentState?.state ?? 'unknown',
    ...present<{ image: string; details: string }>({
      image: properties.image || undefined,
      details: detailsOf(container) || undefined,
    }),
  };
  return { name, revision: name, createdAtMs: beganAtMs(container), containers: [facts] };
}

/** A container that has a time at which it started has its image: it runs, or it ended by itself (recorded groups that run, crash and ended). */
function hasItsImage({ properties }: WireContainer): boolean {
  const now = properties.instanceView?.currentState;
  if (!now?.startTime) return false;
  return now.state === 'Running' || (now.state === 'Terminated' && typeof now.exitCode === 'number');
}

/**
 * When what the container does now began: its start, or the pull that is under way, else its first event. 0 where ARM says none of them. The first
 * event of a group that was stopped and started again is of before, and says nothing of the pull that the start began.
 */
function beganAtMs(container: WireContainer): number {
  const { currentState, events } = container.properties.instanceView ?? {};
  const [first = 0] = (events ?? []).map(({ firstTimestamp }) => firstTimestamp).sort((a, b) => a - b);
  return currentState?.startTime ?? pullsSinceMs(container) ?? first;
}

/** How much of the platform's description of a state is kept. Its beginning holds the reason. Characters. */
const longestDetails = 1000;

/**
 * What the container says of its state, and what its events say of its last pull, in the words of Container Apps: a container that waits for its
 * image states no reason of its own that was ever recorded.
 */
function detailsOf(container: WireContainer): string {
  const said = container.properties.instanceView?.currentState?.detailStatus || undefined;
  const pull = hasItsImage(container) ? undefined : wordsOf[lastPull(container) ?? 'pulled'];
  return [said, pull]
    .filter((part) => part !== undefined)
    .join('; ')
    .slice(0, longestDetails);
}

const wordsOf = { pulling: 'PullingImage', failed: 'ImagePullBackOff', pulled: undefined } as const;
