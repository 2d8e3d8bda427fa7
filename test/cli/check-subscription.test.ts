// What a subscription lacks before a deployment, as `az` answers it.
import { describe, expect, it } from 'vitest';
import { checkSubscription, namedOperations } from '../../src/cli/check-subscription.ts';
import type { RunAz } from '../../src/cli/own-token.ts';
import { dataOperations, operations } from '../infra/azure-operations.ts';

const id = '5f0c1d2e-0000-4000-8000-000000000001';
const names = ['App', 'AlertsManagement', 'EventGrid', 'Insights', 'OperationalInsights', 'Web'];

interface World {
  readonly version?: string;
  readonly unregistered?: string;
  readonly unpublished?: string;
  readonly topics?: readonly { readonly id: string; readonly properties: { readonly source: string } }[];
  readonly destination?: string | null;
  readonly fails?: string;
}

/** A subscription in which nothing is missing, but for what the test says. */
function azOf({
  version = '2.68.0',
  unregistered,
  unpublished,
  topics = [],
  destination = 'log-analytics',
  fails,
}: World): RunAz {
  return async (args) => {
    const line = args.join(' ');
    if (fails !== undefined && line.includes(fails)) throw new Error('secret text of az');
    return JSON.stringify(answer(line));
  };
  function answer(line: string): unknown {
    if (line.startsWith('version')) return { 'azure-cli': version };
    if (line.startsWith('account show')) return { id };
    if (line.includes('/systemTopics?')) return { value: topics };
    if (line.includes('/managedEnvironments?'))
      return { value: [{ name: 'cae-shop', properties: { appLogsConfiguration: { destination } } }] };
    if (line.startsWith('rest'))
      return {
        value: names.map((name) => ({
          namespace: `Microsoft.${name}`,
          registrationState: name === unregistered ? 'NotRegistered' : 'Registered',
        })),
      };
    const published = [...operations, ...dataOperations].filter((name) => name !== unpublished?.toLowerCase());
    return { operations: [], resourceTypes: [{ operations: published.map((name) => ({ name })) }] };
  }
}

const found = async (world: World): Promise<Record<string, string>> =>
  Object.fromEntries((await checkSubscription(azOf(world), undefined)).map((one) => [one.name, one.found]));

describe('a subscription', () => {
  it('in which nothing is missing passes every check', async () => {
    expect(Object.values(await found({}))).toEqual(['good', 'good', 'good', 'good', 'good', 'good']);
  });

  it.each<[string, World, string]>([
    ['an az that is too old', { version: '2.67.9' }, 'az'],
    ['a provider that is not registered', { unregistered: 'EventGrid' }, 'resource providers'],
    [
      'an operation of a role that Azure does not publish',
      { unpublished: 'Microsoft.App/containerApps/read' },
      'operations of the roles',
    ],
    [
      'a system topic of the subscription',
      { topics: [{ id: '/t/systemTopics/theirs', properties: { source: `/subscriptions/${id}` } }] },
      'system topics',
    ],
    ['an environment that sends no logs', { destination: null }, 'logs'],
  ])('with %s lacks that and nothing else', async (_, world, name) => {
    const all = await found(world);

    expect(Object.keys(all).filter((one) => all[one] !== 'good')).toEqual([name]);
    expect(all[name]).toBe('missing');
  });

  it.each<[string, World]>([
    ['a newer az', { version: '3.0.1' }],
    ['a topic of another kind of source', { topics: [{ id: '/t', properties: { source: '/x/storageAccounts/st' } }] }],
    [
      'a topic of an earlier deployment of pullmedic',
      { topics: [{ id: '/t/systemTopics/evgt-pullmedic-resources', properties: { source: `/subscriptions/${id}` } }] },
    ],
  ])('with %s lacks nothing', async (_, world) => {
    expect(Object.values(await found(world)).every((one) => one === 'good')).toBe(true);
  });

  it('that cannot be read is not taken for a good one, and the error of az is not repeated', async () => {
    const checks = await checkSubscription(azOf({ fails: 'rest' }), id);

    expect(checks.map((one) => one.found)).toEqual(['good', 'good', 'unreadable', 'good', 'unreadable', 'unreadable']);
    expect(JSON.stringify(checks)).not.toContain('secret text');
  });

  it('to which no sign-in leads is not asked further', async () => {
    const checks = await checkSubscription(azOf({ fails: 'account' }), undefined);

    expect(checks.map((one) => one.found)).toEqual(['good', 'unreadable']);
  });
});

describe('the operations that are looked up', () => {
  it('are those of the template, control plane and data plane', () => {
    expect(namedOperations().length).toBeGreaterThan(30);
    expect(
      namedOperations().filter((one) => !operations.has(one.toLowerCase()) && !dataOperations.has(one.toLowerCase())),
    ).toEqual([]);
  });
});
