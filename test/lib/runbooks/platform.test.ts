// Runbooks of what Azure itself rejected or cannot pull.
import { describe, expect, it } from 'vitest';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { target } from '../facts.ts';
import { inputFor } from './cases.ts';

describe('the runbook', () => {
  it('of a rejected write deploys the same image again', () => {
    const [command] = runbookFor(inputFor('write-rejected')).commands;

    expect(command?.text).toContain(`--image ${target.image}`);
  });

  it('of a rejected write says that the cause is gone only where that was proved', () => {
    const input = inputFor('write-rejected');
    const young = { ...input, diagnosis: { ...input.diagnosis, causes: ['pull-role-propagating' as const] } };
    const gone = { ...input, diagnosis: { ...input.diagnosis, causes: ['unexplained' as const] } };

    expect(runbookFor(gone).advice).toMatch(/^The cause of the failed pull is removed\..* run your deployment again/);
    expect(runbookFor(young).advice).toMatch(
      /should work by now; no pull has proved that yet\..* run your deployment again/,
    );
  });

  it('of an image of the platform leads to Microsoft and runs nothing', () => {
    const { owner, commands } = runbookFor(inputFor('platform-fault'));

    expect(owner).toBe('Microsoft');
    expect(commands).toEqual([]);
  });
});
