// Reads container groups of Azure Container Instances as ARM has them, over requests of our own: the published SDK is from 2023 and speaks the
// older API version only.
import * as z from 'zod';
import type { ArmId } from '../../words/arm-id.ts';
import { resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import type { Clients } from '../clients/clients.ts';
import { BadStatus, ListTooLong, nextPage, Unexpected } from '../clients/reading.ts';
import { olderResources } from './older-resources.ts';

/** The newest stable API version of Container Instances, and the one before it that recorded answers have. */
const groupVersions = ['2025-09-01', '2023-05-01'] as const;
type GroupVersion = (typeof groupVersions)[number];

const instant = z.string().transform((text, context) => {
  const atMs = Date.parse(text);
  if (!Number.isNaN(atMs)) return atMs;
  context.addIssue({ code: 'custom', message: 'is not an instant' });
  return z.NEVER;
});

const wireEvent = z.object({
  name: z.string(),
  type: z.string().nullish(),
  message: z.string().nullish(),
  count: z.number().nullish(),
  firstTimestamp: instant,
  lastTimestamp: instant,
});
export type WireEvent = z.infer<typeof wireEvent>;

const wireState = z.object({
  state: z.string().nullish(),
  startTime: instant.nullish(),
  exitCode: z.number().nullish(),
  detailStatus: z.string().nullish(),
});

const wireContainer = z.object({
  name: z.string(),
  properties: z.object({
    image: z.string().nullish(),
    instanceView: z.object({ currentState: wireState.nullish(), events: z.array(wireEvent).nullish() }).nullish(),
  }),
});
export type WireContainer = z.infer<typeof wireContainer>;

const wireGroup = z.object({
  id: z.string(),
  identity: z
    .object({
      userAssignedIdentities: z
        .record(z.string(), z.object({ principalId: z.string().nullish(), clientId: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
  properties: z.object({
    provisioningState: z.string().nullish(),
    containers: z.array(wireContainer),
    initContainers: z.array(wireContainer).nullish(),
    imageRegistryCredentials: z
      .array(z.object({ server: z.string(), username: z.string().nullish(), identity: z.string().nullish() }))
      .nullish(),
    instanceView: z.object({ state: z.string().nullish() }).nullish(),
  }),
});
export type WireGroup = z.infer<typeof wireGroup>;

/** An item of a list: it has no instance view (REST reference, "Container Groups - List"). */
const wireItem = z.object({
  id: z.string().nullish(),
  properties: z.object({ provisioningState: z.string().nullish() }).nullish(),
});
export type WireItem = z.infer<typeof wireItem>;

/** Reads a group. Throws {@link BadStatus}, with 404 if there is none, and {@link Unexpected} for an answer of another shape. */
export async function getGroup(clients: Clients, groupId: ArmId): Promise<WireGroup> {
  return checked(wireGroup, bodyIn(await answerOf(clients, groupId, groupId)));
}

/** Every group of a subscription or of a resource group. Throws if there are more than `most`. */
export async function listGroups(clients: Clients, scope: ArmId, most: number): Promise<readonly WireItem[]> {
  const within = resourceGroupOf(scope) === '' ? `/subscriptions/${subscriptionOf(scope)}` : scope;
  const path = `${within}/providers/Microsoft.ContainerInstance/containerGroups`;
  const found: WireItem[] = [];
  let query: Readonly<Record<string, string>> | undefined = {};
  while (query !== undefined) {
    const answer = await answerOf(clients, path, scope, query);
    if (isUnregistered(answer)) return [];
    const { value, nextLink } = checked(wireList, bodyIn(answer));
    found.push(...value);
    if (found.length > most) throw new ListTooLong(`The list has more than ${most} items.`);
    const more = nextPage(nextLink, /^\$?skip_?token$/i);
    query = more && { [more[0]]: more[1] };
  }
  return found;
}

function checked<T>(shape: z.ZodType<T>, body: unknown): T {
  const read = shape.safeParse(body);
  if (!read.success) throw new Unexpected('no container group');
  return read.data;
}

const wireList = z.object({ value: z.array(wireItem), nextLink: z.string().nullish() });

/** The API version in which a group was read last: a write of the group uses it too. */
export function versionFor(clients: Clients, resource: ArmId): GroupVersion {
  return older.has(clients, resource) ? groupVersions[1] : groupVersions[0];
}

/** Groups and scopes that are read in the older version, because their region does not know the younger one. */
const older = olderResources();

interface ArmAnswer {
  readonly status: number;
  readonly body: unknown;
}

function bodyIn({ status, body }: ArmAnswer): unknown {
  if (status !== 200) throw new BadStatus(status);
  return body;
}

/** The answer to a GET, in the older version where ARM does not know the younger one. `about`: for what that is remembered. */
async function answerOf(
  clients: Clients,
  path: string,
  about: ArmId,
  query: Readonly<Record<string, string>> = {},
): Promise<ArmAnswer> {
  const version = versionFor(clients, about);
  const answer = await clients.get(path, version, query);
  if (version === groupVersions[1] || answer.status !== 400 || !isError(answer, unknownVersion)) return answer;
  older.add(clients, about);
  return answerOf(clients, path, about, query);
}

/**
 * Codes by which ARM says that it does not know an API version, in general or in the region (documentation "Resolve errors for resource
 * provider registration").
 */
const unknownVersion = [
  'NoRegisteredProviderFound',
  'InvalidApiVersionParameter',
  'InvalidResourceType',
  'UnsupportedApiVersion',
] as const;

/**
 * Codes by which ARM says that a subscription never used Container Instances, from the same page: there is no group in it then. One of them can
 * also mean the API version, and it counts only after both versions were asked for.
 */
const unregistered = [
  'MissingSubscriptionRegistration',
  'SubscriptionNotRegistered',
  'NoRegisteredProviderFound',
] as const;

function isUnregistered(answer: ArmAnswer): boolean {
  return answer.status >= 400 && answer.status < 500 && isError(answer, unregistered);
}

const wireError = z.object({ error: z.object({ code: z.string() }) });

function isError({ body }: ArmAnswer, codes: readonly string[]): boolean {
  const read = wireError.safeParse(body);
  return read.success && codes.includes(read.data.error.code);
}
