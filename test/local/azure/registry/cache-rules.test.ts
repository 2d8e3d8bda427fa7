// Pulls through a cache rule of the simulated registry, and what asking for an image does there.
import { describe, expect, it } from 'vitest';
import { pullOutcome } from '../../../../local/azure/apps/pulls.ts';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import { fetchThroughCache, ruleFor } from '../../../../local/azure/registry/cache-rules.ts';
import { eventSchema } from '../../../../local/azure/world/events.ts';
import { small } from '../registry-worlds.ts';

const image = 'acrshop.azurecr.io/library/redis:7.4';

function shop(more: object = {}) {
  const { sim, registry } = small(
    {
      apps: [
        {
          name: 'ca-orders',
          environment: 'cae-shop',
          registries: [{ server: 'acrshop.azurecr.io', username: 'u', passwordSecretRef: 's' }],
          secrets: [{ name: 's' }],
          containers: [{ image }],
        },
      ],
    },
    {
      cacheRules: [{ name: 'hub', source: 'docker.io/library/*', target: 'library/*', credentials: 'account' }],
      credentialSets: [{ name: 'account', loginServer: 'docker.io', healthy: false }],
      ...more,
    },
  );
  const app = sim.apps.get('ca-orders');
  if (app === undefined) throw new Error('no app');
  const pull = () => pullOutcome(sim, app, { name: 'app', image, init: false });
  const now = (event: Record<string, unknown>) => happen(sim, eventSchema.parse({ at: '0s', ...event }));
  return { sim, registry, pull, now };
}

describe('a pull through a cache rule', () => {
  it('fails in the words of the registry while its credentials are unhealthy, and works once they are repaired', () => {
    const { registry, pull, now } = shop();

    expect(pull()).toMatchObject({ ok: false, body: expect.stringContaining("for cache rule 'hub'") as string });
    now({ do: 'set-cache-credentials', registry: 'acrshop', credentials: 'account', healthy: true });
    expect(pull().ok).toBe(true);
    expect(registry.repositories.get('library/redis')?.tags.has('7.4')).toBe(true);
  });

  it('works from the copy that is there, whatever the credentials are', () => {
    const { pull } = shop({ repositories: { 'library/redis': ['7.4'] } });

    expect(pull().ok).toBe(true);
  });

  it('fails where the registry is restricted and lets no trusted service pass', () => {
    const { sim, registry } = shop({ defaultAction: 'Deny', trustedServices: false });
    const asked = { repository: 'library/redis', reference: '7.4' };

    expect(fetchThroughCache(sim, registry, asked)).toContain('has failed');
    registry.trustedServices = true;
    expect(fetchThroughCache(sim, registry, asked)).toContain('unauthorized');
  });

  it('is only for the repositories of the rule', () => {
    const { registry } = shop();

    expect(ruleFor(registry, 'library/redis')?.name).toBe('hub');
    expect(ruleFor(registry, 'libraries/redis')).toBeUndefined();
  });
});
