// A managed environment as ARM shows it.
import type { Environment } from '../model/apps.ts';
import { shownRegion } from '../model/regions.ts';
import type { Sim } from '../model/sim.ts';
import { defaultDomainOf, verificationId } from './hosts.ts';
import { systemDataOf } from './system-data.ts';

/** An environment as ARM shows it, with the domain below which its apps are. */
export function wireEnvironment(sim: Sim, environment: Environment): unknown {
  const stream = `https://${environment.region}.azurecontainerapps.dev${environment.id.replace('/providers/Microsoft.App', '')}`;
  return {
    id: environment.id,
    name: environment.name,
    type: 'Microsoft.App/managedEnvironments',
    location: shownRegion(environment.region),
    systemData: systemDataOf(sim, undefined),
    ...identityOf(sim, environment),
    properties: {
      provisioningState: 'Succeeded',
      daprAIInstrumentationKey: null,
      daprAIConnectionString: null,
      vnetConfiguration: vnetOf(environment),
      defaultDomain: defaultDomainOf(environment),
      staticIp: '20.42.33.145',
      appLogsConfiguration: logsOf(environment),
      openTelemetryConfiguration: null,
      zoneRedundant: false,
      availabilityZones: null,
      environmentMode: environment.express ? 'Express' : 'WorkloadProfiles',
      kedaConfiguration: { version: '2.16.1' },
      daprConfiguration: { version: '1.13.6-msft.2' },
      ingressConfiguration: null,
      eventStreamEndpoint: `${stream}/eventstream`,
      customDomainConfiguration: {
        customDomainVerificationId: verificationId,
        dnsSuffix: null,
        certificateKeyVaultProperties: null,
        certificateValue: null,
        certificatePassword: null,
        thumbprint: null,
        subjectName: null,
        expirationDate: null,
      },
      workloadProfiles: environment.express
        ? null
        : [{ workloadProfileType: 'Consumption', name: 'Consumption', enableFips: false }],
      appInsightsConfiguration: null,
      infrastructureResourceGroup: null,
      peerAuthentication: { mtls: { enabled: false } },
      peerTrafficConfiguration: { encryption: { enabled: false } },
      publicNetworkAccess: 'Enabled',
      diskEncryptionConfiguration: null,
    },
  };
}

function identityOf(sim: Sim, { principalId }: Environment): { readonly identity?: unknown } {
  return principalId === undefined
    ? {}
    : { identity: { type: 'SystemAssigned', principalId, tenantId: sim.world.tenant } };
}

/** An environment that sends its logs nowhere says null for both members (as recorded). */
function logsOf({ logs, workspaceId }: Environment): unknown {
  switch (logs) {
    case 'log-analytics':
      return {
        destination: 'log-analytics',
        logAnalyticsConfiguration: { customerId: workspaceId, sharedKey: null, dynamicJsonColumns: false },
      };
    case 'azure-monitor':
      return { destination: 'azure-monitor', logAnalyticsConfiguration: null };
    case 'none':
      return { destination: null, logAnalyticsConfiguration: null };
  }
}

function vnetOf({ vnetId, subnet }: Environment): unknown {
  return vnetId === undefined
    ? null
    : {
        internal: false,
        infrastructureSubnetId: `${vnetId}/subnets/${subnet}`,
        dockerBridgeCidr: null,
        platformReservedCidr: null,
        platformReservedDnsIP: null,
      };
}
