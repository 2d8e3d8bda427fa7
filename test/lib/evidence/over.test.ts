// Whether a container group is over, and whether it can be brought back.
import { describe, expect, it } from 'vitest';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import { isOver, wasGivenUp } from '../../../src/lib/evidence/over.ts';
import { type Fact, known, unreadable } from '../../../src/lib/words/fact.ts';
import { app, groupFacts, nowMs } from '../facts.ts';

describe('a container group', () => {
  it.each([
    ['lives', false, false],
    ['given-up', true, true],
    ['ended', true, false],
    ['never-created', true, false],
    ['unknown', true, false],
  ] as const)('that is %s', (life, over, givenUp) => {
    const evidence = { atMs: nowMs, app: known({ ...groupFacts, group: { life } }) };
    expect([isOver(evidence), wasGivenUp(evidence)]).toEqual([over, givenUp]);
  });

  it.each<[string, Fact<AppFacts | 'gone'>]>([
    ['could not be read', unreadable('timed-out')],
    ['is gone', known('gone')],
    ['is an app', known(app)],
  ])('that %s counts as over, and is never brought back', (_, fact) => {
    expect([isOver({ atMs: nowMs, app: fact }), wasGivenUp({ atMs: nowMs, app: fact })]).toEqual([true, false]);
  });
});
