// A restart is announced before it is made: one restart serves every remediation of the revision, whichever host or image it is for.
import { describe, expect, it } from 'vitest';
import { listRemediations, showRemediation } from '../../../src/lib/console/views.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { type RestartChange, templateName } from '../../../src/lib/history/restarted.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import type { ActionAnswer } from '../../../src/lib/ports/ports.ts';
import { makeRestart, restartNotMade } from '../../../src/lib/remediation/make-restart.ts';
import { recallRestarts, rememberRestartUnless } from '../../../src/lib/remediation/restart-memory.ts';
import { beginTurn, live } from '../../../src/lib/remediation/turn.ts';
import { known, valueOf } from '../../../src/lib/words/fact.ts';
import { type RemediationId, type TargetId, targetOf } from '../../../src/lib/words/target.ts';
import { pageOf } from '../console-pages.ts';
import { redeploying, rejected } from '../decision/retried.ts';
import {
  app,
  appId,
  assignment,
  config,
  groupId,
  minute,
  nowMs,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  target,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const images = ['orders', 'proxy', 'cache'].map((name) => `acrshop.azurecr.io/shop/${name}:v1`);

const other = `t${'9'.repeat(24)}.1` as RemediationId;

/** One revision with three images, none of which is pulled; the role is there, and a restart is due. */
function threeImages(): Evidence {
  const containers = images.flatMap((image, at) =>
    stuckReplica.containers.map((container) => ({ ...container, name: `c${at}`, image })),
  );
  const imageOf = Object.fromEntries(containers.map(({ name, image }) => [name, image]));
  return {
    ...roleMissing,
    roles: known([assignment(6 * minute)]),
    app: known({ ...app, images }),
    revisions: known([{ ...revision, images, imageOf }]),
    replicas: known([{ ...stuckReplica, containers }]),
    logs: known(
      images.map((image) => ({
        ...unauthorizedRow,
        text: `Container pull image failed with unauthorized error: ${image}`,
      })),
    ),
  };
}

async function pages(running: Memory): Promise<string[]> {
  const shown = await Promise.all(
    (await listRemediations(running.ports)).map((view) => showRemediation(running.ports, view.id)),
  );
  return shown.map((one) => (one === undefined ? '' : pageOf(one.remediation, one.entries)));
}

function made(actions: readonly { readonly action: string; readonly outcome: string }[]): string[] {
  return actions.map(({ action, outcome }) => `${action}: ${outcome}`);
}

describe('a revision with several images that cannot be pulled', () => {
  it('is restarted once a rung; the other remediations wait for that restart and name it', async () => {
    const running = memory(config(), threeImages(), nowMs);
    await running.deliver(signal);
    // The role is six minutes old. This restart is nearer to the rung of 400 seconds than to that of 200; the next one is that of 680.
    expect(running.world.restarted).toEqual([revision.name]);
    await running.pass(9 * minute);
    const views = await listRemediations(running.ports);
    const [maker] = views.filter(({ actions }) => made(actions).includes('restart: done'));

    expect(views).toHaveLength(3);
    expect(running.world.restarted).toEqual([revision.name, revision.name]);
    const said = (await pages(running)).filter((page) =>
      page.includes(`Remediation ${maker?.id} restarted ${revision.name} a short time ago`),
    );
    expect(said).toHaveLength(3);
  });

  it('is restarted by one of several hosts that decided it at the same moment', async () => {
    const observing = config({ PULLMEDIC_MODE: 'observe' });
    const running = memory(observing, threeImages(), nowMs);
    await running.deliver(signal);
    const sent: string[] = [];
    const restart = async ({ targetId }: { readonly targetId: TargetId }): Promise<ActionAnswer> => {
      const turn = await beginTurn(running.ports, config(), targetId);
      const retry = { rung: 3, number: 1, most: 6, sinceMs: nowMs - 6 * minute, afterMs: 6 * minute };
      const change = { do: 'restart', revision: revision.name, because: 'cause-is-gone', retry } as const;
      return makeRestart(turn, change, live(turn), async () => {
        sent.push(targetId);
        return { outcome: 'done' };
      });
    };

    const answers = await Promise.all([...running.rows.values()].map(restart));

    expect(sent).toHaveLength(1);
    expect(answers.map(({ outcome, because }) => `${outcome} ${because ?? ''}`).toSorted()).toEqual([
      'done ',
      'withheld restart-limit: same-rung',
      'withheld restart-limit: same-rung',
    ]);
  });
});

describe('a restart that was not made', () => {
  const due = { ...roleMissing, roles: known([assignment(6 * minute)]) };

  async function after(answer: ActionAnswer): Promise<Memory> {
    const running = memory(config(), due, nowMs);
    running.world.restartAnswer = answer;
    await running.deliver(signal);
    return running;
  }

  it.each<[ActionAnswer['outcome'], number]>([
    ['done', 1],
    ['unknown', 1],
    ['failed', 0],
    ['withheld', 0],
  ])('counts by its outcome: %s', async (outcome, counted) => {
    const running = await after({ outcome, because: 'x' });

    expect(valueOf(await recallRestarts(running.ports, appId))).toHaveLength(counted);
  });

  it('is taken back once', async () => {
    const running = await after({ outcome: 'done' });
    const [row] = running.rows.values();
    const turn = await beginTurn(running.ports, config(), row?.targetId ?? ('' as never));
    const remediation = live(turn);
    const entries = async (): Promise<number> =>
      (await running.ports.deployment.read(`restarts-${running.ports.hash(appId)}`)).length;

    await restartNotMade(turn, remediation, 'not-made');
    await restartNotMade(turn, remediation, 'not-made');

    expect(await entries()).toBe(2);
    expect(valueOf(await recallRestarts(running.ports, appId))).toEqual([]);
  });

  it('is withheld where the ledger cannot be reached at that moment', async () => {
    const running = memory(config(), due, nowMs);
    running.world.before = (call) => {
      if (call === 'deployment.append') throw new Error('down');
    };

    await expect(running.deliver(signal)).rejects.toThrow('down');

    expect(running.world.restarted).toEqual([]);
  });
});

describe('the announcement of a retry', () => {
  const restart = { do: 'restart', revision: revision.name, because: 'cause-is-gone' } as const;
  const another = {
    do: 'new-revision',
    revision: 'ca-orders--pm-1',
    suffix: 'pm-1',
    template: 'as-deployed',
    instead: revision.name,
    because: 'restart-refused',
  } as const;

  /** The retry is made for a remediation that has only looked, with this answer of Azure. */
  async function retried(
    change: RestartChange,
    answer: ActionAnswer,
    before: (running: Memory, targetId: TargetId) => Promise<void> = async () => undefined,
    isContended = false,
  ) {
    const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);
    await running.deliver(signal);
    const [row] = running.rows.values();
    if (row === undefined) throw new Error('There is no remediation.');
    await before(running, row.targetId);
    const turn = await beginTurn(running.ports, config(), row.targetId);
    if (isContended) Object.assign(running.ports.deployment, { append: async () => 'taken' });
    const said = await makeRestart(turn, change, live(turn), async () => answer);
    const entries = (await running.ports.deployment.read(`restarts-${running.ports.hash(appId)}`)).map(
      (one) => one.entry,
    );
    return { running, turn, said, entries };
  }

  it('names the revision, and the new one that stands in for it', async () => {
    const [restarted] = (await retried(restart, { outcome: 'done' })).entries;
    const [replaced] = (await retried(another, { outcome: 'done' })).entries;

    expect(restarted).toMatchObject({ kind: 'restart-announced', revision: revision.name, by: 'restart' });
    expect(restarted).not.toHaveProperty('made');
    expect(replaced).toMatchObject({ revision: revision.name, by: 'new-revision', made: another.revision });
  });

  it('names the rung that it is for, where the decision does', async () => {
    const retry = { rung: 3, number: 1, most: 6, sinceMs: nowMs - 6 * minute, afterMs: 6 * minute };

    expect((await retried({ ...restart, retry }, { outcome: 'done' })).entries[0]).toHaveProperty('rung', 3);
    expect((await retried(restart, { outcome: 'done' })).entries[0]).not.toHaveProperty('rung');
  });

  it.each<[string, RestartChange, string, string | undefined]>([
    ['a restart of this revision', restart, revision.name, 'approval: rejected'],
    ['a restart of another revision', restart, 'ca-orders--0000009', undefined],
    ['the revision that the new one stands in for', another, revision.name, 'approval: rejected'],
    ['the template of the new revision', another, templateName(another.template), 'approval: rejected'],
    ['another template', another, templateName('another'), undefined],
  ])('is made or not by what a person refused meanwhile: %s', async (_, change, refused, because) => {
    const { said } = await retried(change, { outcome: 'done' }, async (running) => {
      const no = { kind: 'restart-refused', revision: refused, by: 'anna', remediation: other } as const;
      await rememberRestartUnless(running.ports, appId, no, () => undefined);
    });

    expect(said.because).toBe(because);
  });

  it('counts the restarts that only the history of the target knows, and not the one that it announces', async () => {
    const decided: Entry = { kind: 'decided', decision: restart, dueAtMs: nowMs, refusals: [] };
    const done: Entry = { kind: 'outcome', action: 'restart', outcome: 'done' };
    const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };
    const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
    const after = async (entries: readonly Entry[], laterMs: number): Promise<string | undefined> => {
      const { said } = await retried(restart, { outcome: 'done' }, async ({ ports, world }, targetId) => {
        for (const entry of entries) {
          const { lastSeq } = await readTarget(ports, targetId);
          await ports.history.append(targetId, lastSeq, entry);
        }
        world.nowMs += laterMs;
      });
      return said.because;
    };

    expect(await after([decided, done, closed, opened, decided], 60 * minute)).toBe('restart-limit: revision');
    expect(await after([closed, opened, decided], 60 * minute)).toBeUndefined();
  });

  it.each([
    [
      'of a container group for one container withholds the same one for another container',
      groupId,
      'restart-limit: same-rung',
    ],
    ['of one revision of an app leaves the other revisions to theirs', appId, undefined],
  ])('that was made meanwhile %s', async (_, id, because) => {
    const retry = {
      rung: 1,
      number: 1,
      most: 1,
      sinceMs: nowMs - minute,
      afterMs: minute,
      countsFromMs: nowMs - minute,
    };
    const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);
    await running.deliver(signal);
    const [row] = running.rows.values();
    const turn = await beginTurn(running.ports, config(), row?.targetId ?? ('' as never));
    const before = {
      kind: 'restart-announced',
      app: id,
      revision: 'another',
      by: 'restart',
      remediation: other,
    } as const;
    await rememberRestartUnless(running.ports, id, before, () => undefined);
    const about = { ...live(turn), target: targetOf(id, target.image) };

    expect((await makeRestart(turn, { ...restart, retry }, about, async () => ({ outcome: 'done' }))).because).toBe(
      because,
    );
  });

  it('that names no rung, as earlier versions decided it, is made beside others of the same attempt', async () => {
    const { said } = await retried(restart, { outcome: 'done' }, async ({ ports }) => {
      const before = { kind: 'restart-announced', app: appId, revision: revision.name, by: 'restart' } as const;
      await rememberRestartUnless(ports, appId, { ...before, remediation: other }, () => undefined);
    });

    expect(said).toEqual({ outcome: 'done' });
  });

  it('is taken back with the reason that Azure gave, or else with the outcome', async () => {
    const reason = async (answer: ActionAnswer) => (await retried(restart, answer)).entries.at(-1);

    expect(await reason({ outcome: 'failed', because: 'conflict' })).toMatchObject({ because: 'conflict' });
    expect(await reason({ outcome: 'failed' })).toMatchObject({ kind: 'restart-not-made', because: 'failed' });
  });

  it('that others write before all the time withholds the restart', async () => {
    const { said } = await retried(restart, { outcome: 'done' }, undefined, true);

    expect(said).toEqual({ outcome: 'withheld', because: 'restart-limit: busy' });
  });

  it('is not taken back by a remediation that announced none', async () => {
    const { running, turn } = await retried(restart, { outcome: 'done' });
    await restartNotMade(turn, { ...live(turn), id: other }, 'not-made');

    expect(valueOf(await recallRestarts(running.ports, appId))).toHaveLength(1);
    expect(await running.ports.deployment.read(`restarts-${running.ports.hash(appId)}`)).toHaveLength(1);
  });
});

describe('a restart that Azure throttles', () => {
  const throttled = { outcome: 'failed', because: 'throttled' } as const;

  it('is asked for once a rung, and not at each look', async () => {
    const young: Evidence = { ...roleMissing, roles: known([assignment(10_000)]) };
    const running = memory(config(), young, nowMs);
    running.world.restartAnswer = throttled;
    await running.deliver(signal);
    await running.pass(2 * minute);
    expect(running.world.restarted).toHaveLength(2);

    running.world.restartAnswer = { outcome: 'done' };
    await running.pass(2 * minute);
    expect(running.world.restarted).toHaveLength(3);
  });

  it('leaves the trouble to a person once the time of the role is over', async () => {
    const young: Evidence = { ...roleMissing, roles: known([assignment(10_000)]) };
    const running = memory(config(), young, nowMs);
    running.world.restartAnswer = throttled;
    await running.deliver(signal);
    await running.pass(40 * minute);

    expect(running.world.restarted).toHaveLength(8);
    expect((await listRemediations(running.ports)).map(({ decision }) => decision?.do)).toEqual(['incident']);
  });
});

describe('a deployment that Azure rejected, and whose repetition it throttles', () => {
  it('is tried again a few times, and then a person is asked', async () => {
    const running = memory(redeploying, rejected(6 * minute), nowMs);
    let asked = 0;
    running.ports.actions.newRevision = async () => {
      asked += 1;
      return { outcome: 'failed', because: 'throttled' };
    };
    await running.deliver(signal);
    await running.pass(20 * minute);

    expect(asked).toBe(8);
    expect((await listRemediations(running.ports)).map(({ decision }) => decision?.do)).toEqual(['ask']);
  });
});
