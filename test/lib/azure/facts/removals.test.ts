// Removed roles: who lost one where, and a log that automation fills all day, which several reads cover together.
import { describe, expect, it } from 'vitest';
import { readRemovals } from '../../../../src/lib/azure/facts/removals.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { minute, nowMs, principal, registry, registryId } from '../../facts.ts';
import { type AskedAzure, alwaysAnswering, type ClientsOver, clientsOver } from '../clients-over.ts';
import { entry, page } from './log-pages.ts';

const hour = 60 * minute;
const week = 7 * 24 * hour;

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

/** Entries of a recorded page: 171 to 200 (azure-cli, tests of role assignments, 2020). */
const pageSize = 200;

/** A log with an entry at each of these instants; those in `removedAtMs` are removals of a role on the registry. */
function busyLog(instants: () => readonly number[], removedAtMs: readonly number[]): ClientsOver {
  const clause = ({ query }: AskedAzure, operator: string): number =>
    Date.parse(new RegExp(`eventTimestamp ${operator} '([^']+)'`).exec(query.get('$filter') ?? '')?.[1] ?? '');
  return clientsOver((asked) => {
    const found = instants()
      .filter((at) => at >= clause(asked, 'ge') && at <= clause(asked, 'le'))
      .toSorted((a, b) => b - a);
    const from = Number(asked.query.get('$skiptoken') ?? 0);
    const value = found.slice(from, from + pageSize).map((at) =>
      entry(`Microsoft.Authorization/roleAssignments/${removedAtMs.includes(at) ? 'delete' : 'write'}`, 'Succeeded', {
        eventTimestamp: new Date(at).toISOString(),
        resourceId: `${registryId}/providers/Microsoft.Authorization/roleAssignments/b1`,
        properties: { principalId: principal.replaceAll('-', '') },
      }),
    );
    const next = from + pageSize;
    const more = next < found.length ? { nextLink: `https://management.azure.com/?$skiptoken=${next}` } : {};
    return { body: { value, ...more } };
  });
}

/** Automation that changes roles all day. Seen: 965 entries in 22 hours, which is one in 82 seconds (the same recordings). */
const allDay = (untilMs: number): number[] =>
  Array.from({ length: Math.floor((week + hour) / 82_000) }, (_, index) => untilMs - index * 82_000);

describe('a log that automation fills all day', () => {
  const longAgo = allDay(nowMs).at(-100) ?? 0;

  it('is covered by several reads: until then it is unreadable for a reason that passes', async () => {
    const { clients, asked } = busyLog(() => allDay(nowMs), [longAgo]);
    const reads: unknown[] = [];
    while (asked.length < 60 && !(reads.at(-1) as { read?: boolean } | undefined)?.read)
      reads.push(await readRemovals(clients, registry, nowMs));

    expect(reads.length).toBeGreaterThan(1);
    expect(reads.length).toBeLessThanOrEqual(4);
    expect(reads[0]).toEqual(unreadable('read-on-later'));
    expect(reads.at(-1)).toMatchObject({ value: [{ atMs: longAgo, principalId: principal }] });
  });

  it('costs one page from then on, and what is new is found', async () => {
    let instants = allDay(nowMs);
    const removed = nowMs + 10 * minute;
    const { clients, asked } = busyLog(() => instants, [longAgo, removed]);
    while (!(await readRemovals(clients, registry, nowMs)).read);
    const before = asked.length;
    instants = [...instants, removed];

    const fact = await readRemovals(clients, registry, removed + minute);

    expect(fact.read && fact.value.map(({ atMs }) => atMs)).toEqual([longAgo, removed]);
    expect(asked.length - before).toBe(1);
  });

  it('that was not read for so long that there is a gap is unreadable again', async () => {
    let untilMs = nowMs;
    const { clients } = busyLog(() => allDay(untilMs), []);
    while (!(await readRemovals(clients, registry, nowMs)).read);
    untilMs = nowMs + 6 * 24 * hour;

    expect(await readRemovals(clients, registry, untilMs)).toEqual(unreadable('read-on-later'));
  });

  it('finds an entry that arrived late', async () => {
    let instants = [nowMs - 90 * minute];
    const late = nowMs - 30 * minute;
    const { clients } = busyLog(() => instants, [late]);
    await readRemovals(clients, registry, nowMs);
    instants = [...instants, late];

    expect(await readRemovals(clients, registry, nowMs + minute)).toMatchObject({ value: [{ atMs: late }] });
  });

  it('that refuses one read is covered as far as before', async () => {
    let refuses = false;
    const { clients } = clientsOver(() => (refuses ? { status: 403, body: {} } : { body: { value: [] } }));
    expect(await readRemovals(clients, registry, nowMs)).toEqual(known([]));
    refuses = true;
    expect(await readRemovals(clients, registry, nowMs + minute)).toEqual(unreadable('forbidden'));
  });

  it('tells of another subscription’s or resource’s role nothing', async () => {
    const resourceId = `${registryId}-two/providers/Microsoft.Authorization/roleAssignments/b1`;
    const { clients } = alwaysAnswering(
      page(entry('Microsoft.Authorization/roleAssignments/delete', 'Succeeded', { resourceId })),
    );

    expect(await readRemovals(clients, registry, nowMs)).toEqual(known([]));
  });
});
