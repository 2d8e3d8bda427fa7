// The probe for every resource that holds the declared identity: each of them would get the role too.
import * as z from 'zod';
import type { Evidence } from '../../evidence/evidence.ts';
import { appOf, declaredIdentity, declaredResource, registryOf } from '../../evidence/evidence.ts';
import type { Holder, HolderFacts } from '../../evidence/role-facts.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { known, mapFact, unreadable } from '../../words/fact.ts';
import type { Target } from '../../words/target.ts';
import { workloadList, workloadOf } from '../../workloads/workloads.ts';
import type { Clients } from '../clients/clients.ts';
import { BadStatus, factOf, ListTooLong, mayPass, Unexpected } from '../clients/reading.ts';
import { armIdOf, present, requiredId } from '../clients/wire.ts';
import { environmentColumn } from './apps.ts';
import { askGraph, everywhere } from './graph.ts';
import { kqlString } from './logs.ts';
import { saysGone } from './roles.ts';

const holderRow = z.object({ id: z.string(), environmentId: z.string().nullish() });
type HolderRow = z.infer<typeof holderRow>;

const projected = `project id, environmentId = ${environmentColumn}`;

/** Whether it matters who signs in as an identity by a federated credential: it costs a request more. */
export type AsksFederated = (registryId: ArmId, identity: ArmId) => boolean;

/**
 * Reads the holders in all subscriptions that pullmedic can read, because an identity may be held outside the configured scopes. Where the
 * federated credentials are asked for, their list tells as well whether the identity exists; that is a fact of its own (`identity`).
 */
export async function readHolders(
  clients: Clients,
  target: Target,
  evidence: Evidence,
  asksFederated: AsksFederated = () => false,
): Promise<{ readonly holders: Fact<HolderFacts> } & Pick<Evidence, 'identity'>> {
  const registry = registryOf(evidence);
  const found = homeOf(target, evidence);
  if (registry === undefined || found === undefined) return { holders: unreadable('not-asked') };
  const resource = declaredResource(declaredIdentity(target, evidence));
  const asked = resource !== undefined && asksFederated(registry.id, resource) ? resource : undefined;
  const [held, credentials] = await Promise.all([
    factOf(async () => {
      const [rows, tenant] = await Promise.all([
        found.query === undefined ? [] : askGraph(clients, everywhere, found.query, holderRow),
        tenantFact(clients, found.home, registry.id),
      ]);
      return { ...heldBy(rows), tenant };
    }),
    asked && readFederated(clients, asked),
  ]);
  if (credentials === undefined) return { holders: held };
  const { federated, ...existence } = credentials;
  return { holders: mapFact(held, (facts) => ({ ...facts, federated })), ...existence };
}

/** Types of workloads that run in an environment and can name its identity. */
const typesInEnvironments = workloadList.filter(({ runsIn }) => runsIn === 'environment').map(({ type }) => type);

/**
 * The type of a session pool, which pulls images as well. It names its environment where its sessions run in one, and only then it can name
 * that environment's identity (REST specification of `SessionPool`, `environmentId`). Sandbox groups pull too: docs/unverified.md says why they are not
 * asked for.
 */
const sessionPool = 'microsoft.app/sessionpools';

/** The holders of an answer. Throws if a row names no resource, or is an app or a job without an environment. */
function heldBy(rows: readonly HolderRow[]): Pick<HolderFacts, 'resources' | 'unnamed'> {
  const resources = rows.flatMap((row) => {
    const id = armIdOf(row.id);
    return id === undefined ? [] : [holderOf(id, row.environmentId)];
  });
  const unnamed = rows.filter(({ id }) => armIdOf(id) === undefined).map(({ id }) => ({ within: groupOf(id) }));
  return { resources, ...(unnamed.length === 0 ? {} : { unnamed }) };
}

function holderOf(id: ArmId, environment: string | null | undefined): Holder {
  const environmentId = armIdOf(environment ?? undefined);
  if (workloadOf(id)?.runsIn === 'environment' && environmentId === undefined)
    throw new Unexpected('an app without an environment');
  return { id, ...present<{ environmentId: ArmId }>({ environmentId }) };
}

/**
 * The resource group of a resource whose own name cannot be read. Names of some types hold spaces, `|` or `$`, as in the recorded id
 * `…/providers/microsoft.insights/scheduledqueryrules/CPU Alert`; names of groups do not.
 */
function groupOf(id: string): ArmId {
  return requiredId(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+(?=\/)/i.exec(id)?.[0]);
}

/** The resource that the identity belongs to, and the query that finds its holders. A system-assigned identity has one holder: no query. */
function homeOf(target: Target, evidence: Evidence): { home: ArmId; query?: string } | undefined {
  const declared = declaredIdentity(target, evidence);
  const resource = declaredResource(declared);
  if (resource !== undefined) return { home: resource, query: identityHoldersQuery(resource) };
  if (declared.kind !== 'identity') return undefined;
  if (declared.name === 'system') return { home: target.appId };
  const environment = appOf(evidence)?.environmentId;
  return environment === undefined ? undefined : { home: environment, query: environmentHoldersQuery(environment) };
}

/** Every resource that holds this user-assigned identity. Each holder, an app or a virtual machine, may pull with it. */
export function identityHoldersQuery(identity: ArmId): string {
  // The identities of a resource are the keys of an object. With the quotation marks, a longer name cannot match.
  return `resources | where tostring(identity.userAssignedIdentities) contains ${kqlString(`"${identity}"`)} | ${projected}`;
}

/**
 * Every app, job and session pool of an environment. Each of them can name the identity of its environment. One whose environment does not stand in its
 * row may be in this one, so it is asked for too.
 */
export function environmentHoldersQuery(environment: ArmId): string {
  const within = `${environmentColumn} =~ ${kqlString(environment)}`;
  const notSaid = `isempty(${environmentColumn}) and type in~ (${typeList(typesInEnvironments)})`;
  const types = typeList([...typesInEnvironments, sessionPool]);
  return `resources | where type in~ (${types}) | where ${within} or ${notSaid} | ${projected}`;
}

function typeList(types: readonly string[]): string {
  return types.map((type) => `'${type}'`).join(', ');
}

const subscriptionVersion = '2022-12-01';
const wireSubscription = z.object({ tenantId: z.string() });

async function tenantOf(clients: Clients, subscription: string): Promise<string> {
  const { status, body } = await clients.get(`/subscriptions/${subscription}`, subscriptionVersion);
  if (status !== 200) throw new BadStatus(status);
  return wireSubscription.parse(body).tenantId.toLowerCase();
}

/**
 * Compares the tenants of identity and registry. Within one subscription they are the same, because it has one tenant. Throws where a tenant
 * could not be read for a reason that passes: a later look can tell.
 */
async function tenantFact(clients: Clients, home: ArmId, registry: ArmId): Promise<HolderFacts['tenant']> {
  const both = [...new Set([subscriptionOf(home), subscriptionOf(registry)])];
  if (both.length === 1) return 'same';
  try {
    const tenants = await Promise.all(both.map((one) => tenantOf(clients, one)));
    return new Set(tenants).size === 1 ? 'same' : 'another';
  } catch (error) {
    if (mayPass(error)) throw error;
    return 'cannot-tell';
  }
}

const credentialsVersion = '2023-01-31';
const wireCredentials = z.object({ value: z.array(z.object({ name: z.string() })), nextLink: z.string().nullish() });

/**
 * Reads the federated credentials of an identity. Source: REST reference of managed identities, "Federated Identity Credentials - List",
 * 2023-01-31; an identity has at most 20 of them (Entra documentation), so a second page is not expected and makes the list unreadable.
 * Only an identity that exists has such a list, and Azure says of one that does not exist that it was not found. Every other answer leaves
 * open whether the identity exists (`identity` is absent), and then it is read by itself.
 */
async function readFederated(
  clients: Clients,
  identity: ArmId,
): Promise<{ readonly federated: Fact<readonly string[]> } & Pick<Evidence, 'identity'>> {
  const answer = await factOf(() => clients.get(`${identity}/federatedIdentityCredentials`, credentialsVersion));
  if (!answer.read) return { federated: answer };
  const { status, body } = answer.value;
  const federated = await factOf(async () => {
    if (status !== 200) throw new BadStatus(status);
    const { value, nextLink } = wireCredentials.parse(body);
    if (nextLink) throw new ListTooLong('The list of federated credentials has a second page.');
    return value.map(({ name }) => name);
  });
  if (federated.read) return { federated, identity: known('exists') };
  return saysGone(status, body) ? { federated, identity: known('gone') } : { federated };
}
