// A grant is announced before it is made, held back by a no that arrives in between, and taken back from the memory if it was not made.
import { describe, expect, it } from 'vitest';
import { listRemediations } from '../../../src/lib/console/views.ts';
import type { AccessMemory } from '../../../src/lib/history/access-memory.ts';
import { recallAccess, remember } from '../../../src/lib/remediation/access-memory.ts';
import { answerQuestion } from '../../../src/lib/remediation/approval.ts';
import { appendToDeployment, ledgerFacts } from '../../../src/lib/remediation/deployment.ts';
import { makeGrant } from '../../../src/lib/remediation/make-grant.ts';
import { beginTurn, live } from '../../../src/lib/remediation/turn.ts';
import { known, valueOf } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  app,
  appId,
  arm,
  config,
  minute,
  nowMs,
  principal,
  registryId,
  roleMissing,
  signal,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const another = `t${'1'.repeat(24)}.1` as RemediationId;
const no = { kind: 'grant-refused', grant, how: 'rejected', by: 'anna', remediation: another, app: appId } as const;

async function remembered({ ports }: Memory): Promise<AccessMemory | undefined> {
  return valueOf(await recallAccess(ports, grant));
}

/** Does something when the ledger takes the first entry of this kind. */
function before(running: Memory, kind: string, what: () => Promise<void>): void {
  const append = running.ports.deployment.append.bind(running.ports.deployment);
  let done = false;
  Object.assign(running.ports.deployment, {
    append: async (...asked: Parameters<typeof append>) => {
      if (asked[2].kind === kind && !done) {
        done = true;
        await what();
      }
      return append(...asked);
    },
  });
}

describe('a grant', () => {
  it('is announced before Azure is asked for it', async () => {
    const running = memory(config(), roleMissing, nowMs);
    let announced: unknown;
    Object.assign(running.ports.actions, {
      grant: async () => {
        announced = (await remembered(running))?.made;
        return { outcome: 'done', undo: 'x' };
      },
    });
    await running.deliver(signal);

    expect(announced).toMatchObject([{ grant, app: appId, atMs: nowMs }]);
  });

  it.each(['grant-counted', 'grant-made'])(
    'is withheld if a person says no elsewhere just before the entry %s is written',
    async (kind) => {
      const running = memory(config(), roleMissing, nowMs);
      before(running, kind, () => remember(running.ports, grant, no));
      await running.deliver(signal);
      await running.pass(20 * minute);

      const [one] = await listRemediations(running.ports);
      expect(running.world.granted).toEqual([]);
      expect(one?.actions).toMatchObject([
        { action: 'grant', outcome: 'withheld', because: 'refused-before: rejected' },
      ]);
      expect(one).toMatchObject({ state: 'needs-person', refusals: ['refused-before: rejected'] });
      expect((await remembered(running))?.made).toEqual([]);
    },
  );

  it.each([
    ['that every guard let pass', config()],
    ['that a person approved', config({ PULLMEDIC_MODE: 'approve' })],
  ])('%s is withheld if the other grants of the hour fill the limit just before it is counted', async (_, settings) => {
    const running = memory(settings, roleMissing, nowMs);
    const { grantsPerHour } = settings.settings.limits;
    before(running, 'grant-counted', async () => {
      for (let count = 0; count < grantsPerHour; count += 1)
        await appendToDeployment(running.ports, { kind: 'grant-counted', remediation: another });
    });
    await running.deliver(signal);
    const [asked] = await listRemediations(running.ports);
    const given = { answer: 'approved', question: asked?.approval?.question ?? 0, by: 'anna' } as const;
    if (settings.mode === 'approve') await answerQuestion(running.ports, asked?.id ?? '', given);
    await running.settle();

    const [one] = await listRemediations(running.ports);
    expect(running.world.granted).toEqual([]);
    expect(one?.actions).toMatchObject([{ action: 'grant', outcome: 'withheld', because: 'hourly-limit: reached' }]);
  });

  it('is withheld, and uses up no place in the limits, if the memory cannot be read right before it', async () => {
    const running = memory(config(), roleMissing, nowMs);
    const read = running.ports.deployment.read.bind(running.ports.deployment);
    let reads = 0;
    Object.assign(running.ports.deployment, {
      read: async (partition: string) => {
        if (!partition.startsWith('access-')) return read(partition);
        reads += 1;
        if (reads > 1) throw new Error('down');
        return read(partition);
      },
    });
    await running.deliver(signal);

    const [one] = await listRemediations(running.ports);
    expect(running.world.granted).toEqual([]);
    expect(one?.actions).toMatchObject([{ outcome: 'withheld', because: 'refused-before: unreadable' }]);
    expect(await read('deployment')).toEqual([]);
  });

  it.each([
    ['failed', []],
    ['already-there', []],
    ['done', [{ grant }]],
    ['unknown', [{ grant }]],
  ] as const)('that is %s counts as made, or not', async (outcome, made) => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.grantAnswer = { outcome };
    await running.deliver(signal);

    expect((await remembered(running))?.made).toMatchObject(made);
  });

  it('whose answer was lost is remembered as in doubt, until the log shows no removal', async () => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.grantAnswer = { outcome: 'unknown', because: 'no-answer' };
    await running.deliver(signal);
    await running.pass(minute);
    // Settled by the step that came 20 seconds later.
    expect((await remembered(running))?.made).toMatchObject([{ atMs: nowMs, notFoundAtMs: nowMs + 20_000 }]);
    await running.pass(21 * minute);

    expect((await remembered(running))?.made.filter(({ atMs }) => atMs === nowMs)).toEqual([]);
  });
});

describe('a grant that Azure throttled', () => {
  async function throttled() {
    const running = memory(config(), roleMissing, nowMs);
    running.world.grantAnswer = { outcome: 'failed', because: 'throttled' };
    await running.deliver(signal);
    return running;
  }

  it('waits, and is made five minutes later', async () => {
    const running = await throttled();
    running.world.grantAnswer = { outcome: 'done', undo: 'x' };
    await running.pass(4 * minute);
    const [waits] = await listRemediations(running.ports);
    expect(waits).toMatchObject({ state: 'waiting', decision: { because: 'grant-throttled' } });
    expect(running.world.granted).toHaveLength(1);
    await running.pass(minute + 1);

    expect(running.world.granted).toHaveLength(2);
  });

  it('takes no place in the limits of the deployment before it is made', async () => {
    const running = await throttled();
    expect(valueOf((await ledgerFacts(running.ports)).ledger)).toEqual([]);
    running.world.grantAnswer = { outcome: 'done', undo: 'x' };
    await running.pass(6 * minute);

    expect(valueOf((await ledgerFacts(running.ports)).ledger)).toHaveLength(1);
  });

  it('is told from one that Azure refused, which takes its place: the breaker counts failures', async () => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.grantAnswer = { outcome: 'failed', because: 'forbidden' };
    await running.deliver(signal);

    expect(valueOf((await ledgerFacts(running.ports)).ledger)).toHaveLength(1);
  });

  it('twice is asked of a person: the question names the doubt, and a yes allows one more', async () => {
    const running = await throttled();
    await running.pass(20 * minute);
    expect(running.world.granted).toHaveLength(2);
    const [asks] = await listRemediations(running.ports);
    expect(asks).toMatchObject({ state: 'needs-approval', refusals: ['failed-before: throttled'] });
    const given = { answer: 'approved', question: asks?.approval?.question ?? 0, by: 'anna' } as const;
    await answerQuestion(running.ports, asks?.id ?? '', given);
    await running.settle();
    await running.pass(20 * minute);

    expect(running.world.granted).toHaveLength(3);
  });
});

describe('a grant that another caller made first', () => {
  it('was an access: where it is gone a moment later, the next app of the identity asks a person', async () => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.grantAnswer = { outcome: 'already-there' };
    await running.deliver(signal);
    running.world.granted.length = 0;
    const basket = arm(appId.replace('ca-orders', 'ca-basket'));
    running.world.nowMs += 5000;
    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs, app: known({ ...app, id: basket }) };
    const about = { kind: 'app', id: basket } as const;
    await running.deliver({ ...signal, id: 'alert|2', about, atMs: running.world.nowMs });

    const [next] = await listRemediations(running.ports);
    expect(next?.target.appId).toBe(basket);
    expect(next).toMatchObject({ state: 'needs-approval', refusals: ['role-removed: too-young'] });
    expect(running.world.granted).toEqual([]);
  });
});

describe('a place in the limits of the deployment', () => {
  const counted = async ({ ports }: Memory) => valueOf((await ledgerFacts(ports)).ledger)?.length;

  it.each([
    ['done', 1],
    ['unknown', 1],
    ['failed', 1],
    ['already-there', 0],
    ['withheld', 0],
  ] as const)('for a grant that is %s: it takes %i', async (outcome, places) => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.grantAnswer = { outcome };
    await running.deliver(signal);

    expect(await counted(running)).toBe(places);
  });

  it('is given back with the reason that Azure gave, or else with the outcome', async () => {
    const noted = async (because?: string) => {
      const running = memory(config(), roleMissing, nowMs);
      running.world.grantAnswer = { outcome: 'already-there', ...(because === undefined ? {} : { because }) };
      await running.deliver(signal);
      const entries = await running.ports.deployment.read('deployment');
      return entries.map(({ entry }) => entry).filter(({ kind }) => kind === 'grant-not-made');
    };

    expect(await noted('conflict')).toMatchObject([{ because: 'conflict' }]);
    expect(await noted()).toMatchObject([{ because: 'already-there' }]);
  });

  it.each([
    ['registry-became-abac', true],
    ['pull-role-missing', undefined],
  ] as const)('for the cause %s is counted with the time that its proof may take', async (because, slow) => {
    const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);
    await running.deliver(signal);
    const [row] = running.rows.values();
    const turn = await beginTurn(running.ports, config(), row?.targetId ?? ('' as never));
    await makeGrant(turn, { do: 'grant', grant, because }, live(turn), roleMissing);

    expect(running.world.granted).toEqual([grant]);
    expect(valueOf((await ledgerFacts(running.ports)).ledger)?.map((one) => one.slow)).toEqual([slow]);
  });

  it('that the slow start has none of is not needed for a grant that a person approved', async () => {
    const madeOf = async (settings: ReturnType<typeof config>) => {
      const running = memory(settings, roleMissing, nowMs);
      running.world.pulse = known({ sinceMs: nowMs - minute, lastMs: nowMs });
      before(running, 'grant-counted', async () => {
        for (let count = 0; count < settings.settings.limits.slowStartGrants; count += 1)
          await appendToDeployment(running.ports, { kind: 'grant-counted', remediation: another });
      });
      await running.deliver(signal);
      const [asked] = await listRemediations(running.ports);
      const given = { answer: 'approved', question: asked?.approval?.question ?? 0, by: 'anna' } as const;
      if (settings.mode === 'approve') await answerQuestion(running.ports, asked?.id ?? '', given);
      await running.settle();
      const [one] = await listRemediations(running.ports);
      return one?.actions.map(({ outcome, because }) => [outcome, because]);
    };

    expect(await madeOf(config())).toEqual([['withheld', 'slow-start: reached']]);
    expect(await madeOf(config({ PULLMEDIC_MODE: 'approve' }))).toMatchObject([['done', undefined]]);
  });
});

describe('a grant that cannot be written down or checked right before it', () => {
  const actionsOf = async (running: Memory) => {
    await running.deliver(signal);
    const [one] = await listRemediations(running.ports);
    expect(running.world.granted).toEqual([]);
    return one?.actions;
  };

  it.each([
    ['grant-counted', 'hourly-limit: busy'],
    ['grant-made', 'refused-before: unreadable'],
  ])('is withheld: others write all the time where %s should stand', async (kind, because) => {
    const running = memory(config(), roleMissing, nowMs);
    const append = running.ports.deployment.append.bind(running.ports.deployment);
    Object.assign(running.ports.deployment, {
      append: async (...asked: Parameters<typeof append>) => (asked[2].kind === kind ? 'taken' : append(...asked)),
    });

    expect(await actionsOf(running)).toMatchObject([{ outcome: 'withheld', because }]);
  });

  it('is withheld if the grants that people took back cannot be read', async () => {
    const running = memory(config(), roleMissing, nowMs);
    const { deployment, history } = running.ports;
    const read = deployment.read.bind(deployment);
    const append = history.append.bind(history);
    let isDecided = false;
    Object.assign(history, {
      append: async (...asked: Parameters<typeof append>) => {
        isDecided ||= asked[2].kind === 'decided';
        return append(...asked);
      },
    });
    Object.assign(deployment, {
      read: async (partition: string) => {
        if (isDecided && partition === 'deployment') throw new Error('down');
        return read(partition);
      },
    });

    expect(await actionsOf(running)).toMatchObject([
      { outcome: 'withheld', because: 'role-removed: undone-unreadable' },
    ]);
  });
});
