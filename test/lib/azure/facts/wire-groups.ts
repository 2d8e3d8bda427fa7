// Container groups in the shape of recorded answers (azure-cli's tests, api versions 2018-10-01 to 2023-05-01), with made-up names.
import { groupId, identityId, image, principal } from '../../facts.ts';

export const earlier = '2026-06-01T01:00:00Z';
export const firstTry = '2026-06-01T01:50:00Z';
export const lastTry = '2026-06-01T01:58:00Z';

export interface WireEventGiven {
  readonly name: string;
  readonly message: string;
  readonly first?: string;
  readonly last?: string;
  readonly type?: string;
}

export const refusal = `Failed to pull image "${image}": rpc error: code = Unknown desc = Error response from daemon: unauthorized: authentication required`;

export const pulling: WireEventGiven = { name: 'Pulling', message: `pulling image "${image}"` };
export const failed: WireEventGiven = { name: 'Failed', message: refusal, type: 'Warning' };
export const backOff: WireEventGiven = { name: 'BackOff', message: `Back-off pulling image "${image}"` };
export const pulled: WireEventGiven = { name: 'Pulled', message: `Successfully pulled image "${image}"` };

function wireEvent({ name, message, first = firstTry, last = lastTry, type = 'Normal' }: WireEventGiven): object {
  return { count: 2, firstTimestamp: first, lastTimestamp: last, name, message, type };
}

/** A container. `state` is its current state; without one, the answer has no instance view. */
export function container(state: object | undefined, events: readonly WireEventGiven[], name = 'app'): object {
  const view = { restartCount: 0, currentState: state, events: events.map(wireEvent) };
  return { name, properties: { image, ports: [], ...(state === undefined ? {} : { instanceView: view }) } };
}

export const waiting = { state: 'Waiting', detailStatus: '' };
export const running = { state: 'Running', startTime: lastTry, detailStatus: '' };
export const crashing = { state: 'Waiting', detailStatus: 'CrashLoopBackOff: Back-off 10s restarting failed' };
export const exited = {
  state: 'Terminated',
  startTime: firstTry,
  exitCode: 2,
  finishTime: lastTry,
  detailStatus: 'Error',
};

/** A group with these containers. */
export function wireGroup(containers: readonly object[], properties: object = {}): object {
  return {
    id: groupId,
    name: 'cg-orders',
    type: 'Microsoft.ContainerInstance/containerGroups',
    location: 'westeurope',
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: { [identityId]: { principalId: principal, clientId: principal } },
    },
    properties: {
      sku: 'Standard',
      provisioningState: 'Succeeded',
      restartPolicy: 'Always',
      osType: 'Linux',
      containers,
      initContainers: [],
      imageRegistryCredentials: [{ server: 'acrshop.azurecr.io', identity: identityId }],
      instanceView: { events: [], state: 'Running' },
      ...properties,
    },
  };
}
