// An image that the registry itself fetches by a cache rule: what proves that the cache fails, and what comes before it.
import { describe, expect, it } from 'vitest';
import type { Suspicion } from '../../../src/lib/classify/classify.ts';
import { cacheRuleFor, upstreamOf } from '../../../src/lib/diagnosis/artifact-cache.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { CacheRuleFacts, RegistryFacts } from '../../../src/lib/evidence/registry-facts.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { app, appId, assignment, minute, registry, roleMissing, unauthorized, unauthorizedRow } from '../facts.ts';
import { diagnosed, labelled } from './diagnosed.ts';

const day = 24 * 60 * minute;
const healthy: CacheRuleFacts = { name: 'hub', source: 'docker.io/shop/*', target: 'shop/*' };
const ill: CacheRuleFacts = { ...healthy, credentials: { name: 'hub-account', health: 'unhealthy', error: 'expired' } };

function mayPull(rules: readonly CacheRuleFacts[], more: Partial<Evidence> = {}): Evidence {
  return { ...roleMissing, roles: known([assignment(day)]), cache: known(rules), ...more };
}

/** The whole row, whose suspicion has its first words only. */
function rowSays(text: string): Partial<Evidence> {
  return { logs: known([{ ...unauthorizedRow, text }]) };
}

const namesRule = rowSays("unauthorized: authentication required with source registry for cache rule 'hub'");

function verdict(evidence: Evidence, said?: readonly Suspicion[]): unknown {
  const { causes, sure } = diagnosed(evidence, said);
  return [causes, sure];
}

describe('a cache that cannot fetch', () => {
  const proved = [['artifact-cache-failed'], 'confirmed'];
  const suspected = [['artifact-cache-failed'], 'suspected'];

  it('is proved by unhealthy credentials of the rule and a text that names it', () => {
    expect(verdict(mayPull([ill], namesRule))).toEqual(proved);
  });

  it('is only suspected of any other refusal: the registry may hold a copy', () => {
    expect(verdict(mayPull([ill]))).toEqual(suspected);
    for (const label of ['rate-limited', 'registry-unavailable', 'manifest-unknown'] as const)
      expect(verdict(mayPull([ill]), labelled(label))).toEqual(suspected);
  });

  it('is suspected of a restricted registry that lets no trusted service pass', () => {
    const open: RegistryFacts = { ...registry, trustedServices: false };
    const shut: RegistryFacts = { ...open, defaultAction: 'deny', ipRules: ['203.0.113.7'] };

    expect(verdict(mayPull([healthy], { registry: known(shut) }))).toEqual(suspected);
    expect(verdict(mayPull([healthy], { registry: known({ ...shut, trustedServices: true }) }))).not.toEqual(suspected);
    expect(verdict(mayPull([healthy], { registry: known(open) }))).not.toEqual(suspected);
  });

  it('is suspected where only the text names a cache rule', () => {
    expect(verdict(mayPull([healthy], namesRule))).toEqual([['artifact-cache-failed'], 'suspected']);
  });

  it('is not named for a text about a cache rule where the registry has none for this repository', () => {
    const other = { ...ill, target: 'shop/other' };

    expect(verdict(mayPull([], namesRule))).toEqual([['unexplained'], 'unexplained']);
    expect(verdict(mayPull([other], namesRule))).toEqual([['unexplained'], 'unexplained']);
    expect(verdict(mayPull([ill], { ...namesRule, cache: unreadable('forbidden') }))).toEqual([
      ['unexplained'],
      'unexplained',
    ]);
  });

  it('is not what a text about something else means', () => {
    expect(verdict(mayPull([ill]), labelled('platform-mismatch'))).toEqual([['platform-mismatch'], 'suspected']);
  });

  it('comes after a missing role and a young one, unless the text names the rule', () => {
    const young = { roles: known([assignment(minute)]) };

    expect(verdict({ ...mayPull([ill]), roles: known([]) })).toEqual([['pull-role-missing'], 'confirmed']);
    expect(verdict(mayPull([ill], young))).toEqual([['pull-role-propagating'], 'confirmed']);
    expect(verdict(mayPull([ill], { ...young, ...namesRule }))).toEqual(proved);
  });

  it('is named for an app with a user name too, if the text names the rule', () => {
    const signsIn = {
      app: known({
        ...app,
        registries: [{ server: 'acrshop.azurecr.io', username: 'u', secret: 's' }],
        secrets: ['s'],
      }),
    };

    expect(verdict(mayPull([ill], { ...signsIn, ...namesRule }))).toEqual(proved);
    expect(verdict(mayPull([ill], signsIn))).toEqual([['credential-rejected'], 'suspected']);
  });

  it('says the rule, its source and what is wrong', () => {
    const found = diagnosed(mayPull([ill]), [unauthorized]).for;

    expect(found).toContainEqual({ code: 'cache-rule', detail: { rule: 'hub', source: 'docker.io/shop/orders' } });
    expect(found).toContainEqual({
      code: 'cache-credentials-unhealthy',
      detail: { credentials: 'hub-account', error: 'expired' },
    });
  });
});

describe('the rule for a repository', () => {
  const ruled = (image: string, ...targets: string[]) =>
    cacheRuleFor(targetOf(appId, `acrshop.azurecr.io/${image}`), {
      ...roleMissing,
      cache: known(targets.map((one) => ({ name: one, source: `docker.io/${one}`, target: one }))),
    })?.name;

  it('is the one that names it, then the one with the longest beginning', () => {
    expect(ruled('shop/orders:v1', '*', 'shop/*', 'shop/orders')).toBe('shop/orders');
    expect(ruled('shop/cart:v1', '*', 'shop/*', 'shop/orders')).toBe('shop/*');
    expect(ruled('web:v1', '*', 'shop/*')).toBe('*');
    expect(ruled('shopping/cart:v1', 'shop/*', 'shop')).toBeUndefined();
  });

  it('says where the image comes from', () => {
    expect(upstreamOf(healthy, 'shop/orders')).toBe('docker.io/shop/orders');
    expect(upstreamOf({ name: 'a', source: 'ghcr.io/x/y', target: 'y' }, 'y')).toBe('ghcr.io/x/y');
  });
});
