// A runbook states nothing as a fact that is only suspected.
import { describe, expect, it } from 'vitest';
import { type Cause, causes } from '../../../src/lib/causes/causes.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { diagnosisOf, inputFor } from './cases.ts';

const saysNoReason: readonly Cause[] = ['unexplained', 'something-else', 'write-rejected'];

function both(cause: Cause) {
  const suspected = inputFor(cause, { diagnosis: { ...diagnosisOf(cause), sure: 'suspected' } });
  return { proved: runbookFor(inputFor(cause)), told: runbookFor(suspected) };
}

describe('the words of a runbook', () => {
  it.each(causes.filter((cause) => !saysNoReason.includes(cause)))('say first that %s is only suspected', (cause) => {
    const { proved, told } = both(cause);

    expect(told.title).toBe(`Suspected: ${proved.title}`);
    expect(told.advice).toMatch(/^This is suspected and not proved/);
    expect(proved.title).not.toContain('Suspected');
  });

  it.each(saysNoReason)('stay as they are for %s: they name no reason', (cause) => {
    const { proved, told } = both(cause);

    expect(told.title).toBe(proved.title);
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
