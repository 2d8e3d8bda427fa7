// The first rule that answers decides, and the decision says which one that was.
import { describe, expect, it } from 'vitest';
import { close, wait } from '../../../src/lib/decision/answers.ts';
import { decideBy, decideUndo } from '../../../src/lib/decision/decide.ts';
import type { Rule } from '../../../src/lib/decision/rule.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import { config, history, nowMs, roleMissing, target, targetId } from '../facts.ts';
import { decideOn, question } from '../situations.ts';
import { grant, granted } from './told.ts';

const silent: Rule = { name: 'not-a-pull', because: 'Says nothing.', decide: () => undefined };
const waits: Rule = { name: 'text-is-missing', because: 'Waits.', decide: () => wait(nowMs, 'no-text-yet') };
const closes: Rule = {
  name: 'target-withdrawn',
  because: 'Closes.',
  decide: () => close(nowMs, 'withdrawn', 'app-gone'),
};

describe('a decision', () => {
  it('is that of the first rule that answers, with its name', () => {
    expect(decideBy([silent, waits, closes], question())).toMatchObject({
      rule: 'text-is-missing',
      decision: { do: 'wait' },
    });
    expect(decideBy([closes, waits], question()).rule).toBe('target-withdrawn');
  });

  it('asks a person where no rule answers', () => {
    expect(decideBy([silent], question())).toMatchObject({ rule: 'ask-a-person', decision: { do: 'incident' } });
  });

  it('names its rule for every situation', () => {
    expect(decideOn(roleMissing)).toMatchObject({ rule: 'role-is-missing', decision: { do: 'grant', grant } });
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
