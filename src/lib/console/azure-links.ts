// Links from a page to the Azure portal: the app and its logs, the registry and its role assignments, and what the cause depends on. Nothing is read
// from these addresses, and an id from a history leads to the portal only where it reads as an ARM id.

import type { Diagnosis } from '../history/diagnosis.ts';
import { type ArmId, nameOf, parseArmId } from '../words/arm-id.ts';
import type { Cloud } from '../words/cloud.ts';
import { sayFor } from '../workloads/sentences.ts';

export interface AzureLink {
  readonly text: string;
  readonly url: string;
}

/** What a page knows of a remediation's resources. */
export interface Resources {
  readonly appId: ArmId;
  readonly registryId?: ArmId;
  readonly environmentId?: ArmId;
  readonly diagnosis?: Diagnosis;
}

/** The links, each resource once. */
export function azureLinks(cloud: Cloud, resources: Resources): readonly AzureLink[] {
  const { appId, registryId, environmentId, diagnosis } = resources;
  const of = (id: ArmId, text: string, blade = 'overview'): AzureLink => ({
    text,
    url: portalAddress(cloud, id, blade),
  });
  const named = new Set<string>([appId, registryId ?? '', environmentId ?? '']);
  const others = Object.values(diagnosis?.detail ?? {})
    .map(parseArmId)
    .filter((id) => id !== undefined)
    .filter((id) => !named.has(id) && named.add(id));
  return [
    of(appId, `${sayFor(appId, 'App')} ${nameOf(appId)}`),
    of(appId, sayFor(appId, 'Logs of the app'), 'logs'),
    of(appId, sayFor(appId, 'Activity Log of the app'), 'eventlogs'),
    ...(environmentId === undefined ? [] : [of(environmentId, `Environment ${nameOf(environmentId)}`)]),
    ...(registryId === undefined
      ? []
      : [
          of(registryId, `Registry ${nameOf(registryId)}`),
          of(registryId, 'Role assignments of the registry', 'users'),
          of(registryId, 'Network of the registry', 'networkAccess'),
        ]),
    ...others.map((id) => of(id, nameOf(id))),
  ];
}

/** Where each cloud has its portal. Source: Microsoft Learn, "Allow the Azure portal URLs on your firewall or proxy server". */
const portals: Readonly<Record<Cloud, string>> = {
  public: 'https://portal.azure.com',
  china: 'https://portal.azure.cn',
  usgovernment: 'https://portal.azure.us',
};

/** The names of the blades are in docs/unverified.md: a wrong one opens the overview of the resource. */
function portalAddress(cloud: Cloud, id: ArmId, blade: string): string {
  return `${portals[cloud]}/#resource${id.split('/').map(encodeURIComponent).join('/')}/${blade}`;
}
