import { TableClient } from '@azure/data-tables';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Storage, startStorage } from '../../../../local/storage.ts';
import {
  budgetKeyOf,
  overdrawing,
  type RequestBudget,
  requestBudget,
} from '../../../../src/lib/azure/clients/budget.ts';
import { allowanceOf, type BudgetKey } from '../../../../src/lib/evidence/budget.ts';
import { addressesOf } from '../../../../src/lib/words/cloud.ts';
import { nowMs } from '../../facts.ts';

const settings = { armReadsPerMinute: 480, logQueriesPerMinute: 48, graphQueriesPerMinute: 48 };
const { capacity, chunk } = allowanceOf('arm-tenant', settings);

let storage: Storage;
let table: TableClient;
let atMs = nowMs;
let made = 0;

beforeAll(async () => {
  storage = await startStorage(['budgets']);
});

afterAll(() => storage.stop());

beforeEach(async () => {
  made += 1;
  atMs = nowMs;
  table = tableOf(`budget${made}`);
  await table.createTable();
});

function tableOf(name: string): TableClient {
  return TableClient.fromConnectionString(storage.connection('budgets'), name, { allowInsecureConnection: true });
}

/** An instance that does not wait for tokens. Time stands still unless a test moves it. */
function instance(of = table): RequestBudget {
  return requestBudget(
    of,
    settings,
    () => atMs,
    () => 0,
  );
}

async function takes(budget: RequestBudget, times: number, key: BudgetKey = 'arm-tenant'): Promise<number> {
  const answers = await Promise.all(Array.from({ length: times }, () => budget.take(key)));
  return answers.filter(Boolean).length;
}

describe('the budget of several instances', () => {
  it('is not exceeded by two that ask at the same time', async () => {
    const [one, other] = [instance(), instance()];

    const taken = await Promise.all([takes(one, 100), takes(other, 100)]);

    const sum = taken[0] + taken[1];
    expect(sum).toBeLessThanOrEqual(capacity);
    expect(sum).toBeGreaterThan(capacity - chunk);
  });

  it('loses no more than a chunk with an instance that dies', async () => {
    expect(await takes(instance(), 1)).toBe(1);

    const rest = await takes(instance(), 200);

    expect(rest).toBeGreaterThanOrEqual(capacity - chunk - Math.ceil(chunk / 2));
    expect(rest).toBeLessThan(capacity);
  });

  it('fills again with time, and what lay about too long is void', async () => {
    const one = instance();
    await takes(one, 200);
    atMs += 30_000;

    expect(await takes(one, 200)).toBeGreaterThan(capacity - chunk);
  });

  it('is spent where it cannot be read', async () => {
    expect(await instance(tableOf('nosuchtable')).take('arm-tenant')).toBe(false);
  });

  it('gives nobody anything until the time that Azure named to one of them', async () => {
    const [one, other] = [instance(), instance()];
    await one.heard('arm-tenant', { waitMs: 45_000 });

    expect(await takes(one, 1)).toBe(0);
    expect(await takes(other, 1)).toBe(0);
    atMs += 45_000;
    expect(await takes(other, 1)).toBe(1);
  });

  it('is no larger than what Azure says is left', async () => {
    const one = instance();
    await one.take('arm-tenant');
    await one.heard('arm-tenant', { remaining: 10 });

    expect(await takes(one, 100)).toBeLessThanOrEqual(10);
    expect(await takes(instance(), 100)).toBeLessThanOrEqual(10);
  });

  it('has a bucket of its own for each subscription and service', async () => {
    const one = instance();
    await takes(one, 200);

    expect(await takes(one, 1, 'logs')).toBe(1);
    expect(await takes(one, 1, 'graph')).toBe(1);
  });

  it('lets a change be finished when it is spent, and is paid back by the next chunk', async () => {
    const one = instance();
    await takes(one, 200);

    expect(await overdrawing(() => takes(one, 5))).toBe(5);
    atMs += 2000;
    const afterwards = await takes(one, 100);
    expect(afterwards).toBeLessThanOrEqual((2000 / 1000) * 8 + chunk - 5);
  });

  it('says that requests are scarce once one had to wait, and not before', async () => {
    const one = instance();
    await one.take('arm-tenant');

    expect(one.scarce()).toBe(false);
    await takes(one, 200);
    expect(one.scarce()).toBe(true);
    atMs += 60_000;
    expect(one.scarce()).toBe(false);
  });
});

describe('requests that wait at the same time', () => {
  /** What looks get of the only token that is left, in the order of their names. */
  async function whoGets(
    asking: readonly (object | undefined)[],
    begun: readonly object[],
  ): Promise<readonly boolean[]> {
    const one = instance();
    for (const look of begun) await one.take('arm-tenant', look);
    let first = true;
    while (first || (await one.take('arm-tenant'))) first = false;
    // Half a chunk is the least that is handed out.
    atMs += Math.ceil(((chunk / 2) * 1000) / (settings.armReadsPerMinute / 60));
    return Promise.all(asking.map((look) => one.take('arm-tenant', look)));
  }
  const look = { begun: {}, other: {}, third: {} };
  const many = (one: object): readonly object[] => Array.from({ length: Math.ceil(chunk / 2) }, () => one);

  it('are served in their order, where none of their looks has sent one', async () => {
    const taken = await whoGets([...many(look.other), ...many(look.third)], []);

    expect(taken).toEqual([...many(look.other).map(() => true), ...many(look.third).map(() => false)]);
  });

  it('let those of a look go first that has sent one, so that what it has read is not lost', async () => {
    const taken = await whoGets([look.third, look.other, ...many(look.begun)], [look.begun]);

    // The first one was in its turn already when the others came.
    expect(taken).toEqual([true, false, ...many(look.begun).map((_, at, all) => at < all.length - 1)]);
  });

  it('let what belongs to no look go before looks that have sent none, and not after those that have', async () => {
    const reads = many(look.other).map(() => undefined);
    const taken = await whoGets([look.third, ...reads, ...many(look.begun)], [look.begun]);

    expect(taken).toEqual([
      true,
      ...reads.map((_, at, all) => at < all.length - 1),
      ...many(look.begun).map(() => false),
    ]);
  });
});

describe('what a request is paid from', () => {
  const subscription = '5f0c1d2e-0000-4000-8000-000000000001';
  const arm = 'https://management.azure.com';

  it.each<[string, string, string, BudgetKey | undefined]>([
    ['an ARM read', 'GET', `${arm}/subscriptions/${subscription}/resourceGroups/rg?x=1`, `arm-${subscription}`],
    ['a read above subscriptions', 'GET', `${arm}/providers/x?api-version=1`, 'arm-tenant'],
    ['a Resource Graph query', 'POST', `${arm}/providers/Microsoft.ResourceGraph/resources?x=1`, 'graph'],
    ['a log query', 'POST', 'https://api.loganalytics.io/v1/workspaces/w/query', 'logs'],
    ['a write', 'PUT', `${arm}/subscriptions/${subscription}/x`, undefined],
    ['a registry', 'GET', 'https://acrshop.azurecr.io/v2/', undefined],
  ])('%s', (_what, method, url, key) => {
    expect(budgetKeyOf({ method, url }, addressesOf('public'))).toBe(key);
  });
});

describe('a request that waits for its token', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('waits by the timers of its thread, so that on virtual time it waits for as long as it says', async () => {
    vi.useFakeTimers({ now: nowMs, toFake: ['setTimeout', 'performance', 'Date'] });
    const empty = { etag: 'x', tokens: 0, atMs: String(nowMs), blockedUntilMs: '0' };
    const rows = { getEntity: async () => empty, updateEntity: async () => ({}) } as unknown as TableClient;
    const taken = requestBudget(rows, settings, () => Date.now()).take('arm-tenant');
    // Eight requests a second: half a chunk is there after a quarter of a second.
    await vi.advanceTimersByTimeAsync(10_000);

    expect(await taken).toBe(true);
  });

  it.each([
    ['ten seconds for a read of ARM', 'arm-tenant', 10_000],
    ['half a minute for a query of Resource Graph, which gets one token a second', 'graph', 30_000],
  ] as const)('waits %s', async (_what, key, patienceMs) => {
    vi.useFakeTimers({ now: nowMs, toFake: ['setTimeout', 'performance', 'Date'] });
    const blocked = { etag: 'x', tokens: 0, atMs: String(nowMs), blockedUntilMs: String(nowMs + 60_000) };
    const rows = { getEntity: async () => blocked, updateEntity: async () => ({}) } as unknown as TableClient;
    let answer: boolean | undefined;
    void requestBudget(rows, settings, () => Date.now())
      .take(key)
      .then((taken) => (answer = taken));

    await vi.advanceTimersByTimeAsync(patienceMs - 1000);
    expect(answer).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1000);
    expect(answer).toBe(false);
  });
});

describe('a look that has sent nothing, while others go before it all the time', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A bucket that starts empty and is kept as storage keeps it. */
  function emptyBucket(): TableClient {
    let row: Readonly<Record<string, unknown>> = { etag: 'x', tokens: 0, atMs: String(nowMs), blockedUntilMs: '0' };
    const updateEntity = async ({ tokens, ...rest }: { readonly tokens: { readonly value: number } }) => {
      row = { ...row, ...rest, tokens: tokens.value };
    };
    return { getEntity: async () => row, updateEntity } as unknown as TableClient;
  }

  it('waits as long as any request, and no longer: then it is put off, and not answered after its time-out', async () => {
    vi.useFakeTimers({ now: nowMs, toFake: ['setTimeout', 'performance', 'Date'] });
    const budget = requestBudget(emptyBucket(), settings, () => Date.now());
    let gone = 0;
    const goesFirst = async (): Promise<void> => {
      while (Date.now() < nowMs + 30_000 && (await budget.take('arm-tenant'))) gone += 1;
    };
    for (let signal = 0; signal < 2 * chunk; signal += 1) void goesFirst();
    let answer: { readonly taken: boolean; readonly afterMs: number } | undefined;
    void budget.take('arm-tenant', {}).then((taken) => (answer = { taken, afterMs: Date.now() - nowMs }));

    await vi.advanceTimersByTimeAsync(9500);
    expect(answer).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1000);
    expect(answer).toMatchObject({ taken: false });
    expect(gone).toBeGreaterThan(0);
    expect(budget.scarce()).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
  });
});
