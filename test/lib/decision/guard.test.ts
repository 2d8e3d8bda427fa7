import { describe, expect, it } from 'vitest';
import { type Guard, refusalsOf, refuse } from '../../../src/lib/decision/guard.ts';
import { decisionInput } from '../situations.ts';

const passes: Guard<string> = () => undefined;
const refusesOn: Guard<string> = (_, change) => (change === 'on' ? refuse('kill-switch', 'on') : undefined);
const refusesScope: Guard<string> = () => refuse('scope', 'outside');

describe('a list of guards', () => {
  it('tells every refusal, in its order, and nothing where all let the change pass', () => {
    const guards = [refusesOn, passes, refusesScope];

    expect(refusalsOf(guards, decisionInput(), 'on')).toEqual([
      { guard: 'kill-switch', why: 'on' },
      { guard: 'scope', why: 'outside' },
    ]);
    expect(refusalsOf(guards, decisionInput(), 'off')).toEqual([{ guard: 'scope', why: 'outside' }]);
    expect(refusalsOf([passes], decisionInput(), 'on')).toEqual([]);
  });
});
