// Which run of a workload keeps failing, and how long its pull is waited for.
import { describe, expect, it } from 'vitest';
import { failingRevision, isPullWaitedFor } from '../../../src/lib/decision/failing-run.ts';
import { longestPullMs } from '../../../src/lib/decision/pull-guard.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  groupFacts,
  groupRun,
  groupTarget,
  nowMs,
  pullingReplica,
  revision,
  roleMissing,
  waitingContainer,
} from '../facts.ts';
import { decisionInput } from '../situations.ts';

describe('the run that keeps failing', () => {
  it('of an app is the newest revision that does not serve', () => {
    expect(failingRevision(decisionInput(roleMissing))?.name).toBe(revision.name);
  });

  it('of a container group is the container that waits, and not one of another image', () => {
    const other = { ...groupRun, name: 'sidecar', images: ['docker.io/library/redis:7'] };
    const evidence = {
      ...roleMissing,
      app: known(groupFacts),
      revisions: known([other, groupRun]),
      replicas: known([waitingContainer]),
    };
    expect(failingRevision({ ...decisionInput(evidence), target: groupTarget, evidence })?.name).toBe('app');
  });
});

describe('a pull that is under way', () => {
  it('is waited for, and not for longer than the longest pull', () => {
    const since = (sinceMs: number) => {
      const replica = { ...pullingReplica, createdAtMs: sinceMs };
      const input = decisionInput({ ...roleMissing, replicas: known([replica]) });
      return isPullWaitedFor({ ...input, remediation: { ...input.remediation, pullSeenSinceMs: sinceMs } });
    };
    expect(since(nowMs - longestPullMs + 1)).toBe(true);
    expect(since(nowMs - longestPullMs)).toBe(false);
  });

  it('is none where nothing pulls', () => {
    expect(isPullWaitedFor(decisionInput(roleMissing))).toBe(false);
  });
});
