// A grant for an entry of another registry goes to that registry, by all of its own guards.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { type Config, parseConfig } from '../../../src/lib/settings/config.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  app,
  arm,
  assignment,
  config,
  identityId,
  minute,
  readyReplica,
  registry,
  registryId,
  roleMissing,
  unauthorizedRow,
} from '../facts.ts';
import { decideOn } from '../situations.ts';

const toolsId = arm(registryId.replace('acrshop', 'acrtools'));
const group = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-apps';

/** The identity has no role at the registry of another entry, and the log names that registry. */
const named: Evidence = {
  ...roleMissing,
  app: known({
    ...app,
    registries: [...app.registries, { server: 'acrtools.azurecr.io', identity: identityId }],
  }),
  registry: known({ ...registry, id: toolsId, loginServer: 'acrtools.azurecr.io' }),
  logs: known([
    {
      ...unauthorizedRow,
      reason: 'FetchingKeyVaultSecretFailed',
      text: "Failed to construct registry secret for registry 'acrtools.azurecr.io' for ContainerApp 'ca-orders'. Error: ACR token exchange endpoint returned error status: 401.",
    },
  ]),
};

function optedIn(...ids: string[]): Config {
  const registries = ids.map((id) => ({ id, consumers: [group, identityId] }));
  return parseConfig({
    PULLMEDIC_MODE: 'act',
    PULLMEDIC_SCOPES: JSON.stringify(['/subscriptions/5f0c1d2e-0000-4000-8000-000000000001']),
    PULLMEDIC_REGISTRIES: JSON.stringify(registries),
  });
}

describe('a role that is missing at the registry of another entry', () => {
  it('is granted on that registry, where its owner opted it in', () => {
    expect(decideOn(named, { config: optedIn(toolsId) }).decision).toMatchObject({
      do: 'grant',
      grant: { registryId: toolsId },
    });
  });

  it('is not granted because the registry of the image is opted in', () => {
    const { decision, refusals } = decideOn(named, { config: config() });

    expect(decision.do).toBe('incident');
    expect(refusals.map(({ guard }) => guard)).toContain('registry-not-opted-in');
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['is tagged so', { registry: known({ ...registry, id: toolsId, denied: true }) }, 'registry-denies'],
    [
      'lets only listed addresses in',
      { registry: known({ ...registry, id: toolsId, defaultAction: 'deny' }) },
      'network',
    ],
  ])('is not granted where that registry %s', (_, more, guard) => {
    const { decision, refusals } = decideOn({ ...named, ...more }, { config: optedIn(toolsId) });

    expect(decision.do).not.toBe('grant');
    expect(refusals.map((refusal) => refusal.guard)).toContain(guard);
  });

  it('is not granted where the registry asks for repository permissions: no repository is pulled from', () => {
    const abac = { registry: known({ ...registry, id: toolsId, roleMode: 'abac' as const }) };

    expect(decideOn({ ...named, ...abac }, { config: optedIn(toolsId) }).decision.do).toBe('incident');
  });

  it('is not granted once the app has its image, whatever the log says', () => {
    const served = { ...named, replicas: known([readyReplica]), roles: known([assignment(60 * minute)]) };

    expect(decideOn(served, { config: optedIn(toolsId) }).decision.do).not.toBe('grant');
  });
});
