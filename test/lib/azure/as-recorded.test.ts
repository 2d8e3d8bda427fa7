// Answers in the very spelling of the real services: what pullmedic makes of them. Made by hand after recordings; each says what it shows.
import { describe, expect, it } from 'vitest';
import { readApp, readEnvironment, readReplicas, readRevisions } from '../../../src/lib/azure/facts/app-facts.ts';
import { readRegistry } from '../../../src/lib/azure/facts/registry-facts.ts';
import type { Fact } from '../../../src/lib/words/fact.ts';
import { appId, environmentId, image, registryId, revision, roleMissing, target } from '../facts.ts';
import { alwaysAnswering, clientsOver } from './clients-over.ts';

function valueOf<T>(fact: Fact<T>): T | string {
  return fact.read ? fact.value : fact.why;
}

/** An app with everything null that nobody set. Its own id has `containerapps`, ids of identities have `resourcegroups`. */
const app = {
  id: appId
    .replace(/resourcegroups/i, 'resourceGroups')
    .replace(/microsoft\.app\/containerapps/i, 'Microsoft.App/containerapps'),
  type: 'Microsoft.App/containerApps',
  location: 'West Europe',
  systemData: { createdAt: '2026-05-24T16:35:18.2853129', createdByType: 'User' },
  properties: {
    provisioningState: 'Succeeded',
    managedEnvironmentId: environmentId,
    environmentId,
    workloadProfileName: null,
    latestRevisionName: 'ca-orders--0000001',
    latestReadyRevisionName: 'ca-orders--0000001',
    latestRevisionFqdn: '',
    configuration: { secrets: null, activeRevisionsMode: 'Single', ingress: null, registries: null, dapr: null },
    template: {
      revisionSuffix: '',
      containers: [{ image, name: 'app', resources: { cpu: 0.5, memory: '1Gi', ephemeralStorage: '2Gi' } }],
      initContainers: null,
      scale: { minReplicas: null, maxReplicas: 10, rules: null },
      volumes: null,
    },
    delegatedIdentities: [],
  },
  identity: { type: 'None' },
};

describe('an app as Azure writes it', () => {
  it('has the id by which pullmedic knows it, and nothing where Azure says null', async () => {
    const read = valueOf(await readApp(alwaysAnswering(app).clients, target));

    expect(read).toMatchObject({ id: appId, registries: [], userIdentities: [], images: [image], traffic: 'latest' });
    expect(read).not.toHaveProperty('secrets');
  });

  it('has no revision where the name is left out, null or empty', async () => {
    for (const latestRevisionName of [undefined, null, '']) {
      const { latestReadyRevisionName: _, ...properties } = app.properties;
      const failed = { ...app, properties: { ...properties, latestRevisionName, provisioningState: 'Failed' } };
      const read = valueOf(await readApp(alwaysAnswering(failed).clients, target));

      expect(read).toMatchObject({ provisioningState: 'Failed' });
      expect(read).not.toMatchObject({ latestRevision: 'ca-orders--0000001' });
    }
  });

  it('holds each identity of "SystemAssigned, UserAssigned"', async () => {
    const id =
      '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourcegroups/rg-id/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-orders';
    const [own, assigned] = ['a0000000-0000-4000-8000-00000000000a', 'b0000000-0000-4000-8000-00000000000b'];
    const identity = {
      type: 'SystemAssigned, UserAssigned',
      principalId: own,
      tenantId: own,
      userAssignedIdentities: { [id]: { principalId: assigned, clientId: own } },
    };

    expect(valueOf(await readApp(alwaysAnswering({ ...app, identity }).clients, target))).toMatchObject({
      systemPrincipalId: own,
      userIdentities: [{ id: id.toLowerCase(), principalId: assigned }],
    });
  });
});

describe('a revision and a replica as Azure writes them', () => {
  it('have instants of whole seconds, with an offset or a Z', async () => {
    const properties = {
      createdTime: '2026-06-01T02:00:01+00:00',
      active: true,
      template: { ...app.properties.template, revisionSuffix: null },
    };
    const list = { value: [{ name: revision.name, properties }] };
    const replicas = {
      value: [
        {
          name: 'r1',
          properties: {
            createdTime: '2026-06-01T02:00:01Z',
            runningState: 'NotRunning',
            runningStateDetails: '',
            containers: [{ name: 'app', ready: false, started: false, restartCount: 0, runningState: 'Waiting' }],
            initContainers: [],
          },
        },
      ],
    };
    const at = Date.parse('2026-06-01T02:00:01Z');

    expect(valueOf(await readRevisions(alwaysAnswering(list).clients, target))).toMatchObject([
      { name: revision.name, createdAtMs: at, images: [image] },
    ]);
    expect(valueOf(await readReplicas(alwaysAnswering(replicas).clients, target, roleMissing))).toMatchObject([
      { createdAtMs: at },
    ]);
  });
});

describe('an environment as Azure writes it', () => {
  it('sends its logs nowhere and has no network where Azure says null', async () => {
    const environment = {
      id: environmentId,
      location: 'West Europe',
      properties: {
        vnetConfiguration: null,
        defaultDomain: 'quietriver-43630543.westeurope.azurecontainerapps.io',
        appLogsConfiguration: { destination: null, logAnalyticsConfiguration: null },
      },
    };
    const read = valueOf(await readEnvironment(alwaysAnswering(environment).clients, roleMissing));

    expect(read).toMatchObject({ logs: { kind: 'none' } });
    expect(read).not.toHaveProperty('subnetId');
  });
});

describe('a registry of the Basic tier as Azure writes it', () => {
  it('has no network rules, so that it refuses no address', async () => {
    const properties = {
      loginServer: target.registry,
      provisioningState: 'Succeeded',
      adminUserEnabled: false,
      policies: { azureADAuthenticationAsArmPolicy: { status: 'enabled' } },
      privateEndpointConnections: [],
      publicNetworkAccess: 'Enabled',
      roleAssignmentMode: 'AbacRepositoryPermissions',
    };
    const body = {
      id: registryId,
      location: 'westeurope',
      tags: {},
      sku: { name: 'Basic', tier: 'Basic' },
      properties,
    };
    const { clients } = clientsOver(({ path }) =>
      /resourcegraph/i.test(path) ? { body: { data: [{ id: registryId }], resultTruncated: 'false' } } : { body },
    );

    expect(valueOf(await readRegistry(clients, [], target))).toMatchObject({
      sku: 'Basic',
      defaultAction: 'allow',
      ipRules: [],
      publicAccess: 'open',
      roleMode: 'abac',
    });
  });
});
