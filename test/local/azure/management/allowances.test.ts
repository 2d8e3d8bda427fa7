// What Azure says in the headers of its answers about how many requests its caller has left.
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../../local/azure/wire/answers.ts';
import { small } from '../worlds.ts';

const reads = 'x-ms-ratelimit-remaining-subscription-reads';
const quota = 'x-ms-user-quota-remaining';

function left({ headers }: Answer, name: string): number {
  return Number(headers?.[name]);
}

describe('an answer of ARM', () => {
  it('tells how many reads are left, one less with each, and more again with time', () => {
    const { arm, sim, time } = small();
    const [environment] = sim.environments.values();
    const read = (): number => left(arm('GET', environment?.id ?? ''), reads);

    expect([read(), read(), read()]).toEqual([249, 248, 247]);
    time.advance(60_000);
    expect(read()).toBe(249);
  });

  it('tells nothing where the gateway answers by itself', () => {
    const { arm, app } = small();

    expect(arm('GET', app.id).headers).not.toHaveProperty(reads);
  });
});

describe('an answer of Resource Graph', () => {
  it('tells the quota of queries and none of ARM', () => {
    const { arm } = small();
    const ask = (): Answer =>
      arm(
        'POST',
        '/providers/Microsoft.ResourceGraph/resources',
        { 'api-version': '2024-04-01' },
        { query: 'resources | take 1' },
      );
    const first = ask();

    expect(left(first, quota)).toBe(14);
    expect(first.headers).toMatchObject({ 'x-ms-user-quota-resets-after': '00:00:05' });
    expect(first.headers).not.toHaveProperty(reads);
    expect(left(ask(), quota)).toBe(13);
  });
});
