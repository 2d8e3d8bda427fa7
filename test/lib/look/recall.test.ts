// Slow facts are recalled for a short time: calls are saved, nothing that a change rests on is, and the evidence is as old as it is.
import { describe, expect, it } from 'vitest';
import { listRemediations } from '../../../src/lib/console/views.ts';
import { evidenceLifetimeMs } from '../../../src/lib/decision/change-guards.ts';
import { mostCalls } from '../../../src/lib/evidence/calls.ts';
import type { Evidence, Probe } from '../../../src/lib/evidence/evidence.ts';
import type { LookContext } from '../../../src/lib/evidence/reads.ts';
import { gather } from '../../../src/lib/look/gather.ts';
import { mostRecalled, recalling, recallMs } from '../../../src/lib/look/recall.ts';
import { handleStep } from '../../../src/lib/remediation/handle-step.ts';
import { type Fact, known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import {
  app,
  assignment,
  config,
  dnsUnlinked,
  minute,
  nowMs,
  roleMissing,
  signal,
  target,
  vnetId,
  zoneId,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const slow: readonly Probe[] = ['environment', 'vnet', 'zones', 'endpoints', 'subnet'];

/** A private registry whose name is found: every probe of the network is worth asking. */
const allowed: Evidence = {
  ...dnsUnlinked,
  zones: known([
    {
      id: zoneId,
      links: known([{ vnetId, completed: true, redirects: false }]),
      records: known({ acrshop: ['10.70.4.5'] }),
    },
  ]),
};

const first = 't1.1' as RemediationId;
const look = (seq: number, since = 0, remediation = first): NonNullable<LookContext['recall']> => ({
  remediation,
  seq,
  since,
});

function remembering(evidence: Evidence) {
  const world = { nowMs, evidence };
  const asked: Probe[] = [];
  const azure = recalling(
    {
      probe: async (probe: Probe) => {
        asked.push(probe);
        return { facts: { [probe]: world.evidence[probe] ?? unreadable('forbidden') }, calls: 1 };
      },
    },
    () => world.nowMs,
  );
  const see = async (recall?: NonNullable<LookContext['recall']>) => {
    asked.length = 0;
    return gather({ azure, now: () => world.nowMs }, target, 0, recall === undefined ? {} : { recall });
  };
  return { world, asked, see };
}

describe('a look that follows soon', () => {
  it('does not read the slow facts again, and costs that many calls less', async () => {
    const { world, asked, see } = remembering(allowed);
    const before = await see(look(1));
    world.nowMs += minute;
    const after = await see(look(4));

    expect(after.recalled).toEqual(expect.arrayContaining([...slow]));
    expect(after.calls).toBe(before.calls - after.recalled.length);
    expect(asked).not.toEqual(expect.arrayContaining([...slow]));
    expect({ ...after.evidence, atMs: 0 }).toEqual({ ...before.evidence, atMs: 0 });
  });

  it('reads anew whatever a change rests on, and what somebody waits for', async () => {
    const { world, asked, see } = remembering({ ...allowed, roles: known([]) });
    await see(look(1));
    world.nowMs += minute;
    const { recalled } = await see(look(4));
    const always = ['app', 'revisions', 'replicas', 'logs', 'registry', 'roles', 'removals', 'denials', 'identity'];

    expect(asked).toEqual(expect.arrayContaining(always));
    expect(recalled.filter((probe) => always.includes(probe))).toEqual([]);
  });

  it('has evidence as old as its oldest fact', async () => {
    const { world, see } = remembering(allowed);
    await see(look(1));
    world.nowMs += minute;

    expect((await see(look(4))).evidence.atMs).toBe(nowMs);
  });

  it('recalls nothing of what was read longer ago, or for another remediation, or for nobody', async () => {
    const { world, see } = remembering(allowed);
    await see(look(1));
    world.nowMs += recallMs;
    expect((await see(look(4, 0, 't2.1' as RemediationId))).recalled).toEqual([]);
    expect((await see()).recalled).toEqual([]);
    expect((await see(look(4))).recalled).not.toEqual([]);
    world.nowMs += 1;
    const { recalled, evidence } = await see(look(7));

    expect(recalled).toEqual([]);
    expect(evidence.atMs).toBe(world.nowMs);
  });

  it('recalls nothing that was read before somebody changed something', async () => {
    const { see } = remembering(allowed);
    await see(look(4));

    expect((await see(look(6, 5))).recalled).toEqual([]);
    expect((await see(look(8, 5))).recalled).not.toEqual([]);
  });

  it.each<[string, (evidence: Evidence) => Evidence, Probe]>([
    ['a fact', (evidence) => ({ ...evidence, subnet: unreadable('throttled') }), 'subnet'],
    [
      'a part of one',
      (evidence) => ({
        ...evidence,
        zones: known([{ id: zoneId, links: known([]), records: unreadable('timed-out') }]),
      }),
      'zones',
    ],
  ])('asks again for %s that could not be read', async (_, spoil, probe) => {
    const { world, asked, see } = remembering(spoil(allowed));
    await see(look(1));
    world.nowMs += minute;
    world.evidence = allowed;
    const { evidence, recalled } = await see(look(4));

    expect(asked).toContain(probe);
    expect(recalled).not.toContain(probe);
    expect(evidence[probe]).toEqual(allowed[probe]);
  });

  it('forgets a fact that cannot be read any more', async () => {
    const { world, see } = remembering(allowed);
    await see(look(1));
    world.evidence = { ...allowed, vnet: unreadable('forbidden') };
    await see(look(4, 3));

    expect((await see(look(6))).evidence.vnet).toEqual(unreadable('forbidden'));
  });

  it('asks again where the question is another one', async () => {
    const { world, asked, see } = remembering(allowed);
    await see(look(1));
    const endpoint = { id: vnetId, status: 'approved' };
    const registry = allowed.registry as Fact<{ readonly endpoints: readonly unknown[] }> & { read: true };
    world.evidence = {
      ...allowed,
      registry: known({ ...registry.value, endpoints: [...registry.value.endpoints, endpoint] }),
    } as Evidence;
    await see(look(4));
    expect(asked).toContain('endpoints');
    expect(asked).not.toContain('vnet');

    world.evidence = { ...allowed, app: known({ ...app, environmentId: vnetId }) };
    await see(look(7));
    expect(asked).toContain('environment');
  });

  it('reads an environment anew whose own identity pulls', async () => {
    const registries = [{ server: 'acrshop.azurecr.io', identity: 'system-environment' }];
    const { asked, see } = remembering({ ...allowed, app: known({ ...app, registries }) });
    await see(look(1));
    await see(look(4));

    expect(asked).toContain('environment');
  });
});

describe('the memory', () => {
  it('is bounded: who was read longest ago is forgotten first', async () => {
    const { see } = remembering(roleMissing);
    for (let count = 0; count <= mostRecalled; count += 1) await see(look(1, 0, `t${count}.1` as RemediationId));

    expect((await see(look(2, 0, 't1.1' as RemediationId))).recalled).not.toEqual([]);
    expect((await see(look(2, 0, 't0.1' as RemediationId))).recalled).toEqual([]);
  });

  it('is shorter than what a decision may rest on', () => {
    expect(recallMs).toBeLessThan(evidenceLifetimeMs);
  });
});

/** A remediation whose ports remember, and how often each probe was really asked. */
function pipeline(evidence: Evidence) {
  const running: Memory = memory(config(), evidence, nowMs);
  const asked: Probe[] = [];
  const { azure } = running.ports;
  const probe: typeof azure.probe = async (...args) => {
    asked.push(args[0]);
    return azure.probe(...args);
  };
  Object.assign(running.ports, { azure: recalling({ ...azure, probe }, () => running.ports.now()) });
  return { running, asked };
}

async function lastLook({ ports }: Memory) {
  const [row] = await ports.index.all();
  const entries = row === undefined ? [] : await ports.history.read(row.targetId);
  const looks = entries.flatMap(({ entry }) => (entry.kind === 'looked' ? [entry] : []));
  return looks.at(-1);
}

/** A role that propagates, on a private registry: the looks follow each other every minute. */
const propagating: Evidence = { ...allowed, roles: known([assignment(0, { createdAtMs: nowMs })]) };

describe('a remediation', () => {
  it('says in its history what it recalled, and what each look sent', async () => {
    const { running } = pipeline(propagating);
    await running.deliver(signal);
    await running.pass(minute);
    const entry = await lastLook(running);

    expect(entry?.recalled).toEqual(expect.arrayContaining(['vnet', 'zones']));
    expect(entry?.sent?.control).toBeLessThan(12);
    expect(entry?.asked).toEqual(expect.arrayContaining(['app', 'vnet', 'zones']));
  });

  it('reads everything anew when it is woken, and in the look after that', async () => {
    const { running, asked } = pipeline(propagating);
    await running.deliver(signal);
    const [row] = await running.ports.index.live();
    if (row === undefined) throw new Error('there is no remediation');
    asked.length = 0;
    await handleStep(running.ports, config(), { targetId: row.targetId, seq: row.seq, wake: true }, false);

    expect(asked).toEqual(expect.arrayContaining([...slow]));
    expect((await lastLook(running))?.woken).toBe(true);

    asked.length = 0;
    await running.pass(minute);
    expect(asked).toEqual(expect.arrayContaining([...slow]));
  });

  it('does not take a wake for stale because of a look that recalled something', async () => {
    const { running, asked } = pipeline(propagating);
    await running.deliver(signal);
    const [sent] = await running.ports.index.live();
    if (sent === undefined) throw new Error('there is no remediation');
    await running.pass(minute + 1000);
    expect((await lastLook(running))?.recalled).not.toBeUndefined();
    asked.length = 0;
    await handleStep(running.ports, config(), { targetId: sent.targetId, seq: sent.seq, wake: true }, false);

    expect(asked).toEqual(expect.arrayContaining([...slow]));
  });

  it('reads everything anew when another signal joins', async () => {
    const { running, asked } = pipeline(propagating);
    await running.deliver(signal);
    await running.pass(minute / 2);
    asked.length = 0;
    await running.deliver({ ...signal, id: 'alert|2' });
    await running.pass(minute / 2);

    expect(asked).toEqual(expect.arrayContaining([...slow]));
  });

  it('sends a wake again that was overtaken: who was first may have looked at what it remembered', async () => {
    const { running } = pipeline(propagating);
    await running.deliver(signal);
    const [row] = await running.ports.index.live();
    if (row === undefined) throw new Error('there is no remediation');
    const step = { targetId: row.targetId, seq: row.seq, wake: true };
    const { history } = running.ports;
    const taken = { ...running.ports, history: { ...history, append: async () => 'taken' as const } };
    await handleStep(taken, config(), step, false);

    expect(running.world.steps.map((one) => one.step)).toContainEqual(step);
  });

  it('changes nothing on evidence that recalled facts made too old, and looks again', async () => {
    const { running, asked } = pipeline(propagating);
    await running.deliver(signal);
    running.world.evidence = { ...allowed, roles: known([]) };
    // What the second look recalls is twenty seconds old when it begins; what it reads itself stays young enough.
    running.world.before = (call) => {
      if (call === 'probe.removals') running.world.nowMs += evidenceLifetimeMs - minute / 6;
    };
    await running.pass(minute);
    const anew = asked;
    anew.length = 0;
    const [view] = await listRemediations(running.ports);
    expect(view?.refusals).toContain('evidence-too-old: minutes');
    expect(running.world.granted).toEqual([]);

    running.world.before = () => undefined;
    await running.pass(4 * minute);
    expect(anew).toEqual(expect.arrayContaining([...slow]));
    // The role vanished a moment ago: whether somebody took it away is too young to be read, and that is another guard's business.
    expect((await listRemediations(running.ports))[0]?.refusals).toEqual(['role-removed: too-young']);
  });
});

describe('the budget of a look', () => {
  it('is shared by its probes: what is beyond it is not sent', async () => {
    let sent = 0;
    const probe = async (name: Probe, ...[, , , context]: [unknown, unknown, unknown, LookContext?]) => {
      let calls = 0;
      while (calls < 15 && context?.maySend?.()) calls += 1;
      sent += calls;
      return {
        facts: { [name]: calls < 15 ? unreadable('look-cap-reached') : allowed[name] } as Partial<Evidence>,
        calls,
      };
    };
    const { calls, evidence } = await gather({ azure: { probe }, now: () => nowMs }, target, 0);

    expect(sent).toBe(mostCalls);
    expect(calls).toBe(mostCalls);
    expect(evidence.replicas).toEqual(unreadable('look-cap-reached'));
  });
});
