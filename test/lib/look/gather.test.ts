import { describe, expect, it } from 'vitest';
import { mostCalls } from '../../../src/lib/evidence/calls.ts';
import type { Evidence, Probe } from '../../../src/lib/evidence/evidence.ts';
import { revisionsToRead } from '../../../src/lib/evidence/serving.ts';
import { gather } from '../../../src/lib/look/gather.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  arm,
  assignment,
  dnsUnlinked,
  environmentId,
  identityId,
  minute,
  nowMs,
  registry,
  revision,
  roleMissing,
  target,
  unauthorizedRow,
} from '../facts.ts';

function azureOf(evidence: Evidence, callsPerProbe = 1) {
  const asked: Probe[] = [];
  const azure = {
    asked,
    probe: async (probe: Probe) => {
      asked.push(probe);
      return { facts: { [probe]: evidence[probe] ?? unreadable('forbidden') }, calls: callsPerProbe };
    },
  };
  return { azure, now: () => nowMs };
}

describe('a look', () => {
  it('asks each probe once, and only those that can change the answer', async () => {
    const asking = azureOf(roleMissing);
    const { calls } = await gather(asking, target, 0);

    expect(new Set(asking.azure.asked).size).toBe(asking.azure.asked.length);
    expect(asking.azure.asked).not.toContain('zones');
    expect(calls).toBe(asking.azure.asked.length);
  });

  it('asks for the private way where the registry has one', async () => {
    const asking = azureOf(dnsUnlinked);
    await gather(asking, target, 0);

    expect(asking.azure.asked).toEqual(expect.arrayContaining(['vnet', 'zones', 'endpoints']));
  });

  it('ends when its budget is spent, and what it did not ask is unreadable', async () => {
    const asking = azureOf(dnsUnlinked, mostCalls / 2);
    const { evidence } = await gather(asking, target, 0);

    expect(asking.azure.asked).not.toContain('roles');
    expect(evidence.registry).toEqual({ read: false, why: 'look-cap-reached' });
  });

  it('takes a probe that answers nothing for unreadable, and asks it once', async () => {
    const asking = azureOf(roleMissing);
    const asked: Probe[] = [];
    const silent = async (probe: Probe) => {
      asked.push(probe);
      return probe === 'registry' ? { facts: {}, calls: 1 } : asking.azure.probe(probe);
    };
    const { evidence } = await gather({ ...asking, azure: { probe: silent } }, target, 0);

    expect(evidence.registry).toEqual({ read: false, why: 'not-asked' });
    expect(asked.filter((probe) => probe === 'registry')).toHaveLength(1);
  });

  it('tells of every probe as it comes in', async () => {
    const told: Probe[] = [];
    const asking = azureOf(roleMissing);
    await gather(asking, target, 0, { each: (probe) => told.push(probe) });

    expect(told).toEqual(asking.azure.asked);
  });

  it('tells each probe what others’ looks may lend it, and nothing where that is not said', async () => {
    const told: object[] = [];
    const asking = azureOf(roleMissing);
    const probe = async (one: Probe, _target: unknown, _soFar: unknown, _since: unknown, context: object = {}) => {
      told.push(context);
      return asking.azure.probe(one);
    };
    await gather({ ...asking, azure: { probe } }, target, 0);
    const [alone = {}] = told.splice(0);
    await gather({ ...asking, azure: { probe } }, target, 0, { sharedSinceMs: 7 });

    expect(Object.keys(alone)).toEqual(['maySend', 'once']);
    expect(told[0]).toMatchObject({ sharedSinceMs: 7 });
  });
});

describe('a look at a public registry', () => {
  const subnetId = arm('/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/apps');
  const inNetwork = known({ id: environmentId, logs: { kind: 'none' as const }, subnetId });

  /** A role that is missing for a user-assigned identity which the list of consumers does not name, behind security rules. */
  function roleMissingIn(count: number, stuck: number, more: Partial<Evidence>): Evidence {
    const { details: _none, ...calm } = revision;
    const revisions = Array.from({ length: count }, (_, at) => ({
      ...(at + 1 === stuck ? revision : calm),
      name: `r${at + 1}`,
      createdAtMs: nowMs - at * minute,
    }));
    return { ...roleMissing, environment: inNetwork, revisions: known(revisions), ...more };
  }

  /** Counts as the readers of Azure do: one request for each revision, and two for the holders, which also tell that the identity exists. */
  function counting(evidence: Evidence) {
    const probe = async (one: Probe, _: unknown, soFar: Evidence) => {
      const facts = { [one]: evidence[one] ?? unreadable('forbidden') };
      if (one === 'holders') return { facts: { ...facts, identity: known('exists' as const) }, calls: 2 };
      return { facts, calls: one === 'replicas' ? (revisionsToRead(target, soFar) ?? []).length : 1 };
    };
    return { azure: { probe }, now: () => nowMs };
  }

  const abac = { registry: known({ ...registry, roleMode: 'abac' as const }) };
  const cases = [1, 2, 3, 5].flatMap((count) =>
    [0, 1, 2, count].flatMap((stuck) => [
      [count, stuck, 'any role', {}] as const,
      [count, stuck, 'repository permissions', abac] as const,
    ]),
  );

  it.each(cases)(
    'takes at most 12 requests to ARM with %i active revisions of which number %i is stuck, and a registry of %s',
    async (count, stuck, _, more) => {
      const { sent, evidence } = await gather(counting(roleMissingIn(count, stuck, more)), target, 0);

      expect(sent.control).toBeLessThanOrEqual(12);
      // What the guards of a grant rest on was asked for all the same.
      for (const fact of ['replicas', 'roles', 'removals', 'denials', 'holders', 'identity', 'subnet'] as const)
        expect(evidence[fact]).not.toBeUndefined();
    },
  );

  it('asks whether the identity exists where the holders did not tell', async () => {
    const asking = azureOf(roleMissingIn(1, 1, {}));
    await gather(asking, target, 0);

    expect(asking.azure.asked.indexOf('identity')).toBeGreaterThan(asking.azure.asked.indexOf('holders'));
  });
});

describe('a look at an app with entries for several registries', () => {
  const both = known({
    ...app,
    registries: [...app.registries, { server: 'acrtools.azurecr.io', identity: identityId }],
  });
  const text = (host: string): string =>
    `Failed to construct registry secret for registry '${host}' for ContainerApp 'ca-orders'. Error: ACR token exchange endpoint returned error status: 401.`;

  async function lookedAt(host: string) {
    const logs = known([{ ...unauthorizedRow, reason: 'FetchingKeyVaultSecretFailed', text: text(host) }]);
    const asking = azureOf({ ...roleMissing, app: both, logs });
    const of = new Map<Probe, string>();
    const probe = (name: Probe, asked: typeof target) => {
      of.set(name, asked.registry);
      return asking.azure.probe(name);
    };
    const { calls } = await gather({ ...asking, azure: { probe } }, target, 0);
    return { of, calls, asked: asking.azure.asked };
  }

  it('reads the log first, and then the facts of the one registry that it names, each once', async () => {
    const named = await lookedAt('acrtools.azurecr.io');
    const own = await lookedAt('acrshop.azurecr.io');

    expect([named.of.get('registry'), named.of.get('roles'), named.of.get('holders')]).toEqual(
      Array.from({ length: 3 }, () => 'acrtools.azurecr.io'),
    );
    expect(own.of.get('registry')).toBe('acrshop.azurecr.io');
    expect(new Set(named.asked).size).toBe(named.asked.length);
    expect(named.calls).toBe(own.calls);
    expect(named.asked.indexOf('logs')).toBeLessThan(named.asked.indexOf('registry'));
  });

  it('does not ask for the image in a registry that it is not of', async () => {
    const logs = known([{ ...unauthorizedRow, text: text('acrtools.azurecr.io') }]);
    const asking = azureOf({ ...roleMissing, app: both, logs, roles: known([assignment(60 * minute)]) });
    await gather(asking, target, 0);

    expect(asking.azure.asked).not.toContain('manifest');
  });
});
