import { describe, expect, it } from 'vitest';
import { signalsOfEvent } from '../../../src/functions/event-envelope.ts';
import { readAlert } from '../../../src/lib/signals/alert.ts';
import { isTooDeep } from '../../../src/lib/signals/payload.ts';

describe('a body', () => {
  const nested = (levels: number): unknown => Array.from({ length: levels }).reduce((inner) => [inner], 'x' as unknown);

  it('that nests too deep is refused before its members are looked at', async () => {
    expect(isTooDeep(nested(24))).toBe(false);
    expect(isTooDeep(nested(25))).toBe(true);
    expect(readAlert(nested(5000))).toMatchObject({ ok: false, problem: expect.stringContaining('deeper') as unknown });
    expect((await signalsOfEvent(nested(5000), undefined)).ok).toBe(false);
  });
});
