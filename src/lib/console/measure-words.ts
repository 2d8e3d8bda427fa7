// The measures in words: for the page, for the review of a month, and beside each colour.

import type { Beat, HeartbeatDay } from './heartbeat.ts';
import { mostEnded } from './measured-rows.ts';
import type { Spans, Window } from './measures.ts';
import type { Outcome, Share } from './outcomes.ts';
import { exactInstant, sayLength } from './pieces.ts';
import type { Quantiles } from './quantiles.ts';

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  repaired: 'Repaired by pullmedic',
  'recovered-by-itself': 'Recovered without a change',
  asked: 'A person was asked',
  unproven: 'Ended without a proof of recovery',
  'stood-down': 'No failed pull, or nothing left to repair',
  open: 'Goes on, no person asked',
};

export const spanWords: Readonly<Record<keyof Spans, { readonly title: string; readonly from: string }>> = {
  detect: { title: 'Detect', from: 'from the first log row about the failure to the opening of the remediation' },
  diagnose: { title: 'Diagnose', from: 'from the opening to the first look that named a cause' },
  propagate: {
    title: 'Propagate',
    from: 'from a grant by pullmedic to the first look that saw a replica that had pulled',
  },
  recover: { title: 'Recover', from: 'from the opening to the first look that saw the recovery' },
};

export const spanNames = Object.keys(spanWords) as readonly (keyof Spans)[];

export const beatWords: Readonly<Record<Beat, string>> = {
  failing: 'still failing',
  asked: 'a person was asked',
  unproven: 'ended without a proof',
  recovered: 'failed and recovered',
  'stood-down': 'no failed pull after all',
  quiet: 'no failed pull',
  'not-known': 'not known: pullmedic was not awake all day, or keeps no figures of that day',
};

/** The date of an instant: `2026-06-01`. */
export function sayDay(atMs: number): string {
  return exactInstant(atMs).slice(0, 10);
}

export function sayHeartbeatDay({ startMs, worst, remediations }: HeartbeatDay): string {
  const many = remediations < 2 ? '' : ` (the worst of ${remediations})`;
  const words = worst === 'not-known' ? 'not known' : beatWords[worst];
  return `${sayDay(startMs)}: ${words}${many}`;
}

/** "80 % (4 of 5)". */
export function sayShare(share: Share | undefined): string {
  if (share === undefined) return 'not known';
  return `${Math.round((100 * share.handled) / share.of)} % (${share.handled} of ${share.of})`;
}

/** "half within 4 min 05 s, 95 % within 12 min 00 s (of 34)". Lengths are milliseconds. */
export function sayQuantiles(lengths: Quantiles | undefined): string {
  if (lengths === undefined) return 'not known';
  const { count, p50, p95, longest } = lengths;
  if (count === 1) return `${sayLength(p50)} (of 1)`;
  return `half within ${sayLength(p50)}, ${longest ? 'all' : '95 %'} within ${sayLength(p95)} (of ${count})`;
}

/** The time that the measures speak of, and what is missing from it: one sentence each. */
export function sayWindow({ days, fromMs, shortened, skipped }: Window): string[] {
  const from = exactInstant(fromMs);
  const missing = {
    'more-rows': `Of what has ended the latest ${mostEnded.toLocaleString('en-US')} are read, and they reach back to ${from}, which is less than ${days} days.`,
    'older-version': `What ended until ${from} was written by an older version, which left no figures: the measures begin there.`,
  };
  return [
    shortened === undefined
      ? `The last ${days} days: remediations that were opened since ${from}.`
      : missing[shortened],
    ...(skipped === 0
      ? []
      : [
          `${skipped} ${skipped === 1 ? 'row' : 'rows'} cannot be read or ${skipped === 1 ? 'says' : 'say'} too little, and ${skipped === 1 ? 'is' : 'are'} not counted.`,
        ]),
  ];
}
