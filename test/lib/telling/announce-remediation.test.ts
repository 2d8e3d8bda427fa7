// News of a remediation is in the outbox before its history has it, and for the systems that its routes choose.
import { describe, expect, it } from 'vitest';
import { listRemediations } from '../../../src/lib/console/views.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import { handleStep } from '../../../src/lib/remediation/handle-step.ts';
import { deliver } from '../../../src/lib/telling/deliver.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { dnsUnlinked, nowMs, roleMissing, signal } from '../facts.ts';
import { present } from '../incidents/remediation-data.ts';
import { memory } from '../memory-ports.ts';
import { Listener, listening, listeningConfig } from './listening.ts';
import { configWith } from './scripted.ts';

const route = (when: object) => ({ routes: [{ to: ['topic'], when }, { to: ['other'] }] });

describe('the opening of a remediation', () => {
  it('is in the outbox before its history has it', async () => {
    const { running } = listening(roleMissing);
    const order: string[] = [];
    running.world.before = (call) => void order.push(call);
    await handleSignal(running.ports, listeningConfig(['topic']), signal);

    expect(order.indexOf('outbox.write')).toBeGreaterThan(-1);
    expect(order.indexOf('history.append')).toBeGreaterThan(order.indexOf('outbox.write'));
    expect(running.world.tells).toHaveLength(1);
  });

  it('does not happen where it cannot be noted', async () => {
    const { running } = listening(roleMissing);
    running.world.before = (call) => {
      if (call === 'outbox.write') throw new Error('the store is down');
    };
    await expect(running.deliver(signal)).rejects.toThrow('the store is down');
    running.world.before = () => undefined;
    expect(await listRemediations(running.ports)).toEqual([]);
  });

  it('asks nothing of the outbox where no system hears of remediations', async () => {
    const running = memory(configWith(['hook']), roleMissing, nowMs);
    const calls: string[] = [];
    running.world.before = (call) => void calls.push(call);
    await handleSignal(running.ports, configWith(['hook']), signal);

    expect(calls.filter((call) => call.startsWith('outbox'))).toEqual([]);
  });

  it('is told to no system in the mode observe, unless the settings say so', async () => {
    const observe = { PULLMEDIC_MODE: 'observe' };
    const silent = listening(roleMissing, listeningConfig(['topic'], observe));
    await silent.running.deliver(signal);
    await silent.pass(3);
    expect(silent.topic.heard).toEqual([]);

    const telling = listening(roleMissing, listeningConfig(['topic'], observe, { inObserve: true }));
    await telling.running.deliver(signal);
    await telling.pass(3);
    expect(telling.topic.says()).toEqual(['opened']);
  });
});

describe('a route', () => {
  const both = (when: object) => listeningConfig(['topic', 'other'], {}, route(when));

  it('that asks for a cause is met once the cause is known', async () => {
    const { running, topic, tell } = listening(dnsUnlinked, both({ family: ['network'] }));
    running.world.systems.set('other', new Listener());
    await handleSignal(running.ports, both({ family: ['network'] }), signal);
    await tell();
    expect(topic.heard).toEqual([]);

    await running.settle();
    await tell();
    expect(topic.heard).toMatchObject([{ says: 'opened', facts: { found: { cause: 'private-dns-unlinked' } } }]);
  });

  it('that asks for another cause, registry, severity or subscription is not', async () => {
    for (const when of [
      { family: ['image'] },
      { registry: ['other.azurecr.io'] },
      { severity: ['critical'] },
      { subscription: ['00000000-0000-4000-8000-00000000ffff'] },
    ]) {
      const { running, topic, pass } = listening(dnsUnlinked, both(when));
      const other = new Listener();
      running.world.systems.set('other', other);
      await running.deliver(signal);
      await pass(2);
      expect(topic.heard).toEqual([]);
      expect(other.says()).toEqual(['opened']);
    }
  });

  it('that is changed meanwhile keeps no end from a system that heard of the beginning', async () => {
    const { running, topic, pass } = listening(dnsUnlinked);
    await running.deliver(signal);
    await pass(1);
    const away = listeningConfig(['topic', 'other'], {}, route({ family: ['image'] }));
    running.world.evidence = { ...dnsUnlinked, app: known('gone') };
    const [next] = running.world.steps.splice(0);
    await handleStep(running.ports, away, { ...present(next).step, wake: true }, false);
    for (const { tell } of running.world.tells.splice(0)) await deliver(running.ports, away, tell);

    expect(topic.says()).toEqual(['opened', 'closed']);
  });
});
