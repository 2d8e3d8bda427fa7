// What a deployment would make, checked against what the app reads, asks and answers.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { runKql } from '../../local/azure/kql/kql.ts';
import { type LoadedApp, loadApp } from '../../local/host/load.ts';
import { signalsOfEvent } from '../../src/functions/event-envelope.ts';
import { blobAccount, storageAccount } from '../../src/lib/azure/store/storage-account.ts';
import { callerSignIn } from '../../src/lib/settings/caller-sign-in.ts';
import { parseConfig } from '../../src/lib/settings/config.ts';
import { aboutOf } from '../../src/lib/signals/alert.ts';
import { eventOperations } from '../../src/lib/signals/event.ts';
import { complaints } from '../lib/azure/facts/kusto.ts';
import { operations } from './azure-operations.ts';
import { type Deployed, deploy, parametersOf, textOf, type Value } from './bicep.ts';

const own = '00000000-0000-0000-0000-000000000000';
const other = '22222222-2222-4222-8222-222222222222';
const hub = '33333333-3333-4333-8333-333333333333';
const registry = (subscription: string, name: string): string =>
  `/subscriptions/${subscription}/resourceGroups/rg-images/providers/Microsoft.ContainerRegistry/registries/${name}`;
const signInClient = '55555555-6666-4777-8888-999999999999';
/** What Azure answers as the id of the workspace with the typed table. */
const typedLogs = '44444444-4444-4444-8444-444444444444';
const workspace = (subscription: string): string =>
  `/subscriptions/${subscription}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shop`;

/** Everything that can be asked for at once, over several subscriptions. */
const full: { [name: string]: Value } = {
  location: 'westeurope',
  mode: 'act',
  scopes: [`/subscriptions/${own}/resourceGroups/rg-shop`, `/subscriptions/${other}`],
  registries: [
    { id: registry(own, 'acrshop'), consumers: [`/subscriptions/${own}/resourceGroups/rg-shop`] },
    { id: registry(other, 'acrbar'), consumers: [], grantWhenNetworkUnknown: true },
  ],
  workspaces: [
    { id: workspace(own), location: 'westeurope', table: 'ContainerAppSystemLogs_CL' },
    { id: workspace(own), location: 'westeurope', table: 'ContainerAppSystemLogs' },
    { id: workspace(own), location: 'westeurope', table: 'ContainerEvent_CL' },
  ],
  alsoRead: [hub],
  signIn: { clientId: signInClient, objectId: 'sign-in-object' },
  limits: { grantsPerHour: 4 },
  settings: { stableMinutes: 12 },
  notify: ['on-call@example.com'],
  allowedAddresses: ['192.0.2.0/24'],
  codeIsDeployed: true,
};

const deployed = deploy('infra/main.bicep', own, full);
const example = deploy('infra/main.bicep', own, parametersOf('infra/main.bicepparam'));

function all(type: string, from: readonly Deployed[] = deployed): readonly Deployed[] {
  return from.filter((one) => one.type === type && !one.existing);
}

function only(type: string, name: RegExp = /./, from: readonly Deployed[] = deployed): Deployed {
  const [found, ...more] = all(type, from).filter((one) => name.test(one.name));
  if (found === undefined || more.length > 0)
    throw new Error(`${more.length + (found ? 1 : 0)} of ${type} ${String(name)}`);
  return found;
}

// A body is what a template says: tests read into it by the names that Azure gives.
type Body = { [name: string]: Body } & { [index: number]: Body } & string;

function properties(one: Deployed): Body {
  return one.body['properties'] as unknown as Body;
}

function settings(from: readonly Deployed[] = deployed): Record<string, string> {
  const body = only('Microsoft.Web/sites/config', /^appsettings$/, from).body['properties'] as {
    [name: string]: Value;
  };
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, textOf(value).replaceAll(/<[^>]*\.customerId>/g, typedLogs)]),
  );
}

let bundle: LoadedApp;

beforeAll(async () => {
  // The very bundle, under the very settings that the templates give it.
  Object.assign(process.env, settings(), { AZURE_CLIENT_ID: own });
  bundle = await loadApp(['dist/index.cjs'], () => undefined);
});

describe('the settings', () => {
  it('are what the app reads, and mean what the parameters say', () => {
    const config = parseConfig(settings());

    expect(config).toMatchObject({
      mode: 'act',
      cloud: 'public',
      settings: { stableMinutes: 12, limits: { grantsPerHour: 4 } },
    });
    expect(config.scopes).toEqual(
      full['scopes'] === undefined ? [] : [`/subscriptions/${own}/resourcegroups/rg-shop`, `/subscriptions/${other}`],
    );
    expect(
      config.registries.map(({ consumers, grantWhenNetworkUnknown }) => [consumers.length, grantWhenNetworkUnknown]),
    ).toEqual([
      [1, false],
      [0, true],
    ]);
  });

  it('are observe unless somebody says otherwise', () => {
    const { mode: _, ...silent } = full;

    expect(parseConfig(settings(deploy('infra/main.bicep', own, silent))).mode).toBe('observe');
    expect(parseConfig(settings(example)).mode).toBe('observe');
  });

  it('say that the platform signs callers in, and with which registration', () => {
    expect(callerSignIn(settings())).toEqual({ state: 'on-by-setting', clientId: signInClient });
    expect(properties(only('Microsoft.Web/sites/config', /^authsettingsV2$/))['platform']).toMatchObject({
      enabled: true,
    });
  });

  it('write no option that is off', () => {
    expect(JSON.parse(settings()['PULLMEDIC_SETTINGS'] ?? '')).toEqual({
      stableMinutes: 12,
      limits: { grantsPerHour: 4 },
      alsoRead: [hub],
      // Of the two workspaces the one with the typed table: the environments say themselves where the classic one is.
      logWorkspaces: [typedLogs],
    });
  });

  it('write options that are on as the app reads them', () => {
    const chosen = { newRevision: true, startJobs: true, undo: true, setAlertState: true };
    const on = parseConfig(settings(deploy('infra/main.bicep', own, { ...full, ...chosen })));

    expect(on.settings).toMatchObject({
      retry: { newRevision: true, startJobs: true },
      undo: true,
      alerts: { setState: true },
    });
  });

  it('turn the archive of histories on, whose blobs lie in the account of the app', () => {
    const on = settings(deploy('infra/main.bicep', own, { ...full, settings: { history: { archiveAfterDays: 180 } } }));

    expect(parseConfig(on).settings.history).toEqual({ archiveAfterDays: 180 });
    expect(blobAccount(storageAccount(on, 'AzureWebJobsStorage'))).toMatchObject({
      endpoint: expect.stringMatching(/^https:.*\.blob\./) as string,
      signIn: { by: 'identity' },
    });
    // Storage Blob Data Owner on the whole account: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage
    const rights = all('Microsoft.Authorization/roleAssignments').map((one) =>
      textOf(properties(one)['roleDefinitionId'] as unknown as Value),
    );
    expect(rights.some((role) => role.includes('b7e6dc6d-f1e8-4753-8033-0f276bb0955b'))).toBe(true);
  });

  it('name the subscription of each workspace where its alerts are set: they belong to it', () => {
    const logs = '99999999-9999-4999-8999-999999999999';
    const asked = {
      ...full,
      workspaces: [{ id: workspace(logs), location: 'westeurope', table: 'ContainerAppSystemLogs' }],
    };
    const alsoRead = (setAlertState: boolean): readonly string[] =>
      parseConfig(settings(deploy('infra/main.bicep', own, { ...asked, setAlertState }))).settings.alsoRead;

    expect(alsoRead(false)).toEqual([hub]);
    expect(alsoRead(true)).toEqual([hub, logs]);
  });

  it.each([false, true])('and the roles go together: alerts are set %s', (setAlertState) => {
    const chosen = deploy('infra/main.bicep', own, { ...full, setAlertState });
    const may = JSON.stringify(all('Microsoft.Authorization/roleDefinitions', chosen)).includes(
      'alerts/changestate/action',
    );

    expect([may, parseConfig(settings(chosen)).settings.alerts.setState]).toEqual([setAlertState, setAlertState]);
  });

  describe('of incident systems', () => {
    const secretId = (name: string): string =>
      `/subscriptions/${other}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-ops/secrets/${name}`;
    const incidents = {
      systems: {
        hook: { kind: 'webhook', url: 'https://ops.example', secretsFrom: ['OPS_SECRET'] },
        other: { kind: 'webhook', urlFrom: 'OPS_URL', secretsFrom: ['OPS_SECRET'] },
      },
      routes: [{ to: ['hook', 'other'], when: { owner: ['network team'] } }],
    };
    const incidentSecrets = [
      { setting: 'OPS_SECRET', secretId: secretId('hook-secret') },
      { setting: 'OPS_URL', secretId: secretId('hook-url') },
    ];
    const told = deploy('infra/main.bicep', own, { ...full, incidents, incidentSecrets });

    it('are what the app reads, with references in place of secrets', () => {
      expect(parseConfig(settings(told)).settings.incidents).toMatchObject(incidents);
      expect(settings(told)).toMatchObject({
        OPS_SECRET: '@Microsoft.KeyVault(SecretUri=https://kv-ops.vault.azure.net/secrets/hook-secret)',
        OPS_URL: '@Microsoft.KeyVault(SecretUri=https://kv-ops.vault.azure.net/secrets/hook-url)',
      });
      expect(JSON.stringify(properties(only('Microsoft.Web/sites', /./, told))['keyVaultReferenceIdentity'])).toContain(
        'id-',
      );
    });

    it('let the identity read these secrets, and nothing else of the vault', () => {
      const rights = all('Microsoft.Authorization/roleAssignments', told).filter((one) =>
        textOf(properties(one)['roleDefinitionId'] ?? '').endsWith('4633458b-17de-408a-b445-aaa5d3fb3e86'),
      );

      expect(rights.map((one) => textOf(one.at)).toSorted()).toEqual(
        ['hook-secret', 'hook-url'].map((name) => expect.stringContaining(`/vaults/kv-ops/secrets/${name}`) as unknown),
      );
    });

    it('let the identity publish to the topics that are systems, and to no other', () => {
      const topic = (of: string): string =>
        `/subscriptions/${own}/resourceGroups/rg-events/providers/Microsoft.EventGrid/topics/${of}`;
      const url = 'https://egt-ops.westeurope-1.eventgrid.azure.net/api/events';
      const systems = {
        events: { kind: 'eventgrid', url, topic: topic('egt-ops') },
        others: { kind: 'eventgrid', url: url.replace('ops', 'others') },
      };
      const sends = all(
        'Microsoft.Authorization/roleAssignments',
        deploy('infra/main.bicep', own, { ...full, incidents: { systems } }),
      ).filter((one) =>
        textOf(properties(one)['roleDefinitionId'] ?? '').endsWith('d5a91429-5739-47e2-a06b-3470a27159e7'),
      );

      expect(sends.map((one) => textOf(one.at))).toEqual([expect.stringContaining('/topics/egt-ops')]);
    });

    it('give no right to any secret where there are none', () => {
      expect(JSON.stringify(all('Microsoft.Authorization/roleAssignments'))).not.toContain(
        '4633458b-17de-408a-b445-aaa5d3fb3e86',
      );
      expect(parseConfig(settings()).settings.incidents.systems).toEqual({});
    });
  });

  it('carry everything that the sources read, and nothing that nobody reads', () => {
    const source = [
      'src/start.ts',
      'src/lib/settings/caller-sign-in.ts',
      'src/lib/settings/config.ts',
      'src/lib/azure/store/storage-connection.ts',
    ]
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    const read = [...source.matchAll(/\b(PULLMEDIC_[A-Z_]+|AZURE_CLIENT_ID)\b/g)].map(([name]) => name);
    const given = Object.keys(settings()).filter((name) => /^(?:PULLMEDIC_|AZURE_)/.test(name));

    expect(given.sort()).toEqual([...new Set(read)].sort());
    expect(
      Object.keys(settings())
        .filter((name) => !given.includes(name))
        .sort(),
    ).toEqual([
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
      'APPLICATIONINSIGHTS_CONNECTION_STRING',
      'AzureWebJobsStorage__blobServiceUri',
      'AzureWebJobsStorage__clientId',
      'AzureWebJobsStorage__credential',
      'AzureWebJobsStorage__queueServiceUri',
      'AzureWebJobsStorage__tableServiceUri',
      'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID',
    ]);
  });

  it('name the limits that the app knows', () => {
    const limits = /type limitsType = \{([^}]*)\}/.exec(readFileSync('infra/types.bicep', 'utf8'))?.[1] ?? '';
    const named = [...limits.matchAll(/(\w+): int/g)].map(([, name]) => name ?? '');

    expect(named.sort()).toEqual(Object.keys(parseConfig(settings()).settings.limits).sort());
  });

  it.each([
    ['AzureChinaCloud', 'china'],
    ['AzureUSGovernment', 'usgovernment'],
  ])('know the cloud that they are deployed to: %s', (name, cloud) => {
    expect(parseConfig(settings(deploy('infra/main.bicep', own, full, name))).cloud).toBe(cloud);
  });

  it('reach storage and telemetry by the identity of the app', () => {
    const client = '<Microsoft.ManagedIdentity/userAssignedIdentities id-pullmedic.properties.clientId>';
    const given = settings();

    expect(given).toMatchObject({
      AzureWebJobsStorage__credential: 'managedidentity',
      AzureWebJobsStorage__clientId: client,
      AZURE_CLIENT_ID: client,
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${client};Authorization=AAD`,
    });
    const account = only('Microsoft.Storage/storageAccounts').name;
    expect(given['AzureWebJobsStorage__queueServiceUri']).toBe(`https://${account}.queue.core.windows.net`);
  });
});

describe('the function app', () => {
  const app = only('Microsoft.Web/sites');

  it('runs on Flex Consumption with Node 24, as one identity and no other', () => {
    expect(only('Microsoft.Web/serverfarms').body['sku']).toEqual({ tier: 'FlexConsumption', name: 'FC1' });
    expect(properties(app)['functionAppConfig']?.['runtime']).toEqual({ name: 'node', version: '24' });
    expect(app.body['identity']).toEqual({
      type: 'UserAssigned',
      userAssignedIdentities: { [only('Microsoft.ManagedIdentity/userAssignedIdentities', /^id-pullmedic$/).id]: {} },
    });
  });

  it('takes its code from a container of its own storage, by identity', () => {
    const { value, authentication } = (properties(app)['functionAppConfig']?.['deployment']?.['storage'] ?? {}) as Body;
    const account = only('Microsoft.Storage/storageAccounts').name;

    expect(value).toBe(`<Microsoft.Storage/storageAccounts ${account}.properties.primaryEndpoints.blob>packages`);
    expect(authentication).toMatchObject({ type: 'UserAssignedIdentity' });
    expect(all('Microsoft.Storage/storageAccounts/blobServices/containers').map((one) => one.name)).toEqual([
      'packages',
      'dead-letters',
    ]);
  });

  it('has the settings of Flex Consumption where it wants them', () => {
    expect(Object.keys(settings()).filter((name) => /^(?:FUNCTIONS_|WEBSITE_)/.test(name))).toEqual([]);
  });

  it('has no site setting that Flex Consumption does not have', () => {
    // Source: Microsoft Learn, "Azure Functions Flex Consumption plan hosting", deprecated properties and settings; FTP is not offered.
    const elsewhere = ['alwaysOn', 'ftpsState', 'functionAppScaleLimit', 'linuxFxVersion', 'preWarmedInstanceCount'];
    const given = Object.keys(properties(app)['siteConfig'] ?? {});

    expect(given).toContain('minTlsVersion');
    expect(given.filter((name) => elsewhere.includes(name))).toEqual([]);
  });

  it('is found by azd under the name in azure.yaml', () => {
    expect(readFileSync('azure.yaml', 'utf8')).toContain(
      `\n  ${(app.body['tags'] as unknown as Body)['azd-service-name']}:\n`,
    );
  });
});

describe('no key, and nothing public that should not be', () => {
  it('storage has no usable keys, no public blobs, no old TLS', () => {
    expect(properties(only('Microsoft.Storage/storageAccounts'))).toMatchObject({
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
    });
    expect(
      all('Microsoft.Storage/storageAccounts/blobServices/containers').map((one) => properties(one)['publicAccess']),
    ).toEqual(['None', 'None']);
  });

  it('storage gives back for a week what was deleted, a container as well: one of them is the archive of histories', () => {
    const week = { enabled: true, days: 7 };

    expect(properties(only('Microsoft.Storage/storageAccounts/blobServices'))).toMatchObject({
      deleteRetentionPolicy: week,
      containerDeleteRetentionPolicy: week,
    });
  });

  it('telemetry is written by identities only', () => {
    expect(properties(only('Microsoft.Insights/components'))['DisableLocalAuth']).toBe(true);
  });

  it('the app answers over TLS only, and is not deployed with a password', () => {
    const app = properties(only('Microsoft.Web/sites'));

    expect(app['httpsOnly']).toBe(true);
    expect(app['siteConfig']).toMatchObject({ minTlsVersion: '1.2' });
    expect(
      all('Microsoft.Web/sites/basicPublishingCredentialsPolicies').map((one) => [one.name, properties(one)['allow']]),
    ).toEqual([
      ['scm', false],
      ['ftp', false],
    ]);
  });

  it('whom to let in can be said; Azure Monitor and Event Grid always are', () => {
    const site = properties(only('Microsoft.Web/sites'))['siteConfig'] ?? ({} as Body);

    expect(site['ipSecurityRestrictionsDefaultAction']).toBe('Deny');
    expect((site['ipSecurityRestrictions'] as unknown as { ipAddress: string }[]).map((one) => one.ipAddress)).toEqual([
      'ActionGroup',
      'AzureEventGrid',
      '192.0.2.0/24',
    ]);
  });

  it('no template asks for a key, and no setting holds one', () => {
    const sources = [
      'main',
      'permissions',
      'types',
      ...[
        'app',
        'event-subscriptions',
        'group',
        'identity',
        'incident-mail',
        'monitoring',
        'on-registry',
        'people',
        'read-secret',
        'respond-in-group',
        'self-watch',
        'send-events',
        'sign-in',
        'storage',
        'topic',
        'watch',
        'workbook',
      ].map((name) => `modules/${name}`),
    ];
    const text = sources.map((name) => readFileSync(`infra/${name}.bicep`, 'utf8')).join('\n');

    expect(
      /listKeys\(|listAccountSas\(|\.listKeys|AccountKey|primaryKey|sharedAccess|@secure\(/i.exec(text),
    ).toBeNull();
    expect(
      Object.values(settings()).filter((value) => /AccountKey=|SharedAccessSignature|\?sig=/i.test(value)),
    ).toEqual([]);
  });

  it('the sign-in proves who it is by the identity, and lets in itself and Azure Monitor', () => {
    const auth = properties(only('Microsoft.Web/sites/config', /^authsettingsV2$/));
    const provider = auth['identityProviders']?.['azureActiveDirectory'] ?? ({} as Body);

    expect(auth['platform']).toMatchObject({ enabled: true });
    expect(Object.keys(settings())).toContain(provider['registration']?.['clientSecretSettingName']);
    expect(provider['validation']?.['defaultAuthorizationPolicy']).toEqual({
      allowedApplications: [
        signInClient,
        '461e8683-5575-4561-ac7f-899cc907d62a',
        '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
      ],
    });
  });
});

describe('roles besides those in permissions.bicep', () => {
  it('are these, each on our own resources', () => {
    const group = only(
      'Microsoft.Resources/resourceGroups',
      /./,
      deployed.filter((one) => one.at === `/subscriptions/${own}`),
    ).id;
    const builtIn = all('Microsoft.Authorization/roleAssignments').filter(
      (one) =>
        !/roleDefinitions\/guid/.test(
          textOf(one.body['properties'] as Value) + textOf((properties(one)['roleDefinitionId'] ?? '') as Value),
        ),
    );

    expect(builtIn.map((one) => String(properties(one)['roleDefinitionId']).split('/').at(-1) ?? '').sort()).toEqual([
      '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
      '3913510d-42f4-4e42-8a64-420c390055eb',
      '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
      'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    ]);
    expect(builtIn.filter((one) => !one.at.startsWith(`${group}/`))).toEqual([]);
  });

  it('go to service principals, and never rest on a default', () => {
    expect(
      all('Microsoft.Authorization/roleAssignments').filter(
        (one) => String(properties(one)['principalType']) !== 'ServicePrincipal',
      ),
    ).toEqual([]);
  });
});

describe('several subscriptions', () => {
  it('each gets a group, the roles, and what starts pullmedic there', () => {
    const subscriptions = [own, other, hub];
    const where = (type: string): string[] => [...new Set(all(type).map((one) => one.at.split('/')[2] ?? ''))].sort();

    expect(where('Microsoft.Resources/resourceGroups')).toEqual(subscriptions.sort());
    expect(where('Microsoft.Authorization/roleDefinitions')).toEqual(subscriptions.sort());
    expect(where('Microsoft.EventGrid/systemTopics')).toEqual(subscriptions.sort());
    expect(
      all('Microsoft.Insights/activityLogAlerts')
        .filter((one) => one.name.endsWith('failed-writes'))
        .map((one) => one.at.split('/')[2] ?? '')
        .sort(),
    ).toEqual([own, other].sort());
  });

  it('one that is only read gets no right to change anything', () => {
    const roles = all('Microsoft.Authorization/roleAssignments').filter((one) => one.at.includes(hub));

    expect(
      roles.map((one) => String(properties(one)['roleDefinitionId'])).filter((id) => !id.includes('|read')),
    ).toEqual([]);
    expect(roles.length).toBe(1);
  });

  it('a registry is one line: its role, its events and its consumers follow', () => {
    const more = [...(full['registries'] as Value[]), { id: registry(hub, 'acrthree'), consumers: [] }];
    const after = deploy('infra/main.bicep', own, { ...full, registries: more });
    const added = after.filter((one) => !one.existing && !deployed.some((before) => before.id === one.id));

    expect(added.map((one) => one.type).sort()).toEqual([
      'Microsoft.Authorization/roleAssignments',
      'Microsoft.EventGrid/systemTopics',
      'Microsoft.EventGrid/systemTopics/eventSubscriptions',
    ]);
    expect(settings(after)['PULLMEDIC_REGISTRIES']).toContain('acrthree');
  });
});

describe('events', () => {
  const subscriptions = all('Microsoft.EventGrid/systemTopics/eventSubscriptions');

  it('go to a function that is in the bundle and takes events', () => {
    const targets = new Set(
      subscriptions.map((one) => String(properties(one)['destination']?.['properties']?.['resourceId'])),
    );
    const [target = ''] = targets;
    const named = bundle.functions.find((one) => one.name === target.split('/').at(-1));

    expect(targets.size).toBe(1);
    expect(target.startsWith(`${only('Microsoft.Web/sites').id}/functions/`)).toBe(true);
    expect(named?.trigger.type.toLowerCase()).toBe('eventgridtrigger');
  });

  it('let through exactly the operations that the app listens to', () => {
    const filters = subscriptions.flatMap((one) => properties(one)['filter']?.['advancedFilters'] ?? []) as unknown as {
      key: string;
      operatorType: string;
      values: string[];
    }[];
    const ofOne = filters.filter((_, index) => index < 2);

    expect(ofOne.flatMap((one) => one.values.map((value) => value.toLowerCase())).sort()).toEqual(
      [...eventOperations].sort(),
    );
    // A subscription has room for 25 values.
    expect(filters.filter((one) => one.values.length > 25)).toEqual([]);
    for (const one of filters) expect(one).toMatchObject({ key: 'data.operationName', operatorType: 'StringIn' });
    expect(filters.length).toBe(6);
  });

  it('are of types that the app reads, in a schema that it reads', async () => {
    const types = [
      ...new Set(
        subscriptions.flatMap((one) => properties(one)['filter']?.['includedEventTypes'] as unknown as string[]),
      ),
    ];
    const operations: Readonly<Record<string, string>> = {
      'Microsoft.Resources.ResourceWriteSuccess': 'Microsoft.App/containerApps/write',
      'Microsoft.Resources.ResourceWriteFailure': 'Microsoft.App/containerApps/write',
      'Microsoft.Resources.ResourceDeleteSuccess': 'Microsoft.Authorization/roleAssignments/delete',
      'Microsoft.Resources.ResourceActionSuccess': 'Microsoft.App/containerApps/start/action',
    };
    const read = types.map((type) => {
      const image = { target: { repository: 'orders' }, request: { host: 'acrshop.azurecr.io' } };
      const resource = { operationName: operations[type] ?? '' };
      const subject = type.includes('Delete')
        ? `${registry(own, 'acrshop')}/providers/Microsoft.Authorization/roleAssignments/a`
        : `/subscriptions/${own}/resourceGroups/rg-shop/providers/Microsoft.App/containerApps/ca-orders`;
      return signalsOfEvent(
        {
          id: '1',
          type,
          source: 's',
          specversion: '1.0',
          subject,
          time: '2026-01-01T00:00:00Z',
          data: type.endsWith('ImagePushed') ? image : resource,
        },
        undefined,
      );
    });
    const said = await Promise.all(read);

    expect(said.map((read) => read.ok && read.signals.length)).toEqual([1, 1, 1, 1, 1]);
    expect(new Set(subscriptions.map((one) => properties(one)['eventDeliverySchema']))).toEqual(
      new Set(['CloudEventSchemaV1_0']),
    );
  });

  it('pass by operations that Azure publishes: any other would match nothing', () => {
    const named = subscriptions.flatMap((one) => {
      const filters = (properties(one)['filter']?.['advancedFilters'] ?? []) as unknown as { values: string[] }[];
      return filters.flatMap((filter) => filter.values);
    });

    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((operation) => !operations.has(operation.toLowerCase()))).toEqual([]);
  });

  it('that cannot be delivered end in the storage account, by an identity that can do nothing else', () => {
    const identity = only('Microsoft.ManagedIdentity/userAssignedIdentities', /-events$/).id;
    const asked = deploy('infra/main.bicep', own, { ...full, identityOnSubscriptionTopics: true });
    const everywhere = all('Microsoft.EventGrid/systemTopics/eventSubscriptions', asked);
    expect(everywhere.length).toBe(subscriptions.length);
    for (const one of all('Microsoft.EventGrid/systemTopics', asked))
      expect(one.body['identity']).toEqual({ type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } });
    for (const one of everywhere) {
      const letters = properties(one)['deadLetterWithResourceIdentity'] ?? ({} as Body);
      expect(letters['identity']?.['userAssignedIdentity']).toBe(identity);
      expect(letters['deadLetterDestination']?.['properties']).toEqual({
        resourceId: only('Microsoft.Storage/storageAccounts').id,
        blobContainerName: 'dead-letters',
      });
    }
    const held = all('Microsoft.Authorization/roleAssignments').filter((one) =>
      textOf((properties(one)['principalId'] ?? '') as Value).includes('id-pullmedic-events'),
    );
    expect(held.map((one) => one.at.split('/').at(-1))).toEqual(['dead-letters']);
  });

  it('are subscribed to only once the code is there', () => {
    expect(all('Microsoft.EventGrid/systemTopics/eventSubscriptions', example)).toEqual([]);
    expect(all('Microsoft.EventGrid/systemTopics', example).length).toBeGreaterThan(0);
    expect(readFileSync('infra/main.bicep', 'utf8')).not.toContain('packageUri');
  });
});

describe('system topics, of which Azure allows one for each source', () => {
  const ofSubscription = (one: Deployed): boolean => one.name.endsWith('-resources');
  const topicOf = (one: Deployed): string => one.id.replace(/\/eventSubscriptions\/.*/, '');

  it('of a subscription get no identity unless it is asked for, those of a registry always', () => {
    const topics = all('Microsoft.EventGrid/systemTopics');
    const without = topics.filter((one) => one.body['identity'] === null);

    expect(without).toEqual(topics.filter(ofSubscription));
    expect(without.length).toBe(3);
    const letters = all('Microsoft.EventGrid/systemTopics/eventSubscriptions').filter(
      (one) => properties(one)['deadLetterWithResourceIdentity'] !== null,
    );
    expect(letters.map((one) => topicOf(one).split('-').at(-1))).toEqual(['acrshop', 'acrbar']);
  });

  it('that exist are subscribed to where they are, and nothing else is asked of them', () => {
    const theirs = (name: string): string =>
      `/subscriptions/${own}/resourceGroups/rg-events/providers/Microsoft.EventGrid/systemTopics/${name}`;
    const after = deploy('infra/main.bicep', own, {
      ...full,
      identityOnSubscriptionTopics: true,
      existingTopics: [
        { source: `/subscriptions/${own.toUpperCase()}`, topic: theirs('all-changes') },
        { source: registry(own, 'acrshop').toUpperCase(), topic: theirs('pushes') },
      ],
    });
    const made = all('Microsoft.EventGrid/systemTopics', after);
    const subscribed = all('Microsoft.EventGrid/systemTopics/eventSubscriptions', after);
    const onTheirs = subscribed.filter((one) => one.id.includes('/rg-events/'));

    expect(made.map((one) => one.at.split('/')[2])).toEqual([other, other, hub]);
    expect(onTheirs.map(topicOf)).toEqual([theirs('all-changes'), theirs('all-changes'), theirs('pushes')]);
    expect(onTheirs.map((one) => properties(one)['deadLetterWithResourceIdentity'])).toEqual([null, null, null]);
    expect(subscribed.length).toBe(all('Microsoft.EventGrid/systemTopics/eventSubscriptions').length);
  });

  it('are neither made nor subscribed to for a source that is left alone', () => {
    const withoutEvents = [other.toUpperCase(), registry(own, 'acrshop').toUpperCase()];
    const after = deploy('infra/main.bicep', own, { ...full, withoutEvents });
    const sources = all('Microsoft.EventGrid/systemTopics', after).map((one) => String(properties(one)['source']));

    expect(sources.sort()).toEqual(
      [`/subscriptions/${own}`, registry(other, 'acrbar'), `/subscriptions/${hub}`].sort(),
    );
    expect(
      all('Microsoft.EventGrid/systemTopics/eventSubscriptions', after).filter(
        (one) => !all('Microsoft.EventGrid/systemTopics', after).some((topic) => topic.id === topicOf(one)),
      ),
    ).toEqual([]);
  });
});

describe('alerts', () => {
  const rules = all('Microsoft.Insights/scheduledQueryRules').filter((one) => one.name.includes('pull-failures'));
  const queryOf = (rule: Deployed): string => String(properties(rule)['criteria']?.['allOf']?.[0]?.['query']);

  it('are posted to a route of the bundle that asks for the role of Azure Monitor', () => {
    const receivers = all('Microsoft.Insights/actionGroups')
      .filter((one) => one.name === 'ag-pullmedic')
      .flatMap((one) => properties(one)['webhookReceivers'] as unknown as Record<string, unknown>[]);
    const signed = bundle.functions.find((one) => one.name === 'on-alert-signed');

    expect(receivers.length).toBe(3);
    for (const receiver of receivers) {
      expect(receiver).toMatchObject({
        useAadAuth: true,
        useCommonAlertSchema: true,
        identifierUri: `api://${signInClient}`,
      });
      expect(String(receiver['serviceUri']).split('/api/')[1]).toBe(signed?.trigger['route']);
      expect(String(receiver['serviceUri'])).not.toContain('code=');
    }
    expect(signed?.trigger['methods']).toEqual(['POST']);
  });

  it('watch each generation of the table, and the events of container groups, with a query that Microsoft’s own parser accepts', () => {
    expect(rules.map(queryOf).map((query) => query.split(/\s/)[0])).toEqual([
      'ContainerAppSystemLogs_CL',
      'ContainerAppSystemLogs',
      'ContainerEvent_CL',
    ]);
    expect(rules.map(queryOf).flatMap(complaints)).toEqual([]);
    expect(complaints(queryOf(rules[0] ?? only('none')).replace('Reason_s', 'Raeson_s'))).not.toEqual([]);
  });

  it('tell environments, apps and revisions apart, and revisions not where that is not wanted: Azure bills each combination', () => {
    const asked = deploy('infra/main.bicep', own, { ...full, alertPerRevision: false });
    const perApp = all('Microsoft.Insights/scheduledQueryRules', asked).filter((one) =>
      one.name.includes('pull-failures'),
    );
    expect(perApp.length).toBe(rules.length);
    for (const [index, rule] of [...rules, ...perApp].entries()) {
      const criterion = properties(rule)['criteria']?.['allOf']?.[0] ?? ({} as Body);
      const names = (criterion['dimensions'] as unknown as { name: string; values: string[] }[]).map((one) => [
        one.name,
        ...one.values,
      ]);
      expect(names).toEqual([['Environment', '*'], ['App', '*'], ...(index < rules.length ? [['Revision', '*']] : [])]);
      for (const [name] of names) expect(queryOf(rule)).toMatch(new RegExp(`\\b${name} = `));
      expect(properties(rule)['autoMitigate']).toBe(true);
    }
  });

  it('ask for the same apps, reasons and texts in both tables', () => {
    const where = (query: string): string => query.slice(query.indexOf('| where')).replace(/\s+/g, ' ').trim();

    expect(where(queryOf(rules[0] ?? only('none')))).toBe(where(queryOf(rules[1] ?? only('none'))));
  });

  const row = (reason: string, type: string, log: string): Record<string, string | Date> => ({
    TimeGenerated: new Date('2026-01-01T00:00:00Z'),
    ContainerAppName: /^(?:job|nothing) /.test(log) ? '' : 'ca-orders',
    JobName: log.startsWith('job ') ? 'job-nightly' : '',
    RevisionName: 'ca-orders--1',
    ReplicaName: 'r',
    EnvironmentName: 'env',
    Reason: reason,
    Type: type,
    Log: log,
  });

  it.each([
    ['ImagePullUnauthorized', 'Normal', 'Container pull image failed with unauthorized error.', 1],
    [
      'ContainerTerminated',
      'Warning',
      "Container 'a' was terminated with exit code '' and reason 'ImagePullFailure'",
      1,
    ],
    [
      'FetchingKeyVaultSecretFailed',
      'Warning',
      "Failed to construct registry secret for registry 'acrshop.azurecr.io'",
      1,
    ],
    ['ErrImagePull', 'Error', 'x', 1],
    ['Failed', 'Warning', "Failed to pull image 'acrshop.azurecr.io/orders:v1'", 1],
    ['Error', 'Warning', 'Persistent Image Pull Errors for image acrshop.azurecr.io/orders:v1', 1],
    ['ErrImagePull', 'Error', 'job without an app', 1],
    ['ErrImagePull', 'Error', 'nothing names an app or a job', 0],
    ['Failed', 'Warning', 'Failed to pull a secret', 0],
    ['ContainerTerminated', 'Warning', "Container 'a' was terminated with exit code '1' and reason 'ProcessExited'", 0],
    ['PulledImage', 'Normal', "Successfully pulled image 'acrshop.azurecr.io/orders:v1'", 0],
    ['ProbeFailed', 'Warning', 'Probe of Liveness failed', 0],
  ])('row %s of type %s is seen or not, by its reason and text alone: %s', (reason, type, log, count) => {
    const columns = Object.keys(row('', '', ''));
    const answer = runKql(queryOf(rules[1] ?? only('none')), {
      table: (name) => (name === 'ContainerAppSystemLogs' ? { columns, rows: [row(reason, type, log)] } : undefined),
      nowMs: 0,
    });

    expect(answer.rows.length).toBe(count);
  });

  it.each([
    ['Failed', 'Failed to pull image "acrshop.azurecr.io/orders:v1": rpc error: code = Unknown', 1],
    ['BackOff', 'Back-off pulling image "acrshop.azurecr.io/orders:v1"', 1],
    ['BackOff', 'Back-off restarting failed container', 0],
    ['Pulled', 'Successfully pulled image "acrshop.azurecr.io/orders:v1"', 0],
    ['Failed', 'Error: failed to start container', 0],
  ])('event %s of a container group is seen or not, by its text: %s', (reason, message, count) => {
    const event = {
      TimeGenerated: new Date('2026-01-01T00:00:00Z'),
      ContainerGroup_s: 'aci-orders',
      ContainerName_s: 'orders',
      Reason_s: reason,
      Message: message,
    };
    const answer = runKql(queryOf(rules[2] ?? only('none')), {
      table: (name) => (name === 'ContainerEvent_CL' ? { columns: Object.keys(event), rows: [event] } : undefined),
      nowMs: 0,
    });

    expect(answer.rows.map((one) => [one['App'], one['Revision']])).toEqual(
      Array.from({ length: count }, () => ['group/aci-orders', 'orders']),
    );
  });

  it('name a job as the app reads it from the dimensions', () => {
    const answer = runKql(queryOf(rules[1] ?? only('none')), {
      table: () => ({ columns: Object.keys(row('', '', '')), rows: [row('ErrImagePull', 'Error', 'job x')] }),
      nowMs: 0,
    });
    const name = String(answer.rows[0]?.['App']);

    expect(aboutOf([{ name: 'App', value: name }])).toEqual({ kind: 'app-name', name: 'job-nightly', workload: 'job' });
  });

  it('fire for a failed write, which leaves no row in any log', () => {
    const conditions = all('Microsoft.Insights/activityLogAlerts')
      .filter((one) => one.name.endsWith('failed-writes'))
      .map((one) => properties(one)['condition']?.['allOf']);

    expect(conditions).toEqual(
      [0, 1].map(() => [
        { field: 'category', equals: 'Administrative' },
        {
          anyOf: [
            { field: 'operationName', equals: 'Microsoft.App/containerApps/write' },
            { field: 'operationName', equals: 'Microsoft.App/jobs/write' },
            { field: 'operationName', equals: 'Microsoft.ContainerInstance/containerGroups/write' },
          ],
        },
        { field: 'status', equals: 'Failed' },
      ]),
    );
  });

  it('that Azure switches off after a week of failures are told to people, wherever rules of pullmedic are', () => {
    const told = all('Microsoft.Insights/activityLogAlerts').filter((one) => one.name.endsWith('rule-disabled'));
    const subscriptionOf = (one: Deployed): string => one.at.split('/')[2] ?? '';
    const withRules = new Set(all('Microsoft.Insights/scheduledQueryRules').map(subscriptionOf));

    expect([...withRules].filter((id) => !told.map(subscriptionOf).includes(id))).toEqual([]);
    for (const one of told) {
      const { condition, actions, scopes } = properties(one);
      const conditions = condition?.['allOf'] as unknown as { field: string; equals: string }[];
      const equals = Object.fromEntries(conditions.map(({ field, equals: value }) => [field, value]));
      expect(operations.has(equals['operationName']?.toLowerCase() ?? '')).toBe(true);
      expect(equals['operationName']).toBe('Microsoft.Insights/ScheduledQueryRules/disable/action');
      expect(equals['resourceGroup']).toBe('rg-pullmedic');
      expect(scopes).toEqual([`/subscriptions/${subscriptionOf(one)}`]);
      const [group] = (actions?.['actionGroups'] ?? []) as unknown as { actionGroupId: string }[];
      const people = all('Microsoft.Insights/actionGroups').find((each) => each.id === group?.actionGroupId);
      expect(people?.at.split('/')[2]).toBe(subscriptionOf(one));
      expect(properties(people ?? one)['emailReceivers']).toMatchObject([{ emailAddress: 'on-call@example.com' }]);
    }
  });

  it('of pullmedic itself reach nobody where no address is given, and are made all the same', () => {
    const silent = deploy('infra/main.bicep', own, { ...full, notify: [] });

    expect(all('Microsoft.Insights/actionGroups', silent).filter((one) => one.name.includes('people'))).toEqual([]);
    expect(
      all('Microsoft.Insights/activityLogAlerts', silent).filter((one) => one.name.endsWith('rule-disabled')),
    ).toHaveLength(3);
  });
});

describe('pullmedic itself', () => {
  const rules = all('Microsoft.Insights/scheduledQueryRules').filter((one) => one.name.includes('-self-'));
  const queryOf = (name: string): string =>
    String(
      properties(only('Microsoft.Insights/scheduledQueryRules', new RegExp(`self-${name}$`)))['criteria']?.[
        'allOf'
      ]?.[0]?.['query'],
    );

  it('is watched for silence, poison and a stop, and people learn of it', () => {
    expect(rules.map((one) => one.name)).toEqual([
      'pullmedic-self-heartbeat',
      'pullmedic-self-poison',
      'pullmedic-self-stopped',
    ]);
    const [people] = all('Microsoft.Insights/actionGroups').filter(
      (one) => one.name.includes('people') && one.at.includes(own),
    );
    for (const rule of rules) expect(properties(rule)['actions']).toEqual({ actionGroups: [people?.id] });
  });

  describe('mails incidents where that is asked for', () => {
    const mailed = deploy('infra/main.bicep', own, { ...full, mailIncidents: true });
    const rule = (from: readonly Deployed[]): readonly Deployed[] =>
      all('Microsoft.Insights/scheduledQueryRules', from).filter((one) => one.name.endsWith('incident-mail'));

    it('to the people in notify, with a query that Microsoft’s own parser accepts', () => {
      const [one] = rule(mailed);
      if (one === undefined) throw new Error('no rule');
      const criterion = properties(one)['criteria']?.['allOf']?.[0];
      expect(properties(one)['actions']).toEqual(properties(rules[0] ?? one)['actions']);
      expect(complaints(String(criterion?.['query']))).toEqual([]);
    });

    it('reads the lines that are logged', () => {
      const query = readFileSync('infra/queries/incident-mail.kql', 'utf8');
      const source = readFileSync('src/lib/remediation/membership.ts', 'utf8');
      const words = [...query.matchAll(/event\\":\\"([a-z-]+)/g)].map(([, word]) => word ?? '');
      expect(words).toEqual(['incident-opened', 'incident-closed', 'question']);
      for (const word of words) expect(source).toContain(`ports.log('${word}', {`);
    });

    it('and not otherwise', () => {
      expect(rule(deployed)).toEqual([]);
      expect(rule(deploy('infra/main.bicep', own, { ...full, mailIncidents: true, notify: [] }))).toEqual([]);
    });
  });

  it('is asked with queries that Microsoft’s own parser accepts', () => {
    expect(rules.flatMap((one) => complaints(String(properties(one)['criteria']?.['allOf']?.[0]?.['query'])))).toEqual(
      [],
    );
  });

  it('is asked for what it really says: the timer, the words of the poison queue, the names of the guards', () => {
    const source =
      readFileSync('src/lib/intake/dead-letter.ts', 'utf8') +
      readFileSync('src/lib/decision/change-guards.ts', 'utf8') +
      readFileSync('src/lib/decision/deployment-guards.ts', 'utf8') +
      readFileSync('src/lib/remediation/pass.ts', 'utf8');
    const timer = /OperationName == "([^"]+)"/.exec(queryOf('heartbeat'))?.[1];

    expect(bundle.functions.find((one) => one.name === timer)?.trigger.type.toLowerCase()).toBe('timertrigger');
    const words = [...queryOf('poison').matchAll(/event\\":\\"([a-z-]+)/g)].map(([, word]) => `'${word ?? ''}'`);
    expect(words).toEqual(["'poison-kept'", "'dead-letter'"]);
    for (const word of words) expect(source).toContain(word);
    for (const guard of ['breaker', 'kill-switch']) {
      expect(queryOf('stopped')).toContain(`"${guard}"`);
      expect(source).toContain(`'${guard}'`);
    }
    expect(source).toMatch(/log\('decided', \{[^}]*\brefused\b/s);
  });

  it('has a workbook whose queries are accepted too, and ask for events that are logged', () => {
    const workbook = JSON.parse(String(properties(only('Microsoft.Insights/workbooks'))['serializedData'])) as {
      items: { content: { query?: string } }[];
    };
    const queries = workbook.items.flatMap((item) => item.content.query ?? []);
    const ports = readFileSync('src/lib/ports/ports.ts', 'utf8');
    const events = [...queries.join('\n').matchAll(/Event (?:==|in) \(?((?:"[a-z-]+"(?:, )?)+)/g)].flatMap(([, list]) =>
      [...(list ?? '').matchAll(/"([a-z-]+)"/g)].map(([, name]) => name),
    );

    expect(queries.length).toBeGreaterThan(5);
    expect(queries.flatMap(complaints)).toEqual([]);
    expect(events.length).toBeGreaterThan(5);
    expect(events.filter((name) => !ports.includes(`'${name}'`))).toEqual([]);
  });
});
