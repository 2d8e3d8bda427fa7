import { describe, expect, it } from 'vitest';
import { codeOf, guardNames, reasons } from '../../../src/lib/history/refusals.ts';

describe('a refusal', () => {
  it('is stored as its guard and the reason within it', () => {
    expect(codeOf({ guard: 'role-removed', why: 'too-young' })).toBe('role-removed: too-young');
  });

  it('has reasons that its guard names once each', () => {
    for (const guard of guardNames) expect(reasons[guard].length).toBe(new Set(reasons[guard]).size);
  });

  it('has a reason for a fact that was not read, wherever the guard rests on one: it fails closed', () => {
    const restOnFacts = [
      'kill-switch',
      'registry-denies',
      'another-tenant',
      'identity-shared',
      'role-removed',
    ] as const;
    const more = ['deny-assignment', 'hourly-limit', 'slow-start', 'healthy-replicas', 'traffic-pinned'] as const;

    for (const guard of [...restOnFacts, ...more]) expect(reasons[guard]).toContain('unreadable');
  });
});
