// Commands of a job: they name `az containerapp job`, and no command of an app is left.
import { describe, expect, it } from 'vitest';
import { type Cause, causes } from '../../../src/lib/causes/causes.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { forKind } from '../../../src/lib/runbooks/jobs.ts';
import type { Runbook } from '../../../src/lib/runbooks/runbook.ts';
import { jobTarget, roleMissing, target } from '../facts.ts';

function runbookOf(cause: Cause, of = jobTarget): Runbook {
  const diagnosis = {
    causes: [cause],
    sure: 'confirmed',
    for: [],
    against: [],
    network: 'allows',
    detail: {},
  } as const;
  return runbookFor({ target: of, cause, diagnosis, evidence: roleMissing });
}

describe('the runbook of a job', () => {
  it.each(causes)('for %s has no command for a container app', (cause) => {
    const { commands, verify, undo } = runbookOf(cause);
    const texts = [...commands.map(({ text }) => text), verify, undo];

    for (const text of texts) expect(text).not.toMatch(/az containerapp (?!job |env )/);
  });

  it('hands over with the command that starts it, and checks its executions', () => {
    const { commands, verify } = runbookOf('execution-ended');

    expect(commands.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^az containerapp job start --name job-import --resource-group rg-apps /),
    ]);
    expect(verify).toMatch(/^az containerapp job execution list --name job-import /);
  });

  it('starts an execution where the runbook of an app restarts a revision', () => {
    const text = 'az containerapp revision restart --name a --resource-group g --revision r';
    const written = {
      title: '',
      advice: '',
      commands: [{ title: '', language: 'az', text }],
      verify: '',
      undo: '',
    } as const;

    expect(forKind(jobTarget, written).commands[0]?.text).toBe('az containerapp job start --name a --resource-group g');
    expect(forKind(target, written)).toBe(written);
  });
});
