// Every entry of an app can stop a write that Azure rejected: each is judged by its own registry where no text names one.
import { describe, expect, it } from 'vitest';
import { brokenEntry, entriesToRead, factsOfEntry, networkOfEntries } from '../../../src/lib/diagnosis/entries.ts';
import { subjectOf } from '../../../src/lib/diagnosis/named-registry.ts';
import { isBrokenByRecord } from '../../../src/lib/diagnosis/record-fault.ts';
import type { AppFacts, RegistryEntry } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { EntryFacts, RegistryFacts } from '../../../src/lib/evidence/registry-facts.ts';
import { nextProbes } from '../../../src/lib/look/probes.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  arm,
  assignment,
  dnsLinked,
  dnsUnlinked,
  endpointId,
  identityId,
  image,
  minute,
  nowMs,
  registry,
  registryId,
  roleMissing,
  target,
  vnetId,
} from '../facts.ts';
import { denyAll, inVnet, rule, subnet, vnet } from './network-cases.ts';

const own: RegistryEntry = { server: 'acrshop.azurecr.io', identity: identityId };
const tools: RegistryEntry = { server: 'acrtools.azurecr.io', identity: identityId };
const old = known([assignment(600 * minute)]);
const none = known([]);
const unclear = 'Failed to provision revision. Error details: unable to pull image using Managed identity.';

const toolsRegistry: RegistryFacts = {
  ...registry,
  id: arm(registryId.replace('acrshop', 'acrtools')),
  loginServer: 'acrtools.azurecr.io',
};

/** Azure rejected the write of an app with these entries, in these words. */
function rejected(registries: readonly RegistryEntry[], text = unclear, more: Partial<AppFacts> = {}): Evidence {
  const { registry: _, roles: __, ...rest } = roleMissing;
  const failed = { provisioningState: 'Failed', writeError: { text, atMs: nowMs }, secrets: ['token'] };
  return {
    ...rest,
    app: known({ ...app, ...failed, registries: [...registries], ...more }),
    revisions: known([]),
    replicas: known([]),
    logs: known([]),
  };
}

const ownFacts: EntryFacts = { server: own.server, registry: known(registry), roles: old };
const toolsFacts: EntryFacts = { server: tools.server, registry: known(toolsRegistry), roles: old };

describe('a rejected write that names no registry', () => {
  it('asks for the registries of all entries, and for nothing else of a registry before', () => {
    const evidence = rejected([own, tools]);

    expect(entriesToRead(target, evidence)).toEqual(['acrshop.azurecr.io', 'acrtools.azurecr.io']);
    expect(nextProbes(target, evidence)).toEqual(['entries']);
    expect(nextProbes(target, { ...evidence, entries: known([ownFacts, toolsFacts]) })).toContain('registry');
  });

  it.each<[string, EntryFacts]>([
    ['its identity has no role there', { ...toolsFacts, roles: none }],
    ['its registry is closed', { ...toolsFacts, registry: known({ ...toolsRegistry, publicAccess: 'closed' }) }],
    ['its registry refuses the tokens', { ...toolsFacts, registry: known({ ...toolsRegistry, armAudience: false }) }],
  ])('means the entry where %s', (_, facts) => {
    const evidence = { ...rejected([own, tools]), entries: known([ownFacts, facts]) };

    expect(brokenEntry(target, evidence)).toBe('acrtools.azurecr.io');
    expect(subjectOf(target, evidence).registry).toBe('acrtools.azurecr.io');
  });

  it('means the entry whose admin user may not sign in', () => {
    const admin: RegistryEntry = { server: tools.server, username: 'acrtools', secret: 'token' };
    const facts = { server: tools.server, registry: known({ ...toolsRegistry, adminUser: false }) };

    expect(brokenEntry(target, { ...rejected([own, admin]), entries: known([ownFacts, facts]) })).toBe(tools.server);
  });

  it.each<[string, readonly EntryFacts[]]>([
    ['nothing is wrong', [ownFacts, toolsFacts]],
    [
      'the image’s own entry cannot work',
      [
        { ...ownFacts, roles: none },
        { ...toolsFacts, roles: none },
      ],
    ],
    ['the roles there cannot be read', [ownFacts, { ...toolsFacts, roles: unreadable('forbidden') }]],
    ['the registry there cannot be read', [ownFacts, { server: tools.server, registry: unreadable('forbidden') }]],
    ['no readable subscription has the registry', [ownFacts, { server: tools.server, registry: known('not-found') }]],
    [
      'its role has a condition, and which repository is wanted is not known',
      [
        ownFacts,
        {
          ...toolsFacts,
          registry: known({ ...toolsRegistry, roleMode: 'abac' }),
          roles: known([
            assignment(600 * minute, {
              roleId: 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
              permissions: known([
                {
                  actions: [],
                  notActions: [],
                  dataActions: [
                    'Microsoft.ContainerRegistry/registries/repositories/content/read',
                    'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
                  ],
                  notDataActions: [],
                },
              ]),
              condition:
                "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'})) OR (@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEqualsIgnoreCase 'tools/agent'))",
            }),
          ]),
        },
      ],
    ],
  ])('means no other entry where %s', (_, facts) => {
    expect(brokenEntry(target, { ...rejected([own, tools]), entries: known([...facts]) })).toBeUndefined();
  });
});

describe('no entry is read', () => {
  it.each<[string, Evidence]>([
    ['where the text names the image', rejected([own, tools], `Invalid value: "${image}": unable to pull image`)],
    [
      'where the text names a registry',
      rejected([own, tools], 'unable to pull image for registry acrtools.azurecr.io'),
    ],
    ['where the app has no other entry', rejected([own])],
    [
      'where the other registry is none of Azure',
      rejected([own, { server: 'ghcr.io', username: 'x', secret: 'token' }]),
    ],
    ['where the app’s own record shows the fault', rejected([own, { ...tools, identity: 'system' }])],
    [
      'where the write was not rejected',
      { ...rejected([own, tools]), app: known({ ...app, registries: [own, tools] }) },
    ],
    ['where the app could not be read', { ...rejected([own, tools]), app: unreadable('throttled') }],
  ])('%s', (_, evidence) => {
    expect(entriesToRead(target, evidence)).toEqual([]);
    expect(nextProbes(target, evidence)).not.toContain('entries');
  });

  it('beyond the fourth, because each costs requests', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...tools, server: `acrtools${name}.azurecr.io` }));

    expect(entriesToRead(target, rejected([own, ...many]))).toHaveLength(4);
  });
});

describe('the app’s own record', () => {
  it.each<[string, RegistryEntry, Partial<AppFacts>]>([
    ['an identity that the app does not have', { server: tools.server, identity: 'system' }, {}],
    ['a secret that the app does not have', { server: tools.server, username: 'x', secret: 'gone' }, {}],
    [
      'a vault that an identity reads which the app does not have',
      { server: tools.server, username: 'x', secret: 'token' },
      { vaultSecrets: [{ name: 'token', url: 'https://kv-shop.vault.azure.net/secrets/x', identity: 'system' }] },
    ],
  ])('shows a fault of an entry: %s', (_, entry, more) => {
    const subject = { ...target, registry: tools.server };

    expect(isBrokenByRecord(subject, rejected([own, entry], unclear, more))).toBe(true);
    expect(brokenEntry(target, rejected([own, entry], unclear, more))).toBe(tools.server);
    expect(isBrokenByRecord(subject, rejected([own, tools], unclear, more))).toBe(false);
  });

  it('does not count where the text gives a reason that is about the image', () => {
    const broken = { server: tools.server, username: 'x', secret: 'gone' };
    const text = `Invalid value: "${image}": MANIFEST_UNKNOWN: manifest tagged by "v1" is not found`;

    expect(brokenEntry(target, rejected([own, broken], text))).toBeUndefined();
    // The registry may have refused the sign-in of the entry, and the text names the image that waits for it.
    expect(brokenEntry(target, rejected([own, broken], `Failed to pull image "${image}": UNAUTHORIZED`))).toBe(
      tools.server,
    );
  });
});

describe('what was read for an entry', () => {
  const evidence: Evidence = { ...rejected([own, tools]), entries: known([ownFacts, toolsFacts]) };

  it('is used for the diagnosis of that entry, without reading it again', () => {
    const subject = { ...target, registry: 'acrtools.azurecr.io' };

    expect(factsOfEntry(subject, evidence)).toEqual({ registry: known(toolsRegistry), roles: old });
    expect(factsOfEntry({ ...target, registry: 'ghcr.io' }, evidence)).toEqual({});
  });

  it('never takes the place of a registry that was read for itself', () => {
    expect(factsOfEntry(target, { ...evidence, registry: unreadable('throttled') })).toEqual({});
  });
});

describe('the network of an app that leaves by one', () => {
  const hub: RegistryEntry = { server: 'ghcr.io', username: 'x', secret: 'token' };
  const inNetwork = (entries: readonly RegistryEntry[], more: Partial<Evidence> = {}): Evidence => ({
    ...rejected(entries),
    environment: inVnet,
    ...more,
  });
  const azure = ['AzureContainerRegistry', 'Storage', 'AzureActiveDirectory'];
  const onlyAzure = azure.map((tag, at) => rule(200 + at, 'allow', tag));
  const shut = subnet([...onlyAzure, denyAll]);
  const both = known([ownFacts, toolsFacts]);

  it('is read before one entry is blamed, and the registries before it', () => {
    expect(nextProbes(target, inNetwork([own, tools]))).toEqual(['entries']);
    expect(nextProbes(target, inNetwork([own, tools], { entries: both }))).toEqual(['vnet', 'subnet']);
    expect(nextProbes(target, inNetwork([own, hub]))).toEqual(['entries']);
    expect(nextProbes(target, inNetwork([own, hub], { entries: known([ownFacts]) }))).toEqual(['vnet', 'subnet']);
  });

  it('is not read for entries where the app leaves by none, has one entry, or an entry is known to be at fault', () => {
    const faulty = known([ownFacts, { ...toolsFacts, roles: none }]);

    expect(networkOfEntries(target, { ...rejected([own, tools]), entries: both })).toEqual([]);
    expect(networkOfEntries(target, inNetwork([own]))).toEqual([]);
    expect(networkOfEntries(target, inNetwork([own, tools], { entries: faulty }))).toEqual([]);
  });

  it('stops the way to the registry of an entry and not that to the image’s', () => {
    const read = { ...vnet(), entries: known([ownFacts]) };

    expect(brokenEntry(target, inNetwork([own, hub], { ...read, ...shut }))).toBe('ghcr.io');
    expect(brokenEntry(target, inNetwork([own, hub], { ...read, ...subnet([]) }))).toBeUndefined();
    expect(brokenEntry(target, inNetwork([own, hub], { ...read, subnet: unreadable('forbidden') }))).toBeUndefined();
  });

  it('means no other entry where it stops the image’s own registry as well', () => {
    const all = subnet([rule(4000, 'deny', '*')]);

    expect(brokenEntry(target, inNetwork([own, hub], { ...vnet(), ...all, entries: known([ownFacts]) }))).toBe(
      undefined,
    );
  });

  it('leads the name of an entry’s private registry nowhere, where its zone is not linked', () => {
    const closed: EntryFacts = {
      ...toolsFacts,
      registry: known({
        ...toolsRegistry,
        publicAccess: 'closed',
        endpoints: [{ id: endpointId, status: 'approved' }],
      }),
      endpoints: known([{ id: endpointId, vnetId, addresses: [{ fqdn: 'acrtools.azurecr.io', ip: '10.70.4.9' }] }]),
      zones: dnsUnlinked.zones ?? unreadable('not-asked'),
    };
    const linked = { ...closed, zones: dnsLinked.zones ?? unreadable('not-asked') };
    const of = (facts: EntryFacts): Evidence =>
      inNetwork([own, tools], { ...vnet(), ...subnet([]), entries: known([ownFacts, facts]) });

    expect(brokenEntry(target, of(closed))).toBe('acrtools.azurecr.io');
    // The zone has a record for the other registry only.
    expect(brokenEntry(target, of(linked))).toBe('acrtools.azurecr.io');
    expect(brokenEntry(target, of({ ...closed, zones: unreadable('forbidden') }))).toBeUndefined();
  });

  it('is judged for an entry by nothing that was read of the image’s registry', () => {
    const evidence = inNetwork([own, tools], {
      ...vnet(),
      ...subnet([]),
      entries: both,
      registry: known({ ...registry, publicAccess: 'closed' }),
      roles: none,
      zones: dnsUnlinked.zones ?? unreadable('not-asked'),
    });

    expect(brokenEntry(target, evidence)).toBeUndefined();
  });
});
