// A look of a few probes.
import { describe, expect, it } from 'vitest';
import { smallLook } from '../../../src/lib/evidence/reads.ts';

describe('a look of a few probes', () => {
  it('has no limit of its own, and neither recalls nor shares facts', () => {
    expect(Object.keys(smallLook())).toEqual(['once']);
  });

  it('reads once what several of its probes ask for, and shares nothing with the next one', async () => {
    let sent = 0;
    const read = async (): Promise<number> => (sent += 1);
    const look = smallLook();

    expect([await look.once('group', read), await look.once('group', read)]).toEqual([1, 1]);
    expect(await smallLook().once('group', read)).toBe(2);
  });
});
