// Failure by absence: an execution that lacks its image, and what the log may say for it.
import { describe, expect, it } from 'vitest';
import type { LogRow, ReplicaFacts, RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import { type Evidence, nothingAsked } from '../../../src/lib/evidence/evidence.ts';
import {
  correctedSince,
  lacksImage,
  saysPresent,
  saysPulled,
  waitingExecutions,
  withPulledRows,
} from '../../../src/lib/evidence/executions.ts';
import { imageOverdueMs } from '../../../src/lib/evidence/only-begun.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import { app, execution, image, jobId, jobTarget, nowMs, target, waitingExecutionReplica } from '../facts.ts';

const old: RevisionFacts = { ...execution, createdAtMs: nowMs - imageOverdueMs };

function seen(
  one: RevisionFacts,
  replica: ReplicaFacts = waitingExecutionReplica,
  rows: readonly LogRow[] = [],
): Evidence {
  return { ...nothingAsked(nowMs), revisions: known([one]), replicas: known([replica]), logs: known(rows) };
}

function withContainer(more: Partial<ReplicaFacts['containers'][number]>): ReplicaFacts {
  return { ...waitingExecutionReplica, containers: [{ name: 'app', image, ready: false, state: 'Waiting', ...more }] };
}

const pulled: LogRow = {
  atMs: nowMs,
  revision: execution.name,
  replica: waitingExecutionReplica.name,
  reason: 'PulledImage',
  severity: 'Normal',
  text: `Successfully pulled image "${image}" in 2s.`,
};

describe('an execution lacks its image', () => {
  it('once it has run for minutes without a sign of it, and not a moment before', () => {
    expect(lacksImage(jobTarget, seen(old))).toBe(true);
    expect(lacksImage(jobTarget, seen({ ...old, createdAtMs: old.createdAtMs + 1 }))).toBe(false);
  });

  it('not where its container runs, or the log says that the image was pulled', () => {
    expect(lacksImage(jobTarget, seen(old, withContainer({ ready: true, state: 'Running' })))).toBe(false);
    expect(lacksImage(jobTarget, seen(old, waitingExecutionReplica, [pulled]))).toBe(false);
    expect(lacksImage(jobTarget, seen(old, waitingExecutionReplica, [{ ...pulled, revision: 'another' }]))).toBe(true);
  });

  it('where it failed and ARM shows that its container never ran', () => {
    const failed: RevisionFacts = { ...execution, runningState: 'Failed', ended: true };

    expect(lacksImage(jobTarget, seen(failed))).toBe(true);
    expect(lacksImage(jobTarget, seen(failed, withContainer({ state: 'unknown' })))).toBe(false);
    expect(lacksImage(jobTarget, seen({ ...failed, runningState: 'Stopped' }))).toBe(false);
  });

  it('not where the executions could not be read, and never for an app', () => {
    expect(lacksImage(jobTarget, { ...seen(old), replicas: unreadable('forbidden') })).toBe(false);
    expect(lacksImage(target, seen(old))).toBe(false);
  });
});

describe('the template of a job was corrected', () => {
  const other = 'acrshop.azurecr.io/shop/import:v2';
  const written = { by: 'anna@contoso.example', atMs: execution.createdAtMs };
  const facts = { ...app, id: jobId, images: [other], lastWrite: written };
  const since = (more: Partial<typeof facts> = {}, executions: readonly RevisionFacts[] = [execution]) =>
    correctedSince(jobTarget, { ...seen(execution), app: known({ ...facts, ...more }), revisions: known(executions) });

  it('since it was written without the image of the last execution, and not where that began later', () => {
    expect(since()).toBe(written.atMs);
    expect(since({ lastWrite: { ...written, atMs: written.atMs - 1 } })).toBeUndefined();
  });

  it('not where it still asks for the image, where the write failed, or where a later execution has another image', () => {
    const later = { ...execution, name: 'later', createdAtMs: execution.createdAtMs + 1, images: [other] };

    expect(since({ images: [other, image] })).toBeUndefined();
    expect(since({ provisioningState: 'Failed' })).toBeUndefined();
    expect(since({}, [execution, later])).toBeUndefined();
  });

  it('not where ARM does not say when it was written, where there is no execution, and never of an app', () => {
    const { lastWrite: _unsaid, ...silent } = facts;

    expect(correctedSince(jobTarget, { ...seen(execution), app: known(silent) })).toBeUndefined();
    expect(since({}, [])).toBeUndefined();
    expect(correctedSince(target, { ...seen(execution), app: known(facts) })).toBeUndefined();
  });
});

describe('executions that wait', () => {
  it('are those that go on and whose containers do not run', () => {
    expect(waitingExecutions(jobTarget, seen(execution)).map(({ name }) => name)).toEqual([execution.name]);
    expect(waitingExecutions(jobTarget, seen({ ...execution, ended: true }))).toEqual([]);
    expect(waitingExecutions(jobTarget, seen(execution, withContainer({ ready: true })))).toEqual([]);
  });
});

describe('a row about a pull', () => {
  const ready = (evidence: Evidence): boolean[] =>
    (valueOf(evidence.replicas) ?? []).flatMap(({ containers }) => containers.map((one) => one.ready));

  it('counts where ARM shows nothing of the containers', () => {
    const unseen = seen(execution, withContainer({ state: 'unknown' }), [pulled]);

    expect(ready(withPulledRows(jobTarget, unseen))).toEqual([true]);
  });

  it('does not count against what ARM shows, for another image, after the end, or for an app', () => {
    const unseen = withContainer({ state: 'unknown' });

    expect(ready(withPulledRows(jobTarget, seen(execution, waitingExecutionReplica, [pulled])))).toEqual([false]);
    expect(ready(withPulledRows(jobTarget, seen(execution, unseen, [{ ...pulled, text: 'other:v1' }])))).toEqual([
      false,
    ]);
    expect(ready(withPulledRows(jobTarget, seen({ ...execution, ended: true }, unseen, [pulled])))).toEqual([false]);
    expect(ready(withPulledRows(target, seen(execution, unseen, [pulled])))).toEqual([false]);
  });
});

describe('the text of a row', () => {
  const row = (text: string, reason = 'PulledImage'): LogRow => ({ ...pulled, reason, text });

  it('is about this image, and not about one whose tag begins alike', () => {
    expect(saysPulled(row(`Successfully pulled image "${image}" in 2s.`), image)).toBe(true);
    expect(saysPulled(row(`Successfully pulled image ${image}.`), image)).toBe(true);
    expect(saysPulled(row(`Successfully pulled image "${image}0" in 2s.`), image)).toBe(false);
    expect(saysPulled(row(`Successfully pulled image "${image}.1" in 2s.`), image)).toBe(false);
    expect(saysPulled(row(`"${image}0" and "${image}"`), image)).toBe(true);
  });

  it('that speaks of an image that the node had speaks of no pull', () => {
    const text = `Container image "${image}" already present on machine`;

    expect([saysPulled(row(text), image), saysPresent(row(text, 'Pulled'), image)]).toEqual([false, true]);
    expect(saysPresent(row(`Container image "${image}0" already present on machine`), image)).toBe(false);
    expect(saysPresent(pulled, image)).toBe(false);
  });
});
