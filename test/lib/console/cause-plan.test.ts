// What the page says for a cause is what the rules decide on it.
import { describe, expect, it } from 'vitest';
import { type Cause, causes } from '../../../src/lib/causes/causes.ts';
import { planOf, sayPlan } from '../../../src/lib/console/cause-plan.ts';
import { config, roleMissing } from '../facts.ts';
import { decideOn, provedAlone } from '../situations.ts';

/** The decision on a cause that is confirmed and the only one, and that no other guard speaks against. */
function decisionOn(cause: Cause): string {
  return decideOn(roleMissing, { diagnosis: provedAlone(cause), config: config({ PULLMEDIC_MODE: 'act' }) }).decision
    .do;
}

const decisions = {
  grant: 'grant',
  'ask-grant': 'ask',
  'ask-restart': 'ask',
  wait: 'wait',
  incident: 'incident',
} as const;

describe('what happens for a cause', () => {
  it.each(causes)('is what the rules decide in mode act: %s', (cause) => {
    expect(decisions[planOf(cause)]).toBe(decisionOn(cause));
  });

  it('never changes anything in mode observe, and never without a person in mode approve', () => {
    for (const cause of causes) {
      expect(sayPlan(cause, 'observe')).toMatch(/^(?:Opens an incident|Waits)/);
      expect(sayPlan(cause, 'approve')).toMatch(/^(?:Opens an incident|Waits|Asks a person)/);
    }
    expect(sayPlan('pull-role-missing', 'act')).toMatch(/^Grants/);
  });

  it('of a role that was taken away asks a person, in the mode act too', () => {
    expect(sayPlan('pull-role-removed', 'act')).toMatch(/^Asks a person/);
  });
});
