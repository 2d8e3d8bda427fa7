// When a remediation of a write that Azure refused ends, at its boundary.
import { describe, expect, it } from 'vitest';
import { targetWithdrawn } from '../../../src/lib/decision/ending-rules.ts';
import { notTriedAgainMs } from '../../../src/lib/decision/refused-write.ts';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { CloseReason } from '../../../src/lib/history/closing.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { app, groupFacts, groupRun, groupTarget, image, nowMs, roleMissing, target } from '../facts.ts';
import { decisionInput, type Story } from '../situations.ts';

const old = 'acrshop.azurecr.io/shop/orders:v0';
const runsOld = { ...groupRun, images: [old] };

/** Why the remediation ends, if it does. */
function ends(facts: Evidence['app'], more: Partial<Evidence> = {}, story: Story = {}): CloseReason | undefined {
  const evidence: Evidence = { ...roleMissing, revisions: known([]), replicas: known([]), ...more };
  const asked = {
    ...decisionInput({ ...evidence, ...(facts === undefined ? {} : { app: facts }) }, story),
    target: groupTarget,
  };
  const decision = targetWithdrawn(asked)?.decision;
  if (decision?.do !== 'close') return undefined;
  expect(decision.how).toBe('withdrawn');
  return decision.because;
}

function refused(agoMs: number, about: AppFacts = { ...groupFacts, images: [], group: { life: 'never-created' } }) {
  return known({
    ...about,
    provisioningState: 'Failed',
    images: [...about.images, image],
    writeError: { text: 'InaccessibleImage', atMs: nowMs - agoMs },
  });
}

const running: AppFacts = { ...groupFacts, images: [old] };
const forgotten = { life: 'lives', lastWrite: 'not-in-log' } as const;

describe('a refused write that nothing came after', () => {
  it.each([
    ['makes no group', undefined, known([])],
    ['leaves a group that runs as it is', running, known([runsOld])],
  ])('is waited for a week, where it %s', (_, about, revisions) => {
    expect(ends(refused(notTriedAgainMs - 1, about), { revisions })).toBeUndefined();
    expect(ends(refused(notTriedAgainMs, about), { revisions })).toBe('not-tried-again');
  });

  it('is waited for also where nothing says when it was refused', () => {
    const { writeError: _, ...undated } = { ...groupFacts, provisioningState: 'Failed', writeError: undefined };

    expect(ends(known(undated), {}, { openedAgoMs: 2 * notTriedAgainMs })).toBeUndefined();
  });

  it('ends nothing where the log could not be read', () => {
    expect(ends(unreadable('timed-out'))).toBeUndefined();
  });
});

describe('a refused write that the log no longer holds', () => {
  const opened = (agoMs: number): Story => ({ openedAgoMs: agoMs });

  it('was not tried again either, since it was refused', () => {
    const revisions = known([runsOld]);
    const isThere = known({ ...running, group: forgotten });
    const isNot = known({ ...groupFacts, images: [], group: { ...forgotten, life: 'never-created' as const } });

    expect(ends(isThere, { revisions }, opened(notTriedAgainMs))).toBe('not-tried-again');
    expect(ends(isThere, { revisions }, opened(notTriedAgainMs - 1))).toBe('superseded');
    expect(ends(isNot, {}, opened(notTriedAgainMs))).toBe('not-tried-again');
    expect(ends(isNot, {}, opened(notTriedAgainMs - 1))).toBe('app-gone');
  });

  it('is no such write where the log still goes back to it, or was not asked', () => {
    const { group: _, ...unasked } = running;

    for (const about of [running, unasked])
      expect(ends(known(about), { revisions: known([runsOld]) }, opened(notTriedAgainMs))).toBe('superseded');
  });

  it('is no such write where the group had the image once: then it was replaced or removed', () => {
    const past = [{ agoMs: 60_000, saw: { ...roleMissing, app: known(groupFacts), revisions: known([groupRun]) } }];
    const isThere = known({ ...running, group: forgotten });
    const story = { openedAgoMs: 2 * notTriedAgainMs, past };

    expect(ends(isThere, { revisions: known([runsOld]) }, story)).toBe('superseded');
    expect(ends(known('gone'), {}, story)).toBe('app-gone');
  });
});

it('a container app keeps the failure of its last write itself, so that no time ends its remediation', () => {
  const failed = known({ ...app, provisioningState: 'Failed', writeError: { text: 'x', atMs: nowMs - 9e9 } });
  const evidence = { ...roleMissing, app: failed, revisions: known([]) };

  expect(targetWithdrawn({ ...decisionInput(evidence), target })).toBeUndefined();
});
