// What one look reads once.
import { describe, expect, it } from 'vitest';
import { readsOnce } from '../../../src/lib/evidence/once.ts';

/** A read that counts how often it is sent. */
function counting(answer: (count: number) => Promise<number>) {
  const seen = { count: 0 };
  const read = (): Promise<number> => {
    seen.count += 1;
    return answer(seen.count);
  };
  return { seen, read };
}

describe('a look', () => {
  it('sends a read of one name once, even while the first one is on its way', async () => {
    const { seen, read } = counting(async (count) => count);
    const once = readsOnce();

    expect(await Promise.all([once('group', read), once('group', read)])).toEqual([1, 1]);
    expect(await once('group', read)).toBe(1);
    expect(seen.count).toBe(1);
  });

  it('sends one read for each resource', async () => {
    const { read } = counting(async (count) => count);
    const once = readsOnce();

    expect([await once('group a', read), await once('group b', read)]).toEqual([1, 2]);
  });

  it('does not send again what failed: its facts fail together', async () => {
    const { seen, read } = counting(() => Promise.reject(new Error('429')));
    const once = readsOnce();

    await expect(once('group', read)).rejects.toThrow('429');
    await expect(once('group', read)).rejects.toThrow('429');
    expect(seen.count).toBe(1);
  });

  it('knows nothing of what an earlier look read', async () => {
    const { read } = counting(async (count) => count);

    expect(await readsOnce()('group', read)).toBe(1);
    expect(await readsOnce()('group', read)).toBe(2);
  });
});
