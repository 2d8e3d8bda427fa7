// An execution that has only begun tells nothing of its pull while another one does.
import { describe, expect, it } from 'vitest';
import type { LogRow, RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import { activeRevisions, type Evidence, everyActiveRevision } from '../../../src/lib/evidence/evidence.ts';
import { imageOverdueMs, withoutOnlyBegun } from '../../../src/lib/evidence/only-begun.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { execution, image, jobTarget, minute, nowMs, roleMissing, target, waitingExecutionReplica } from '../facts.ts';

const older: RevisionFacts = { ...execution, name: 'job-import-old', createdAtMs: nowMs - 3 * minute };
const replicaOf = (name: string, ready: boolean, details = '') => ({
  ...waitingExecutionReplica,
  name: `${name}-x`,
  revision: name,
  containers: [{ name: 'app', image, ready, state: ready ? 'Running' : 'Waiting', details }],
});
const rowOf = (revision: string, reason: string): LogRow => ({
  atMs: nowMs,
  revision,
  replica: `${revision}-x`,
  reason,
  severity: 'Normal',
  text: '',
});

/** The older execution has its image, and the newest one began a minute ago. */
const shown = {
  atMs: nowMs,
  replicas: known([replicaOf(older.name, true), replicaOf(execution.name, false)]),
  logs: known([rowOf(execution.name, 'SuccessfulCreate'), rowOf(execution.name, 'PullingImage')]),
};
const left = (more: Partial<Parameters<typeof withoutOnlyBegun>[1]> = {}, one = execution): string[] =>
  withoutOnlyBegun([one, older], { ...shown, ...more }).map(({ name }) => name);
const both = [execution.name, older.name];

describe('an execution that has only begun', () => {
  it('is left out while another one tells how pulls go', () => {
    expect(left()).toEqual([older.name]);
  });

  it('is not left out where it is the only one, or where none of them tells anything', () => {
    expect(withoutOnlyBegun([execution], shown)).toEqual([execution]);
    expect(left({ replicas: known([replicaOf(older.name, false), replicaOf(execution.name, false)]) })).toEqual(both);
  });

  it.each<[string, Parameters<typeof left>]>([
    ['has its image', [{ replicas: known([replicaOf(older.name, true), replicaOf(execution.name, true)]) }]],
    [
      'complains of its pull',
      [
        {
          replicas: known([
            replicaOf(older.name, true),
            replicaOf(execution.name, false, 'Container is waiting with reason: ImagePullBackOff'),
          ]),
        },
      ],
    ],
    ['has a row of a failed pull', [{ logs: known([rowOf(execution.name, 'ImagePullUnauthorized')]) }]],
    ['has been there for long', [{}, { ...execution, createdAtMs: nowMs - imageOverdueMs }]],
    ['is over', [{}, { ...execution, ended: true }]],
    ['has replicas that were not read', [{ replicas: unreadable('throttled') }]],
    ['has a log that was not read', [{ logs: unreadable('throttled') }]],
  ])('is no longer one that %s', (_, asked) => {
    expect(left(...asked)).toEqual(both);
  });

  it('is one a moment before it has been there for long', () => {
    expect(left({}, { ...execution, createdAtMs: nowMs - imageOverdueMs + 1 })).toEqual([older.name]);
  });
});

describe('the active runs of a target', () => {
  const evidence: Evidence = { ...roleMissing, ...shown, revisions: known([execution, older]) };
  const names = (runs: readonly RevisionFacts[]): string[] => runs.map(({ name }) => name);

  it('of a job are those that tell something, and of an app all of them', () => {
    expect(names(activeRevisions(jobTarget, evidence))).toEqual([older.name]);
    expect(names(everyActiveRevision(jobTarget, evidence))).toEqual(both);
    expect(names(activeRevisions(target, evidence))).toEqual(both);
  });
});
