// Measures for tests of the pages: one repaired remediation, one that a person was asked about, and one that goes on.
import { type Known, type Measures, measuresOf } from '../../../src/lib/console/measures.ts';
import { minute, nowMs } from '../facts.ts';
import { figures } from '../figures.ts';

export const known: Known = { nowMs, days: 30, awakeSinceMs: 0 };

export function someMeasures(more: Partial<Known> = {}): Measures {
  const hourAgo = nowMs - 60 * minute;
  const all = [
    figures({ ordinal: 3 }),
    figures({
      ordinal: 2,
      openedAtMs: hourAgo,
      askedAtMs: nowMs,
      causes: ['private-dns-unlinked'],
      sure: 'confirmed',
      refused: ['mode: approval-needed'],
    }),
    figures({
      ordinal: 1,
      openedAtMs: hourAgo,
      failedAtMs: hourAgo - minute,
      diagnosedAtMs: hourAgo + minute,
      actedAtMs: hourAgo + minute,
      grantedAtMs: hourAgo + minute,
      recoveredAtMs: hourAgo + 6 * minute,
      roleInEffectAtMs: hourAgo + 6 * minute,
      causes: ['pull-role-missing'],
      sure: 'confirmed',
      closed: { how: 'recovered', because: 'pulled-and-ready', atMs: hourAgo + 17 * minute },
    }),
  ];
  return measuresOf({ figures: all, skipped: 0, wholeSinceMs: 0 }, { ...known, ...more });
}

export function noMeasures(): Measures {
  return measuresOf({ figures: [], skipped: 0, wholeSinceMs: 0 }, known);
}
