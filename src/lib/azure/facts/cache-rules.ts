// Reads the cache rules of a registry, and whether the credentials that they fetch with are healthy.
import type { AuthCredential, CacheRule, CredentialSet } from '@azure/arm-containerregistry';
import type { CacheCredentialFacts, CacheRuleFacts } from '../../evidence/registry-facts.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { nameOf, resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import type { Clients } from '../clients/clients.ts';
import { collect, factOf, Unexpected } from '../clients/reading.ts';
import { abort, armIdOf, mostItems, present, textOf } from '../clients/wire.ts';

/** Reads all cache rules of a registry: one request, and one more if a rule has credentials. */
export async function readCacheRules(clients: Clients, registry: ArmId): Promise<Fact<readonly CacheRuleFacts[]>> {
  return factOf(async () => {
    const { cacheRules, credentialSets } = await clients.registries(subscriptionOf(registry));
    const at = [resourceGroupOf(registry), nameOf(registry)] as const;
    const rules = await collect(cacheRules.list(...at, abort()), mostItems);
    const sets = rules.some((rule) => rule.credentialSetResourceId)
      ? await collect(credentialSets.list(...at, abort()), mostItems)
      : [];
    return rules.map((rule) => ruleFacts(rule, sets));
  });
}

function ruleFacts(rule: CacheRule, sets: readonly CredentialSet[]): CacheRuleFacts {
  const credentials = credentialsOf(rule, sets);
  return {
    name: required(rule.name),
    source: required(rule.sourceRepository),
    target: required(rule.targetRepository),
    ...present<{ credentials: CacheCredentialFacts }>({ credentials }),
  };
}

function required(value: string | undefined): string {
  const text = textOf(value);
  if (text === undefined || text === '') throw new Unexpected('a cache rule without a name, a source or a target');
  return text;
}

/** The credentials of a rule. A set that the list does not have was deleted: the rule names it, and nothing is known of its health. */
function credentialsOf(rule: CacheRule, sets: readonly CredentialSet[]): CacheCredentialFacts | undefined {
  const id = armIdOf(rule.credentialSetResourceId);
  if (id === undefined) return undefined;
  const set = sets.find((one) => armIdOf(one.id) === id);
  return { name: nameOf(id), ...healthOf(set?.authCredentials ?? []) };
}

/** A set usually has one credential. One that is unhealthy makes the set unhealthy, and one that does not say makes it unknown. */
function healthOf(credentials: readonly AuthCredential[]): Pick<CacheCredentialFacts, 'health' | 'error'> {
  const ill = credentials.find(({ credentialHealth }) => credentialHealth?.status === 'Unhealthy')?.credentialHealth;
  if (ill !== undefined)
    return { health: 'unhealthy', ...present<{ error: string }>({ error: textOf(ill.errorCode ?? ill.errorMessage) }) };
  const well = credentials.every(({ credentialHealth }) => credentialHealth?.status === 'Healthy');
  return { health: well && credentials.length > 0 ? 'healthy' : 'unknown' };
}
