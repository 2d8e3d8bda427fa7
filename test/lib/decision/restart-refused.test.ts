// A person's no to a restart: it binds every remediation of the revision, in every mode, until a person says yes.
import { describe, expect, it } from 'vitest';
import { listRemediations } from '../../../src/lib/console/views.ts';
import { noBindsMs, restartRefusedGuard } from '../../../src/lib/decision/restart-refused.ts';
import { newRevisionRefusals } from '../../../src/lib/decision/retry-guards.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { codeOf } from '../../../src/lib/history/refusals.ts';
import type { RefusedRestart } from '../../../src/lib/history/restarts.ts';
import { answerQuestion, readQuestion } from '../../../src/lib/remediation/approval.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import {
  app,
  assignment,
  config,
  minute,
  nowMs,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { decideOn, decisionInput } from '../situations.ts';
import { restartRefused } from './told.ts';

const images = ['orders', 'proxy'].map((name) => `acrshop.azurecr.io/shop/${name}:v1`);
const other = `t${'9'.repeat(24)}.1` as RemediationId;

function no(agoMs: number, name = revision.name): RefusedRestart {
  return { revision: name, by: 'anna', remediation: other, atMs: nowMs - agoMs };
}

/** One revision with two images, neither of which is pulled; the role is young. */
function twoImages(): Evidence {
  const containers = images.flatMap((image, at) =>
    stuckReplica.containers.map((container) => ({ ...container, name: `c${at}`, image })),
  );
  const imageOf = Object.fromEntries(containers.map(({ name, image }) => [name, image]));
  const text = (image: string): string => `Container pull image failed with unauthorized error: ${image}`;
  return {
    ...roleMissing,
    roles: known([assignment(40_000)]),
    app: known({ ...app, images }),
    revisions: known([{ ...revision, images, imageOf }]),
    replicas: known([{ ...stuckReplica, containers }]),
    logs: known(images.map((image) => ({ ...unauthorizedRow, text: text(image) }))),
  };
}

describe('a restart of which another remediation of the app was told no', () => {
  it('is refused in every mode, for a day', () => {
    expect(restartRefused({ refusedRestarts: known([no(noBindsMs - 1)]) })).toEqual(['approval: rejected']);
    expect(restartRefused({ refusedRestarts: known([no(noBindsMs)]) })).toEqual([]);
  });

  it('is not refused where the no was about another revision', () => {
    expect(restartRefused({ refusedRestarts: known([no(minute, 'ca-orders--0000009')]) })).toEqual([]);
  });

  it('is refused where what people said cannot be read', () => {
    expect(restartRefusedGuard({ nowMs, refusedRestarts: unreadable('unavailable') }, [revision.name])).toEqual({
      guard: 'restart-limit',
      why: 'unreadable',
    });
  });

  it('is not made by a new revision in its place either, and a no to a template binds that template', () => {
    const refused = (name: string, at?: typeof revision): string[] => {
      const evidence = { ...roleMissing, app: known({ ...app, template: 'its-template' }) };
      return newRevisionRefusals(decisionInput(evidence, { refusedRestarts: known([no(minute, name)]) }), at).map(
        codeOf,
      );
    };

    expect(refused(revision.name, revision)).toEqual(['approval: rejected']);
    expect(refused('template:its-template')).toEqual(['approval: rejected']);
    expect(refused('template:another')).toEqual([]);
  });

  it('is not asked about again', () => {
    const story = { config: config({ PULLMEDIC_MODE: 'approve' }), refusedRestarts: known([no(minute)]) };
    const { decision } = decideOn({ ...roleMissing, roles: known([assignment(40_000)]) }, story);

    expect(decision).toMatchObject({ do: 'wait' });
  });
});

describe('one revision with two images, in mode approve', () => {
  const ids = async (running: Memory): Promise<string[]> => (await listRemediations(running.ports)).map(({ id }) => id);
  const asked = async (running: Memory, id: string): Promise<number | undefined> =>
    (await readQuestion(running.ports, id))?.open?.question;
  async function answer(running: Memory, id: string, said: 'approved' | 'rejected'): Promise<string> {
    const { kind } = await answerQuestion(running.ports, id, {
      answer: said,
      question: (await asked(running, id)) ?? 0,
      by: 'anna',
    });
    await running.settle();
    return kind;
  }
  async function bothAsk(): Promise<{ running: Memory; first: string; second: string }> {
    const running = memory(config({ PULLMEDIC_MODE: 'approve' }), twoImages(), nowMs);
    await running.deliver(signal);
    const [first = '', second = ''] = await ids(running);
    expect([await asked(running, first), await asked(running, second)]).toEqual([
      expect.any(Number),
      expect.any(Number),
    ]);
    return { running, first, second };
  }

  it('is not restarted any more after a no, also where a yes to the other image came before it', async () => {
    const { running, first, second } = await bothAsk();
    await answer(running, first, 'approved');
    expect(running.world.restarted).toHaveLength(1);

    expect(await answer(running, second, 'rejected')).toBe('answered');
    await running.pass(30 * minute);
    expect(running.world.restarted).toHaveLength(1);
  });

  it('is restarted where a person says yes after the no', async () => {
    const { running, first, second } = await bothAsk();
    await answer(running, first, 'rejected');
    expect(running.world.restarted).toHaveLength(0);

    expect(await answer(running, second, 'approved')).toBe('answered');
    expect(running.world.restarted).toHaveLength(1);
  });

  it('is asked about once after a no: the other question is withdrawn with its next look', async () => {
    const { running, first, second } = await bothAsk();
    await answer(running, first, 'rejected');
    await running.pass(5 * minute);

    expect(await asked(running, second)).toBeUndefined();
    expect(running.world.restarted).toEqual([]);
  });

  it('is not restarted where the no arrives between the decision and the announcement', async () => {
    const { running, first, second } = await bothAsk();
    const question = (await asked(running, second)) ?? 0;
    let isTold = false;
    const probe = running.ports.azure.probe.bind(running.ports.azure);
    running.ports.azure.probe = async (name, ...more) => {
      // Only the last look before the restart reads the replicas of a revision without the facts of the app beside them.
      const [, soFar] = more;
      if (name === 'replicas' && soFar.app === undefined && !isTold) {
        isTold = true;
        await answerQuestion(running.ports, second, { answer: 'rejected', question, by: 'bob' });
      }
      return probe(name, ...more);
    };
    await answer(running, first, 'approved');

    expect(isTold).toBe(true);
    expect(running.world.restarted).toEqual([]);
  });
});
