// A row is classified once, by its text, its reason and its severity.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { claimOfRow } from '../../../src/lib/diagnosis/read-row.ts';
import { unauthorizedRow } from '../facts.ts';

describe('what a row claims', () => {
  it('is what its text says beside its columns', () => {
    const { text, reason, severity } = unauthorizedRow;

    expect(claimOfRow(unauthorizedRow)).toEqual(classify(text, { reason, type: severity }));
    expect(claimOfRow({ ...unauthorizedRow, reason: 'PulledImage' }).label).toBe('not-a-pull-failure');
  });

  it('is worked out once for the same row', () => {
    let read = 0;
    const row = {
      ...unauthorizedRow,
      get text() {
        read += 1;
        return unauthorizedRow.text;
      },
    };

    expect(claimOfRow(row)).toBe(claimOfRow(row));
    expect(read).toBe(1);
  });
});
