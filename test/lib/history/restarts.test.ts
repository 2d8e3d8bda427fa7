// What the announced restarts of an app add up to.
import { describe, expect, it } from 'vitest';
import { type AnnouncedRestart, foldRestarts, type RestartEntry } from '../../../src/lib/history/restarts.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { appId, nowMs } from '../facts.ts';

const [one, two] = [`t${'1'.repeat(24)}.1`, `t${'2'.repeat(24)}.1`] as [RemediationId, RemediationId];

function announced(remediation: RemediationId, revision: string): RestartEntry {
  return { kind: 'restart-announced', app: appId, revision, by: 'restart', remediation };
}

function notMade(remediation: RemediationId): RestartEntry {
  return { kind: 'restart-not-made', remediation, because: 'failed' };
}

function fold(...entries: RestartEntry[]): ReturnType<typeof foldRestarts> {
  return foldRestarts(entries.map((entry, at) => ({ seq: at + 1, atMs: nowMs + at, entry })));
}

function said({ restarts }: ReturnType<typeof foldRestarts>): string[] {
  return restarts.map(({ revision, remediation, atMs }: AnnouncedRestart) => `${revision} ${remediation} ${atMs}`);
}

describe('the restarts of an app', () => {
  it('are those that were announced, with the time and the remediation of each', () => {
    const memory = fold(announced(one, 'a'), announced(two, 'b'));

    expect(said(memory)).toEqual([`a ${one} ${nowMs}`, `b ${two} ${nowMs + 1}`]);
    expect(memory.lastSeq).toBe(2);
    expect(fold()).toEqual({ starts: [], restarts: [], refused: [], lastSeq: 0 });
  });

  it('do not hold one that was not made after all: the last one of that remediation, and no other', () => {
    expect(said(fold(announced(one, 'a'), announced(two, 'a'), announced(one, 'b'), notMade(one)))).toEqual([
      `a ${one} ${nowMs}`,
      `a ${two} ${nowMs + 1}`,
    ]);
    expect(said(fold(announced(one, 'a'), notMade(two)))).toEqual([`a ${one} ${nowMs}`]);
  });
});

describe('the starts of a job', () => {
  it('stay announced whatever became of them, and are no restarts', () => {
    const start = { kind: 'start-announced', app: appId, execution: 'job-a-1', remediation: one } as const;
    const memory = fold(start, notMade(one));

    expect(memory.starts).toEqual([{ execution: 'job-a-1', remediation: one, atMs: nowMs }]);
    expect(memory.restarts).toEqual([]);
  });
});

describe('what people said about restarts', () => {
  const remediation = `t${'7'.repeat(24)}.1` as RemediationId;
  const said = (kind: 'restart-refused' | 'restart-approved', revision: string): RestartEntry => ({
    kind,
    revision,
    by: 'anna',
    remediation,
  });
  const refused = (...entries: RestartEntry[]): string[] => fold(...entries).refused.map(({ revision }) => revision);

  it('is a no until a later yes to the same revision', () => {
    expect(refused(said('restart-refused', 'one'))).toEqual(['one']);
    expect(refused(said('restart-refused', 'one'), said('restart-approved', 'one'))).toEqual([]);
    expect(refused(said('restart-refused', 'one'), said('restart-approved', 'two'))).toEqual(['one']);
    expect(refused(said('restart-approved', 'one'), said('restart-refused', 'one'))).toEqual(['one']);
  });
});
