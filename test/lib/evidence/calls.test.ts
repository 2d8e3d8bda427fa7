import { describe, expect, it } from 'vitest';
import { callsOf, mostOf, noCalls, sumOf, totalOf } from '../../../src/lib/evidence/calls.ts';

describe('the requests of a look', () => {
  it('are counted by the service that they are sent to', () => {
    expect(callsOf('roles', 3)).toEqual({ control: 3, logs: 0, registry: 0 });
    expect(callsOf('logs', 2)).toEqual({ control: 0, logs: 2, registry: 0 });
    expect(callsOf('manifest', 1)).toEqual({ control: 0, logs: 0, registry: 1 });
  });

  it('add up kind by kind, and in all', () => {
    const all = [callsOf('app', 1), callsOf('logs', 2), callsOf('manifest', 4)].reduce(sumOf, noCalls);

    expect(all).toEqual({ control: 1, logs: 2, registry: 4 });
    expect(totalOf(all)).toBe(7);
  });

  it('of the dearest look are the most of each kind, although no single look sent them', () => {
    expect(mostOf({ control: 9, logs: 1, registry: 0 }, { control: 3, logs: 2, registry: 1 })).toEqual({
      control: 9,
      logs: 2,
      registry: 1,
    });
  });
});
