import { describe, expect, it } from 'vitest';
import { decidingLook, type Group, groupsOf } from '../../../src/lib/console/entry-groups.ts';
import { closed, eachMinute, granting, looked, opened, waiting } from '../console-entries.ts';

/** The numbers of the entries of each group; `!` marks the look on which the decision rests, brackets what is folded. */
function shape(groups: readonly Group[]): string[] {
  return groups.map((group) =>
    group.kind === 'repeats'
      ? `(${group.entries.map(({ seq }) => seq).join(' ')})`
      : `${group.stored.seq}${group.decision === undefined ? '' : `+${group.decision.seq}`}${group.decides ? '!' : ''}`,
  );
}

describe('the entries of a page', () => {
  it('stand alone where they are news, a look with its decision, and looks that changed nothing are folded', () => {
    const entries = eachMinute(opened, looked, granting, looked, waiting, looked, waiting, looked, waiting, closed);

    expect(shape(groupsOf(entries))).toEqual(['1', '2+3!', '4+5', '(6 7 8 9)', '10']);
  });

  it('show a look again that finds something else, or reads less', () => {
    const blind = { ...looked, unread: ['registry'] };

    expect(shape(groupsOf(eachMinute(opened, looked, waiting, blind, waiting, blind)))).toEqual([
      '1',
      '2+3',
      '4+5',
      '6!',
    ]);
  });

  it('rest on the look before the first change, question or incident', () => {
    expect(decidingLook(eachMinute(opened, looked, waiting, looked, granting, looked))?.seq).toBe(4);
    expect(decidingLook(eachMinute(opened, looked, waiting))?.seq).toBe(2);
    expect(decidingLook(eachMinute(opened))).toBeUndefined();
  });
});
