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

  it('of an image of the platform leads to Microsoft and runs nothing', () => {
    const { owner, commands } = runbookFor(inputFor('platform-fault'));

    expect(owner).toBe('Microsoft');
    expect(commands).toEqual([]);
  });
});
