// The cache rules of a registry and their credentials: what ARM shows of them, and what a pull through a rule ends in.

import { guidFor, sameId } from '../model/ids.ts';
import { pushTag, type Reference } from '../model/images.ts';
import type { CredentialSet, Registry } from '../model/registries.ts';
import { note, type Sim } from '../model/sim.ts';
import { type Answer, armError, notFound } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';

/** `GET …/registries/{name}/cacheRules`. */
export function listCacheRules(sim: Sim, request: ArmRequest): Answer {
  return listOf(sim, request, 'cacheRules', (registry) => registry.cacheRules.map((rule) => wireRule(registry, rule)));
}

/** `GET …/registries/{name}/credentialSets`: never a secret. */
export function listCredentialSets(sim: Sim, request: ArmRequest): Answer {
  return listOf(sim, request, 'credentialSets', (registry) =>
    registry.credentialSets.map((set) => wireCredentials(sim, registry, set)),
  );
}

function listOf(sim: Sim, request: ArmRequest, kind: string, rows: (registry: Registry) => unknown[]): Answer {
  const path = `/${request.path.replace(/^\//, '')}`;
  const registry = [...sim.registries.values()].find(({ id }) => sameId(`${id}/${kind}`, path));
  if (registry === undefined) return notFound('Microsoft.ContainerRegistry/registries', request);
  if (registry.hidden)
    return armError(403, 'AuthorizationFailed', 'The client does not have authorization to perform this action.');
  return { status: 200, body: { value: rows(registry) } };
}

type CacheRule = Registry['cacheRules'][number];

/** A member of a registry: a rule without credentials leaves theirs out (as recorded). */
function wireRule(registry: Registry, rule: CacheRule): unknown {
  const set = rule.credentials;
  return {
    type: 'Microsoft.ContainerRegistry/registries/cacheRules',
    id: `${registry.id}/cacheRules/${rule.name}`,
    name: rule.name,
    properties: {
      ...(set === undefined ? {} : { credentialSetResourceId: `${registry.id}/credentialSets/${set}` }),
      sourceRepository: rule.source,
      targetRepository: rule.target,
      creationDate: madeAt,
      provisioningState: 'Succeeded',
    },
  };
}

const madeAt = '2025-06-16T08:59:08.8775808+00:00';

function wireCredentials(sim: Sim, registry: Registry, { name, loginServer, healthy, error }: CredentialSet): unknown {
  const id = `${registry.id}/credentialSets/${name}`;
  const vault = `https://kv-${registry.name}.vault.azure.net/secrets`;
  return {
    type: 'Microsoft.ContainerRegistry/registries/credentialSets',
    identity: { principalId: guidFor(id), tenantId: sim.world.tenant, type: 'systemAssigned' },
    id,
    name,
    properties: {
      loginServer,
      authCredentials: [
        {
          name: 'Credential1',
          usernameSecretIdentifier: `${vault}/${name}-user`,
          passwordSecretIdentifier: `${vault}/${name}-password`,
          credentialHealth: healthy
            ? { status: 'Healthy' }
            : { status: 'Unhealthy', errorCode: error, errorMessage: 'The credentials of the cache do not work.' },
        },
      ],
      creationDate: madeAt,
      provisioningState: 'Succeeded',
    },
  };
}

/** The rule for a repository: one without `*` first, then the longest prefix. */
export function ruleFor(registry: Registry, repository: string): CacheRule | undefined {
  const applies = registry.cacheRules.filter(({ target }) =>
    target.endsWith('*') ? repository.startsWith(target.slice(0, -1)) : target === repository,
  );
  const rank = ({ target }: CacheRule): number => (target.endsWith('*') ? target.length : Infinity);
  return applies.toSorted((a, b) => rank(b) - rank(a))[0];
}

/**
 * Fetches an image that the registry lacks and a rule names, and stores the copy. Returns what the registry says if it cannot fetch
 * (azure/acr#599, #892), and nothing where no rule applies or the copy is there now.
 */
export function fetchThroughCache(
  sim: Sim,
  registry: Registry,
  { repository, reference }: Reference,
): string | undefined {
  const rule = ruleFor(registry, repository);
  const held = registry.repositories.get(repository);
  if (rule === undefined || held?.tags.has(reference) || reference.startsWith('sha256:')) return undefined;
  const restricted = registry.publicNetworkAccess === 'Disabled' || registry.defaultAction === 'Deny';
  if (restricted && !registry.trustedServices)
    return `request to pull from source '${rule.source}' for cache rule '${rule.name}' has failed`;
  const set = registry.credentialSets.find(({ name }) => name === rule.credentials);
  if (set?.healthy === false)
    return `unauthorized: authentication required with source registry for cache rule '${rule.name}'`;
  note(sim, `${registry.name} fetches ${repository}:${reference} by the cache rule ${rule.name}`);
  pushTag(registry.repositories, repository, reference, sim.scheduler.now());
  return undefined;
}
