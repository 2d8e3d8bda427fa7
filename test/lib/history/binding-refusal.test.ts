// The sentence about a refusal says who, when, for which app, that it binds, and what to do.
import { describe, expect, it } from 'vitest';
import { type BindingRefusal, bindingOf, sayBinding } from '../../../src/lib/history/binding-refusal.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { acrPull, appId, nowMs, principal, registryId } from '../facts.ts';

const remediation = `t${'0'.repeat(24)}.1` as RemediationId;
const rejected: BindingRefusal = { how: 'rejected', by: '"Ada"', app: appId, remediation, atMs: nowMs };

describe('the sentence about a refusal', () => {
  it('names the person, the app and the instant, and the command that has it forgotten', () => {
    expect(sayBinding(rejected)).toBe(
      'On 2026-06-01 02:00 UTC this grant was rejected for ca-orders by "Ada". That binds every app and image with the same ' +
        'identity, until a person approves this very grant or runs: ' +
        `pullmedic forget-refusal ${remediation} --url URL --why TEXT`,
    );
  });

  it('says that no person answered where none did', () => {
    const { by: _by, ...unanswered } = rejected;

    expect(sayBinding({ ...unanswered, how: 'unanswered' })).toMatch(/^On .* expired without an answer\. That binds/);
  });

  it('is made of what is stored, without the grant, which the decision names', () => {
    const grant = { registryId, principalId: principal, roleId: acrPull };

    expect(bindingOf({ ...rejected, grant })).toEqual(rejected);
  });
});
