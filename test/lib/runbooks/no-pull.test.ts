// Runbooks of trouble that is no pull: what the platform says stands in them as codes, and never as text.
import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { diagnosisOf, inputFor } from './cases.ts';

const saying = (cause: 'no-replica-scheduled' | 'something-else', ...said: string[]): Diagnosis => ({
  ...diagnosisOf(cause),
  for: [
    { code: 'log-says', detail: { words: 'token=hunter2', label: 'not-a-pull-failure' } },
    ...said.map((says) => ({ code: 'platform-says' as const, detail: { says } })),
  ],
});

describe('the runbook', () => {
  it('of replicas that are never made looks at the environment of the app', () => {
    const { title, commands, owner } = runbookFor(inputFor('no-replica-scheduled'));

    expect(title).toContain('gets no replica');
    expect(owner).toBe('app team');
    expect(commands.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^az containerapp env list-usages --name cae-shop --resource-group rg-apps /),
      expect.stringMatching(/^az containerapp env workload-profile list --name cae-shop /),
      expect.stringMatching(/^az containerapp logs show --name ca-orders .*--type system/),
    ]);
  });

  it.each(['no-replica-scheduled', 'something-else'] as const)('of %s says the codes, and no text', (cause) => {
    const diagnosis = saying(cause, 'a probe fails', 'a container exits');
    const { advice } = runbookFor(inputFor(cause, { diagnosis }));

    expect(advice).toContain(' The platform says: a probe fails; a container exits.');
    expect(advice).not.toContain('hunter2');
    expect(runbookFor(inputFor(cause, { diagnosis: saying(cause) })).advice).not.toContain('The platform says');
  });
});
