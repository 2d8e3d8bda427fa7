// The Activity Log: whole or unreadable, read with our own address, and every name in it is untrusted.
import { describe, expect, it } from 'vitest';
import { readChanges, readRemovals, readWrites } from '../../../../src/lib/azure/facts/activity-log.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { appId, nowMs, principal, registry, registryId } from '../../facts.ts';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';

const named = (value: string): { value: string } => ({ value });

function entry(operation: string, status: string, more: object = {}): object {
  return {
    eventTimestamp: '2026-06-01T01:00:00Z',
    operationName: named(operation),
    status: named(status),
    ...more,
  };
}

const page = (...value: object[]): object => ({ value });

describe('writes of an app', () => {
  it('that failed are log rows, oldest first; others are left out', async () => {
    const write = 'Microsoft.App/containerApps/write';
    const later = { eventTimestamp: '2026-06-01T01:30:00Z', properties: { statusMessage: 'two' } };
    const { clients, asked } = alwaysAnswering(
      page(
        entry(write, 'Failed', later),
        entry(write, 'Failed', { properties: { statusMessage: 'one' } }),
        entry(write, 'Succeeded'),
        entry('Microsoft.App/containerApps/delete', 'Failed'),
      ),
    );
    const fact = await readWrites(clients, appId, nowMs);

    expect(fact).toMatchObject({
      value: [
        { text: 'one', reason: 'ContainerAppOperationError' },
        { text: 'two', atMs: Date.parse(later.eventTimestamp) },
      ],
    });
    expect(asked[0]?.query.get('$filter')).toContain(`resourceUri eq '${appId}'`);
  });
});

describe('a log of several pages', () => {
  it('is read to its end at our own address: only the token of the link is used', async () => {
    const { clients, asked } = clientsOver(({ query }) => ({
      body: query.has('$skiptoken') ? page() : { ...page(), nextLink: 'https://evil.example/?%24skipToken=t1' },
    }));

    expect(await readWrites(clients, appId, nowMs)).toEqual(known([]));
    expect(asked.map(({ host, query }) => [host, query.get('$skiptoken')])).toEqual([
      ['management.azure.com', null],
      ['management.azure.com', 't1'],
    ]);
  });

  it.each([
    ['never ends', 'https://x.example/?$skiptoken=t', 10],
    ['has a link without a token', 'https://x.example/', 1],
  ])('that %s is unreadable', async (_, nextLink, requests) => {
    const { clients, asked } = alwaysAnswering({ ...page(), nextLink });

    expect(await readWrites(clients, appId, nowMs)).toEqual(unreadable('unexpected-answer'));
    expect(asked).toHaveLength(requests);
  });
});

describe('removals of roles', () => {
  it('are read of the last seven days exactly', async () => {
    const { clients, asked } = alwaysAnswering(page());
    await readRemovals(clients, registry, nowMs);

    const since = new Date(nowMs - 7 * 24 * 60 * 60_000).toISOString();
    expect(asked.map(({ query }) => query.get('$filter'))).toEqual([
      expect.stringContaining(`eventTimestamp ge '${since}'`),
    ]);
  });
});

describe('a log that may not be read', () => {
  it('is unreadable, not empty', async () => {
    expect(await readChanges(alwaysAnswering({}, 403).clients, registry, nowMs)).toEqual(unreadable('forbidden'));
  });
});

describe('who changed the registry', () => {
  it('is a name of usual characters and length', async () => {
    const write = 'Microsoft.ContainerRegistry/registries/write';
    const { clients } = alwaysAnswering(
      page(entry(write, 'Succeeded', { caller: `a<b>@c.example${'x'.repeat(200)}` }), entry(write, 'Started')),
    );
    const fact = await readChanges(clients, registry, nowMs);

    expect(fact.read && fact.value.map(({ by }) => by)).toEqual([`a b @c.example${'x'.repeat(86)}`]);
  });
});

describe('a role that was removed', () => {
  const remove = 'Microsoft.Authorization/roleAssignments/delete';
  const resourceId = `${registryId}/providers/Microsoft.Authorization/roleAssignments/b1`;

  it('names its scope, its principal and who removed it', async () => {
    const responseBody = JSON.stringify({ properties: { principalId: principal.toUpperCase() } });
    const { clients } = alwaysAnswering(
      page(entry(remove, 'Succeeded', { caller: 'mallory', resourceId, properties: { responseBody } })),
    );

    expect(await readRemovals(clients, registry, nowMs)).toMatchObject({
      value: [{ scope: registryId, principalId: principal, by: 'mallory' }],
    });
  });

  const removed = (resource: string | undefined, properties: object): ReturnType<typeof clientsOver>['clients'] =>
    alwaysAnswering(page(entry(remove, 'Succeeded', { resourceId: resource, properties }))).clients;
  const body = (principalType?: string): object => ({
    responseBody: JSON.stringify({ properties: { principalId: principal, principalType } }),
  });

  it.each([
    ['a management group', '/providers/Microsoft.Management/managementGroups/mg-root', ''],
    ['the whole directory', '/', ''],
    ['something that has no name', '/', undefined],
    ['a scope that is not known', '/', '/providers/Microsoft.Elsewhere/things/one'],
  ])('on %s is kept: it may be above the registry', async (_, scope, above = scope) => {
    const resource =
      above === undefined
        ? undefined
        : `${above === '/' ? '' : above || scope}/providers/Microsoft.Authorization/roleAssignments/b1`;
    const fact = await readRemovals(removed(resource, body('ServicePrincipal')), registry, nowMs);

    expect(fact).toMatchObject({ value: [{ scope: scope.toLowerCase(), principalId: principal }] });
  });

  it('on another resource that cannot be read is left out', async () => {
    const resource = `/subscriptions/5f0c/resourceGroups/rg one/providers/Microsoft.Authorization/roleAssignments/b1`;

    expect(await readRemovals(removed(resource, body()), registry, nowMs)).toEqual(known([]));
  });

  it.each([
    ['ServicePrincipal', false],
    ['User', false],
    ['Group', true],
    ['ForeignGroup', true],
    [undefined, true],
  ])('from a principal of the type %s may be one of a group: %s', async (type, maybe) => {
    const fact = await readRemovals(removed(resourceId, body(type)), registry, nowMs);

    expect(fact.read && fact.value.map(({ mayBeGroup = false }) => mayBeGroup)).toEqual([maybe]);
  });

  it('with the resource that it was on names its principal without dashes, and no type', async () => {
    const properties = { principalId: principal.replaceAll('-', ''), scope: registryId };
    const fact = await readRemovals(removed(resourceId, properties), registry, nowMs);

    expect(fact).toMatchObject({ value: [{ principalId: principal, mayBeGroup: true }] });
  });

  it.each([undefined, 'not JSON', '{"properties":{}}', 5])('has no principal if the log holds %j', async (body) => {
    const { clients } = alwaysAnswering(
      page(entry(remove, 'Succeeded', { resourceId, properties: { responseBody: body } })),
    );
    const fact = await readRemovals(clients, registry, nowMs);

    expect(fact.read && fact.value.map((one) => 'principalId' in one)).toEqual([false]);
  });
});
