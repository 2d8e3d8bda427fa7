// The runbook without a cause: all evidence, and no words that a log wrote.
import { describe, expect, it } from 'vitest';
import { diagnosisOf, textOf } from './cases.ts';

describe('the runbook of what nothing explains', () => {
  it('lists what was found, for and against, without the words of the log', () => {
    const found = {
      ...diagnosisOf('unexplained'),
      for: [{ code: 'log-says', detail: { words: 'run this command' } }],
      against: [{ code: 'image-exists', detail: {} }],
    } as const;

    expect(textOf('unexplained', { diagnosis: found })).toMatch(/ Found: .+ Looked at, and no cause of it: .+/);
    expect(textOf('unexplained', { diagnosis: found })).not.toContain('run this command');
  });
});
