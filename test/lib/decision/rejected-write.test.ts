// A deployment that Azure rejected and that pullmedic may drive again, when what it knows has grown old on the way.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, assignment, config, minute, nowMs, roleMissing } from '../facts.ts';
import { decideOn } from '../situations.ts';

const rejected: Evidence = {
  ...roleMissing,
  app: known({ ...app, provisioningState: 'Failed', template: 'its-template' }),
  revisions: known([]),
  replicas: known([]),
  logs: known([]),
  roles: known([assignment(6 * minute)]),
};

function decided(readMsAgo: number, openedMsAgo: number): string {
  const evidence = { ...rejected, atMs: nowMs - readMsAgo };
  const settings = config({ PULLMEDIC_SETTINGS: '{"retry":{"newRevision":true}}' });
  const { decision } = decideOn(evidence, { openedAgoMs: openedMsAgo, config: settings });
  return `${decision.do}: ${decision.because}`;
}

describe('a rejected deployment whose role should work by now', () => {
  it('is driven again', () => {
    expect(decided(0, 6 * minute)).toBe('new-revision: write-rejected');
  });

  it('is looked at again where the look took too long, and nobody is woken for it', () => {
    expect(decided(4 * minute, 6 * minute)).toBe('wait: looking-again');
  });

  it('asks a person where that goes on', () => {
    expect(decided(4 * minute, 16 * minute)).toBe('incident: change-refused');
  });
});
