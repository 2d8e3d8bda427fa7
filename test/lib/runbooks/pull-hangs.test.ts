// The runbook of a pull that hangs: what a person sees, and what they do.
import { describe, expect, it } from 'vitest';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { inputFor, runnable } from './cases.ts';

const young = 'pull-role-propagating';

describe('the runbook of a pull that goes on for too long', () => {
  const runbook = runbookFor({ ...inputFor(young), pullHangs: true });

  it('says what a person sees, and when to wait and when to restart', () => {
    expect(runbook.title).toBe('ca-orders has been pulling one image for more than 15 minutes');
    expect(runbook.advice).toContain('If the image is large, wait');
    expect(runbook.advice).toContain('the pull hangs: restart the revision');
  });

  it('shows the replicas first, and changes nothing but the revision', () => {
    const [look, change, ...others] = runnable(runbook);

    expect(look).toContain('az containerapp replica list');
    expect(change).toContain('az containerapp revision restart');
    expect(others.filter((command) => !/ list | logs show /.test(command))).toEqual([]);
  });

  it('stands in for that of the cause only where the pull hangs', () => {
    expect(runbookFor(inputFor(young)).title).not.toBe(runbook.title);
    expect(runbookFor(inputFor(young)).advice).not.toContain('hangs');
  });
});
