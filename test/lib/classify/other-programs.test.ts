// What other programs print is not about a pull, and what fails to be pulled is seen in words that no rule was written from.
import { describe, expect, it } from 'vitest';
import { classify, mayAskForRole } from '../../../src/lib/classify/classify.ts';
import { ownSamples, type Sample } from '../../../tools/labelled-texts.ts';

function readWrongly(samples: readonly Sample[]): string[] {
  return samples.flatMap(({ id, text, category, also }) => {
    const { label, rule } = classify(text);
    return label === category || also.includes(label) ? [] : [`${id}: ${label} by ${rule}`];
  });
}

/** The samples that are read wrongly beyond the allowed share. */
function beyond(share: number, samples: readonly Sample[]): string[] {
  return readWrongly(samples).slice(Math.floor(share * samples.length));
}

describe('lines of other programs', () => {
  const negatives = ownSamples('negatives.txt');

  it('are at least 250, of many programs', () => {
    expect(negatives.length).toBeGreaterThan(250);
  });

  it('are taken for a failed pull at most in 2 of 100', () => {
    expect(beyond(0.02, negatives)).toEqual([]);
  });

  it('are never taken for something that a role could repair', () => {
    expect(negatives.filter(({ text }) => mayAskForRole(classify(text).label))).toEqual([]);
  });
});

describe('failed pulls that no rule was written from', () => {
  it('are read rightly in 98 of 100', () => {
    expect(beyond(0.02, ownSamples('held-out.txt'))).toEqual([]);
  });
});
