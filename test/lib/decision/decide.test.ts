// The first rule that answers decides, and the decision says which one that was.
import { describe, expect, it } from 'vitest';
import { close, wait } from '../../../src/lib/decision/answers.ts';
import { decideBy, decideUndo } from '../../../src/lib/decision/decide.ts';
import type { Rule } from '../../../src/lib/decision/rule.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { nothingRemembered } from '../../../src/lib/history/access-memory.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Refusal } from '../../../src/lib/history/refusals.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { type RemediationId, remediationIdOf } from '../../../src/lib/words/target.ts';
import { config, history, nowMs, roleMissing, target, targetId } from '../facts.ts';
import { decideOn, decisionInput } from '../situations.ts';
import { grant, granted } from './told.ts';

const remediation = `t${'1'.repeat(24)}.1` as RemediationId;
const silent: Rule = { name: 'not-a-pull', because: 'Says nothing.', decide: () => undefined };
const waits: Rule = { name: 'text-is-missing', because: 'Waits.', decide: () => wait(nowMs, 'no-text-yet') };
const closes: Rule = {
  name: 'target-withdrawn',
  because: 'Closes.',
  decide: () => close(nowMs, 'withdrawn', 'app-gone'),
};

describe('a decision', () => {
  it('is that of the first rule that answers, with its name', () => {
    expect(decideBy([silent, waits, closes], decisionInput())).toMatchObject({
      rule: 'text-is-missing',
      decision: { do: 'wait' },
    });
    expect(decideBy([closes, waits], decisionInput()).rule).toBe('target-withdrawn');
  });

  it('asks a person where no rule answers', () => {
    expect(decideBy([silent], decisionInput())).toMatchObject({ rule: 'ask-a-person', decision: { do: 'incident' } });
  });

  it('names its rule for every situation', () => {
    expect(decideOn(roleMissing)).toMatchObject({ rule: 'role-is-missing', decision: { do: 'grant', grant } });
  });
});

describe('a decision that a no binds', () => {
  const refused = { grant, how: 'rejected', by: 'anna', remediation, app: target.appId, atMs: nowMs - 1000 } as const;
  const access = known({ ...nothingRemembered, refused: [refused] });
  const refusing = (...refusals: Refusal[]): Rule => ({
    ...waits,
    decide: () => wait(nowMs, 'looking-again', refusals),
  });
  const before: Refusal = { guard: 'refused-before', why: 'rejected' };
  const decided = (rule: Rule, evidence: Evidence = roleMissing) =>
    decideBy([rule], decisionInput(evidence, { access }));

  it('says who said it, when and about which app, also where other guards refuse as well', () => {
    const { grant: _grant, ...bound } = refused;

    expect(decided(refusing(before)).bound).toEqual(bound);
    expect(decided(refusing({ guard: 'mode', why: 'approval-needed' }, before)).bound).toEqual(bound);
  });

  it('says so only where the no is among the refusals', () => {
    expect(decided(refusing())).not.toHaveProperty('bound');
    expect(decided(refusing({ guard: 'kill-switch', why: 'on' }))).not.toHaveProperty('bound');
  });

  it('says nothing of it where the facts ask for no grant', () => {
    const unread = { ...roleMissing, registry: unreadable<never>('forbidden') };

    expect(decided(refusing(before), unread)).not.toHaveProperty('bound');
    expect(decided(refusing(), unread)).not.toHaveProperty('bound');
  });
});

describe('the decision on an undo', () => {
  const settings = config({ PULLMEDIC_SETTINGS: '{"undo":true}' });
  const made: Entry[] = granted('done').map((entry) => (entry.kind === 'outcome' ? { ...entry, undo: 'its' } : entry));
  const asked: Entry = {
    kind: 'undo-asked',
    remediation: remediationIdOf(targetId, 1),
    grant,
    assignment: 'its',
    by: 'Ada',
  };

  function remediation(...entries: Entry[]): Remediation {
    const [first] = history(...entries).remediations;
    if (first === undefined) throw new Error('A history begins with its opening.');
    return first;
  }
  const usual = { config: settings, target, killSwitch: known(false) };
  const input = {
    ...usual,
    remediation: remediation(...made, asked),
    reliance: known({ remediations: [], resources: [] }),
  };

  it('removes the grant that was recorded', () => {
    expect(decideUndo(input)).toEqual({ do: 'remove', grant });
  });

  it('refuses, and says why', () => {
    expect(decideUndo({ ...input, killSwitch: unreadable('unavailable') })).toEqual({
      do: 'refuse',
      refusals: [{ guard: 'kill-switch', why: 'unreadable' }],
    });
    expect(decideUndo({ ...input, remediation: remediation(asked) })).toMatchObject({ do: 'refuse' });
  });
});
