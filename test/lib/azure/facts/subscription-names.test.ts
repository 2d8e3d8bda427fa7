import { describe, expect, it } from 'vitest';
import { readSubscriptionName, subscriptionNames } from '../../../../src/lib/azure/facts/subscription-names.ts';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';

const id = 'dc01f76e-db84-4367-a790-50a9fe426525';
const never = (): Promise<undefined> => new Promise(() => undefined);

describe('the name of a subscription', () => {
  it('is the one that ARM shows (as recorded)', async () => {
    const { clients, asked } = alwaysAnswering({
      subscriptionId: id,
      displayName: 'Test Subscription',
      state: 'Enabled',
    });

    expect(await readSubscriptionName(clients, id)).toBe('Test Subscription');
    expect(asked.map(({ path }) => path)).toEqual([`/subscriptions/${id}`]);
  });

  it.each([
    ['there is no right to read it', 403, {}],
    ['it is not there', 404, {}],
    ['the answer has another shape', 200, { displayName: 7 }],
    ['it is empty', 200, { displayName: '' }],
  ])('is not known where %s', async (_, status, body) => {
    expect(await readSubscriptionName(alwaysAnswering(body, status).clients, id)).toBeUndefined();
  });

  it('is not asked for where the text could lead elsewhere', async () => {
    const { clients, asked } = alwaysAnswering({ displayName: 'x' });

    expect(await readSubscriptionName(clients, `${id}/resourceGroups/rg`)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('that Azure fails to tell is not known, and nothing is thrown', async () => {
    const { clients } = clientsOver(() => {
      throw new Error('no network');
    });

    expect(await readSubscriptionName(clients, id)).toBeUndefined();
  });
});

describe('names', () => {
  const hour = 3_600_000;

  function reading(answers: readonly (string | undefined)[]) {
    let nowMs = 0;
    let asked = 0;
    const read = async (): Promise<string | undefined> => answers[asked++];
    return {
      nameOf: subscriptionNames(() => nowMs, read, never),
      pass: (ms: number) => void (nowMs += ms),
      asked: () => asked,
    };
  }

  it('are read once a day', async () => {
    const { nameOf, pass, asked } = reading(['Shop', 'Shop, renamed']);

    expect([await nameOf(id), await nameOf(id)]).toEqual(['Shop', 'Shop']);
    pass(23 * hour);
    expect(await nameOf(id)).toBe('Shop');
    expect(asked()).toBe(1);
    pass(hour);
    expect(await nameOf(id)).toBe('Shop, renamed');
  });

  it('that could not be read are asked for again after ten minutes, and not before', async () => {
    const { nameOf, pass, asked } = reading([undefined, 'Shop']);

    expect(await nameOf(id)).toBeUndefined();
    pass(9 * 60_000);
    expect(await nameOf(id)).toBeUndefined();
    expect(asked()).toBe(1);
    pass(60_000);
    expect(await nameOf(id)).toBe('Shop');
  });

  it('that come too late for one page are there for the next', async () => {
    let come: (name: string) => void = () => undefined;
    const slow = new Promise<string>((resolve) => (come = resolve));
    const late = [async () => undefined, never];
    const nameOf = subscriptionNames(
      () => 0,
      () => slow,
      () => (late.shift() ?? never)(),
    );

    expect(await nameOf(id)).toBeUndefined();
    come('Shop');
    expect(await nameOf(id)).toBe('Shop');
  });
});
