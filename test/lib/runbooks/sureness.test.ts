// A runbook states nothing as a fact that is only suspected.
import { describe, expect, it } from 'vitest';
import { causes } from '../../../src/lib/causes/causes.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { diagnosisOf, inputFor } from './cases.ts';

const saysNoReason = ['unexplained', 'something-else', 'write-rejected'];

describe('the words of a runbook', () => {
  it.each(causes)('say before all else that %s is only suspected', (cause) => {
    const sure = inputFor(cause);
    const suspected = inputFor(cause, { diagnosis: { ...diagnosisOf(cause), sure: 'suspected' } });
    const [proved, told] = [runbookFor(sure), runbookFor(suspected)];

    if (saysNoReason.includes(cause)) {
      expect(told.title).toBe(proved.title);
    } else {
      expect(told.title).toBe(`Suspected: ${proved.title}`);
      expect(told.advice).toMatch(/^This is suspected and not proved/);
    }
    expect(proved.title).not.toContain('Suspected');
  });

  it('say nothing of a suspicion about another cause', () => {
    const diagnosis = { ...diagnosisOf('registry-firewall'), sure: 'suspected' } as const;

    expect(runbookFor(inputFor('execution-ended', { diagnosis })).title).not.toContain('Suspected');
  });

  it('say nothing of it where the pull itself hangs: that was seen', () => {
    const diagnosis = { ...diagnosisOf('egress-blocked'), sure: 'suspected' } as const;

    expect(runbookFor(inputFor('egress-blocked', { diagnosis, pullHangs: true })).title).not.toContain('Suspected');
  });
});
