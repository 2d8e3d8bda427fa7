// The app and its parts: what the wire leaves out gets one spelling, and what cannot be read is not "none".
import { describe, expect, it } from 'vitest';
import { readApp, readEnvironment, readReplicas, readRevisions } from '../../../../src/lib/azure/facts/app-facts.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { appId, environmentId, image, nowMs, revision, roleMissing, target, vnetId } from '../../facts.ts';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';

const wireApp = (properties: object, more: object = {}): object => ({
  id: appId,
  location: 'westeurope',
  properties: { template: { containers: [{ name: 'app', image }] }, ...properties },
  ...more,
});

async function appOf(properties: object): Promise<unknown> {
  const fact = await readApp(alwaysAnswering(wireApp(properties)).clients, target);
  return fact.read ? fact.value : fact.why;
}

describe('an app', () => {
  it('has the images of init containers too, and its registries in lower case', async () => {
    const template = { containers: [{ image }], initContainers: [{ image: 'init:v1' }] };
    const configuration = { registries: [{ server: 'ACRSHOP.azurecr.io', identity: '', username: 'u' }] };

    expect(await appOf({ template, configuration })).toMatchObject({
      images: [image, 'init:v1'],
      registries: [{ server: 'acrshop.azurecr.io', username: 'u' }],
    });
  });

  it('that is not there is gone; one that may not be read is unreadable', async () => {
    expect(await readApp(clientsOver(() => undefined).clients, target)).toEqual(known('gone'));
    expect(await readApp(alwaysAnswering({}, 403).clients, target)).toEqual(unreadable('forbidden'));
  });

  it.each([
    [{}, 'latest'],
    [{ ingress: { traffic: [{ latestRevision: true, weight: 100 }] } }, 'latest'],
    [{ ingress: { traffic: [{ latestRevision: true, label: 'blue' }] } }, 'pinned'],
    [{ ingress: { traffic: [{ revisionName: 'a', weight: 100 }] } }, 'pinned'],
    [{ activeRevisionsMode: 'Multiple' }, 'several-revisions'],
  ])('with the configuration %j has the traffic %s', async (configuration, traffic) => {
    expect(await appOf({ configuration })).toMatchObject({ traffic });
  });

  it('has one template, whatever the order of its members and its suffix', async () => {
    const one = (await appOf({
      template: { a: 1, containers: [{ image, name: 'x' }], revisionSuffix: 'r1' },
    })) as object;
    const two = (await appOf({ template: { containers: [{ name: 'x', image }], a: 1 } })) as object;
    const other = (await appOf({ template: { containers: [{ name: 'y', image }], a: 1 } })) as object;

    expect('template' in one && 'template' in two && one.template === two.template).toBe(true);
    expect(other).not.toMatchObject({ template: 'template' in one ? one.template : '' });
  });
});

const wireRevision = { name: 'r1', properties: { active: true, template: { containers: [{ name: 'app', image }] } } };

/** Inactive revisions, the oldest first. Azure keeps up to a hundred of them by default. */
const inactive = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `old-${index}`,
    properties: { active: false, createdTime: new Date(nowMs + index * 1000).toISOString(), template: {} },
  }));

describe('revisions', () => {
  it('keep the description of their state, cut to its beginning', async () => {
    const properties = { ...wireRevision.properties, runningStateDetails: 'x'.repeat(2000) };
    const fact = await readRevisions(alwaysAnswering({ value: [{ name: 'r1', properties }] }).clients, target);

    expect(fact).toMatchObject({ value: [{ name: 'r1', active: true, images: [image], details: 'x'.repeat(1000) }] });
  });

  it('are read on every page at our own address: the active one may stand on the last', async () => {
    const { clients, asked } = clientsOver(({ query }) => ({
      body: query.has('$skipToken')
        ? { value: [wireRevision] }
        : { value: inactive(3), nextLink: 'https://evil.example/x?api-version=9&$skipToken=t1' },
    }));

    expect(await readRevisions(clients, target)).toMatchObject({ value: [{}, {}, {}, { name: 'r1', active: true }] });
    expect(asked.map(({ host, query }) => [host, query.get('api-version'), query.get('$skipToken')])).toEqual([
      ['management.azure.com', '2026-01-01', null],
      ['management.azure.com', '2026-01-01', 't1'],
    ]);
  });

  it('are all the active ones and the newest inactive ones: a history cannot store four hundred', async () => {
    const fact = await readRevisions(alwaysAnswering({ value: [...inactive(400), wireRevision] }).clients, target);
    const names = fact.read ? fact.value.map(({ name }) => name) : [];

    expect(names).toHaveLength(21);
    expect(names).toContain('r1');
    expect(names).toContain('old-399');
    expect(names).not.toContain('old-379');
  });

  it.each([
    ['without a list', {}, 'unexpected-answer', 1],
    ['followed by a link without a token', { value: [], nextLink: 'https://evil.example/' }, 'unexpected-answer', 1],
    ['without an end', { value: [], nextLink: 'https://x.example/?$skipToken=t' }, 'list-too-long', 10],
  ] as const)('that are %s are unreadable', async (_, body, why, requests) => {
    const { clients, asked } = alwaysAnswering(body);

    expect(await readRevisions(clients, target)).toEqual(unreadable(why));
    expect(asked).toHaveLength(requests);
  });
});

describe('replicas', () => {
  it('are not asked for before the revisions are known', async () => {
    const { clients, asked } = alwaysAnswering({ value: [] });

    expect(await readReplicas(clients, target, { atMs: nowMs })).toEqual(unreadable('not-asked'));
    expect(asked).toEqual([]);
  });

  it('have an init container that ended as ready: its image was pulled', async () => {
    const init = { name: 'init', ready: false, runningState: 'Terminated' };
    const main = { name: 'app', ready: false, runningState: 'Terminated' };
    const body = { value: [{ name: 'a', properties: { initContainers: [init], containers: [main] } }] };
    const fact = await readReplicas(alwaysAnswering(body).clients, target, {
      ...roleMissing,
      revisions: known([revision]),
    });

    expect(fact).toMatchObject({
      value: [
        {
          containers: [
            { name: 'init', ready: true, image },
            { name: 'app', ready: false },
          ],
        },
      ],
    });
  });
});

describe('an environment', () => {
  it.each([
    [{ destination: 'azure-monitor' }, { kind: 'resource' }],
    [
      { destination: 'log-analytics', logAnalyticsConfiguration: { customerId: 'w' } },
      { kind: 'workspace', workspaceId: 'w' },
    ],
    [{ destination: 'log-analytics' }, { kind: 'none' }],
    [{}, { kind: 'none' }],
  ])('with the logs %j is read at their place', async (appLogsConfiguration, logs) => {
    const vnetConfiguration = { infrastructureSubnetId: `${vnetId}/subnets/apps` };
    const body = { id: environmentId, location: 'x', properties: { appLogsConfiguration, vnetConfiguration } };

    expect(await readEnvironment(alwaysAnswering(body).clients, roleMissing)).toMatchObject({
      value: { id: environmentId, logs, subnetId: `${vnetId}/subnets/apps` },
    });
  });

  it.each([
    ['Failed', 'The subnet is too small.', 'The subnet is too small.'],
    ['Succeeded', 'The subnet is too small.', undefined],
    ['Failed', '', undefined],
  ])('in the state %s with the text “%s” has the error %j', async (provisioningState, deploymentErrors, error) => {
    const body = { id: environmentId, location: 'x', properties: { provisioningState, deploymentErrors } };
    const fact = await readEnvironment(alwaysAnswering(body).clients, roleMissing);

    expect(fact.read && fact.value !== 'gone' && fact.value.deploymentError).toBe(error);
  });
});
