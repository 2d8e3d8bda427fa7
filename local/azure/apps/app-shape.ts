// A container app as ARM shows it, with the members, the spelling and the order of types that the real service was recorded with.
import type { Row } from '../kql/values.ts';
import type { App, Container, RegistryEntry } from '../model/apps.ts';
import { hostOf } from '../model/images.ts';
import { shownRegion } from '../model/regions.ts';
import { regionOf, type Sim } from '../model/sim.ts';
import { streamAt, verificationId } from './hosts.ts';
import { systemDataOf } from './system-data.ts';

/** An app as ARM shows it. The service writes `containerapps` in its own id and `containerApps` everywhere else. */
export function wireApp(sim: Sim, app: App): unknown {
  const latest = app.revisions.at(-1);
  const ready = app.revisions.findLast((revision) => revision.wasReady);
  const environment = sim.environments.get(app.environment);
  const failed = app.provisioningState === 'Failed' ? app.writeError : undefined;
  return {
    id: app.id.replace('/containerApps/', '/containerapps/'),
    name: app.name,
    type: 'Microsoft.App/containerApps',
    location: shownRegion(regionOf(sim, app)),
    systemData: systemDataOf(sim, failed?.atMs ?? latest?.createdMs, lastWriterOf(sim, app)),
    properties: {
      provisioningState: app.provisioningState,
      ...(latest === undefined ? {} : { runningStatus: 'Running' }),
      managedEnvironmentId: environment?.id,
      environmentId: environment?.id,
      workloadProfileName: environment?.express === true ? null : 'Consumption',
      outboundIpAddresses: environment === undefined ? null : [environment.egressIp],
      ...(latest === undefined ? {} : { latestRevisionName: latest.name }),
      ...(ready === undefined ? {} : { latestReadyRevisionName: ready.name }),
      // Empty for an app without ingress, as all of these are.
      latestRevisionFqdn: '',
      customDomainVerificationId: verificationId,
      configuration: configurationOf(sim, app),
      template: appTemplateOf(app, latest?.suffix ?? ''),
      eventStreamEndpoint: `${streamAt(sim, app)}/eventstream`,
      delegatedIdentities: [],
      ...(failed === undefined ? {} : { deploymentErrors: failed.message }),
      ...(app.outbound === undefined
        ? {}
        : { networking: { outboundVnetSubnetId: `${app.outbound.vnetId}/subnets/${app.outbound.subnet}` } }),
    },
    identity: identityOf(sim, app),
  };
}

/** pullmedic where the latest revision is the one that a PATCH of it made. Nothing else writes an app by an operation here. */
function lastWriterOf(sim: Sim, { name, revisions }: App): 'person' | 'pullmedic' {
  const madeMs = revisions.at(-1)?.createdMs;
  return sim.operations.some(({ app, endMs }) => app === name && endMs === madeMs) ? 'pullmedic' : 'person';
}

/** The identities of an app. The separator is as recorded, with a space. */
export function identityOf(sim: Sim, app: App): Row {
  const users = userIdentitiesOf(sim, app);
  const types = [
    ...(app.systemPrincipalId === undefined ? [] : ['SystemAssigned']),
    ...(Object.keys(users).length === 0 ? [] : ['UserAssigned']),
  ];
  return {
    type: types.join(', ') || 'None',
    ...(app.systemPrincipalId === undefined ? {} : { principalId: app.systemPrincipalId, tenantId: sim.world.tenant }),
    ...(Object.keys(users).length === 0 ? {} : { userAssignedIdentities: users }),
  };
}

/** User-assigned identities as a resource that holds them shows them: each id once, with its principal and its client. */
export function shownIdentities(sim: Sim, names: readonly (string | undefined)[]): Record<string, Row> {
  const held = [...new Set(names)].flatMap((name) => (name === undefined ? [] : (sim.identities.get(name) ?? [])));
  // The real service changes the case of this segment.
  return Object.fromEntries(
    held.map(({ id, principalId, clientId }) => [
      id.replace('resourceGroups', 'resourcegroups'),
      { principalId, clientId },
    ]),
  );
}

/** User-assigned identities of the app; one that was deleted keeps its place here. */
function userIdentitiesOf(sim: Sim, app: App): Record<string, Row> {
  const entries = (app.registries ?? []).map((entry) => entry.identity);
  const pulling = app.pullIdentityAssigned ? [app.pullIdentity, ...entries] : [];
  return shownIdentities(sim, [...pulling, ...app.identities]);
}

/** The members of a configuration that apps and jobs have in common. */
export function configuredOf(sim: Sim, app: App): { readonly secrets: unknown; readonly registries: unknown } {
  return {
    secrets: app.secrets.length === 0 ? null : app.secrets.map((secret) => secretOf(sim, secret)),
    registries: orNull(registriesOf(sim, app)),
  };
}

function configurationOf(sim: Sim, app: App): unknown {
  const { secrets, registries } = configuredOf(sim, app);
  return {
    secrets,
    activeRevisionsMode: app.revisionMode,
    targetLabel: '',
    ingress: null,
    registries,
    identitySettings: [],
    dapr: null,
    runtime: null,
    maxInactiveRevisions: 100,
    service: null,
  };
}

/** A secret without its value; one of Key Vault with its address and the identity that reads it. */
function secretOf(sim: Sim, { name, keyVault }: App['secrets'][number]): unknown {
  if (keyVault === undefined) return { name };
  const identity = sim.identities.get(keyVault.identity)?.id ?? 'System';
  return { name, keyVaultUrl: `https://${keyVault.vault}.vault.azure.net/secrets/${name}`, identity };
}

/** The service writes null for a list without items. */
function orNull<T>(items: readonly T[]): readonly T[] | null {
  return items.length === 0 ? null : items;
}

function registriesOf(sim: Sim, app: App): unknown[] {
  const { pullIdentity } = app;
  const known = new Set([...sim.registries.values()].flatMap(({ hosts }) => hosts));
  const used = [...new Set(app.containers.map(({ image }) => hostOf(image)))].filter((host) => known.has(host));
  const declared =
    app.registries ?? (pullIdentity === undefined ? [] : used.map((server) => ({ server, identity: pullIdentity })));
  // Recorded entries of jobs have the id of an identity in this spelling.
  const spelled = (id: string): string =>
    app.job === undefined ? id : id.replace('/resourceGroups/', '/resourcegroups/');
  return declared.map(({ server, identity = '', username, passwordSecretRef }: RegistryEntry) => ({
    server,
    username: username ?? '',
    passwordSecretRef: passwordSecretRef ?? '',
    identity: spelled(sim.identities.get(identity)?.id ?? identity),
  }));
}

/** The containers of a template. */
export function templateOf({ containers }: Pick<App, 'containers'>): {
  readonly containers: unknown;
  readonly initContainers: unknown;
} {
  const inits = containers.filter((container) => container.init);
  return {
    containers: containers.filter((container) => !container.init).map(containerOf),
    initContainers: orNull(inits.map(initContainerOf)),
  };
}

function appTemplateOf(app: App, revisionSuffix: string): unknown {
  return {
    revisionSuffix,
    terminationGracePeriodSeconds: null,
    ...templateOf(app),
    scale: { minReplicas: app.minReplicas, maxReplicas: 10, cooldownPeriod: 300, pollingInterval: 30, rules: null },
    volumes: null,
    serviceBinds: null,
  };
}

function containerOf({ name, image }: Container): Readonly<Record<string, unknown>> {
  return {
    image,
    imageType: 'ContainerImage',
    name,
    resources: { cpu: 0.5, memory: '1Gi', ephemeralStorage: '2Gi' },
  };
}

function initContainerOf({ name, image }: Container): unknown {
  return {
    image,
    name,
    command: ['/bin/sh'],
    args: ['-c', 'echo ready'],
    resources: { cpu: 0.5, memory: '1Gi', ephemeralStorage: '2Gi' },
    volumeMounts: [],
  };
}
