// The whole way, from a failing pull to the people: 50 apps behind one missing DNS link are one incident in three systems, over real
// connections, and are resolved in all of them once the link is there. A question reaches a person, who answers it from its link.
import { afterEach, describe, expect, it } from 'vitest';
import { startWebhook, type WebhookReceiver } from '../../../local/incidents/webhook.ts';
import { outside } from '../../../src/lib/azure/clients/outside.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { webhook } from '../../../src/lib/incidents/systems/webhook.ts';
import { answerQuestion } from '../../../src/lib/remediation/approval.ts';
import { deliver } from '../../../src/lib/telling/deliver.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { Secret } from '../../../src/lib/words/secret.ts';
import {
  appId,
  arm,
  assignment,
  dnsLinked,
  dnsUnlinked,
  minute,
  nowMs,
  pulledRow,
  readyReplica,
  roleMissing,
  signal,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { configWith } from './scripted.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const started: WebhookReceiver[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((receiver) => receiver.stop()));
});

/** pullmedic with real receivers of these names. */
async function withReceivers(names: readonly string[], evidence: Evidence, more: Record<string, string> = {}) {
  const config = configWith(names, more);
  const running = memory(config, evidence, nowMs);
  const receivers = new Map<string, WebhookReceiver>();
  const network = outside(
    async () => 'token',
    () => running.world.nowMs,
  );
  for (const name of names) {
    const receiver = await startWebhook(secret, () => running.world.nowMs);
    started.push(receiver);
    receivers.set(name, receiver);
    running.world.systems.set(name, webhook({ url: new Secret(receiver.url), secrets: [new Secret(secret)] }, network));
  }
  /** Lets time pass minute by minute; what is due in the outbox is delivered, each message twice. */
  const pass = async (minutes: number): Promise<void> => {
    for (let passed = 0; passed < minutes; passed += 1) {
      await running.pass(minute);
      for (const row of await running.ports.outbox.due(running.world.nowMs))
        for (const tell of [row, row]) await deliver(running.ports, config, tell);
    }
  };
  return { running, receivers, pass };
}

/** Each app has this evidence, under its own name. */
function sameFor(running: Memory, evidence: () => Evidence): void {
  const probe: Memory['ports']['azure']['probe'] = async (asked, target) => {
    const own = JSON.parse(JSON.stringify(evidence()).replaceAll('ca-orders', target.appName)) as Evidence;
    return { facts: { [asked]: own[asked] ?? unreadable('not-asked') }, calls: 1 };
  };
  const listApps = async () => known({ apps: [], skipped: 0 });
  Object.assign(running.ports, { azure: { ...running.ports.azure, probe, listApps } });
}

/** The link is there, the images were pulled, the replicas are ready. */
function recovered(atMs: number): Evidence {
  return {
    ...dnsLinked,
    logs: known([
      { ...unauthorizedRow, atMs: atMs - 2 * minute },
      { ...pulledRow, atMs: atMs + minute },
    ]),
    replicas: known([readyReplica]),
  };
}

const apps = Array.from({ length: 50 }, (_, at) => arm(appId.replace('ca-orders', `ca-${at}-app`)));
const names = ['pager', 'chat', 'tickets'];

describe('a DNS failure over 50 apps', () => {
  it('is one incident in three systems, and is resolved in all of them once the link is restored', async () => {
    const { running, receivers, pass } = await withReceivers(names, dnsUnlinked);
    let evidence: Evidence = dnsUnlinked;
    sameFor(running, () => evidence);
    for (const [at, id] of apps.entries())
      await running.deliver({ ...signal, id: `alert|${at}`, about: { kind: 'app', id } });
    await pass(5);

    expect(await running.ports.index.incidents()).toHaveLength(1);
    for (const receiver of receivers.values()) {
      expect(receiver.seen()).toMatchObject([{ state: 'open' }]);
      expect(receiver.seen()[0]?.text).toContain('AFFECTED APPS: 50');
      expect(receiver.seen()[0]?.text).toContain('az network private-dns link vnet create');
      // 50 apps joined within a minute: the systems hear of them together.
      expect(receiver.types().length).toBeLessThan(6);
    }

    evidence = recovered(running.world.nowMs);
    await pass(120);
    for (const receiver of receivers.values()) {
      expect(receiver.seen()).toMatchObject([{ state: 'resolved' }]);
      const count = (type: string): number =>
        receiver.types().filter((one) => one === `pullmedic.incident.${type}.v1`).length;
      expect([count('opened'), count('resolved'), count('reopened')]).toEqual([1, 1, 0]);
    }
    expect(await running.ports.outbox.unfinished()).toEqual([]);
  });

  it('reaches the other systems while one is down, and that one later', async () => {
    const { running, receivers, pass } = await withReceivers(names, dnsUnlinked);
    sameFor(running, () => dnsUnlinked);
    receivers.get('pager')?.strike('down');
    for (const [at, id] of apps.slice(0, 3).entries())
      await running.deliver({ ...signal, id: `alert|${at}`, about: { kind: 'app', id } });
    for (const row of await running.ports.outbox.due(nowMs)) await deliver(running.ports, configWith(names), row);

    expect([...receivers.values()].map((receiver) => receiver.seen().length)).toEqual([0, 1, 1]);
    await pass(3);
    expect([...receivers.values()].map((receiver) => receiver.seen().length)).toEqual([1, 1, 1]);
  });
});

describe('a question', () => {
  interface Event {
    readonly type: string;
    readonly data: { readonly question?: { readonly link: string; readonly question: number; readonly until: string } };
  }

  it('reaches a person, who answers it from its link; everybody hears of the answer and of the end', async () => {
    const { running, receivers, pass } = await withReceivers(names, roleMissing, { PULLMEDIC_MODE: 'approve' });
    await running.deliver(signal);
    await pass(2);
    const events = (receivers.get('chat')?.events() ?? []) as readonly Event[];
    const asked = events.find(({ type }) => type === 'pullmedic.question.asked.v1')?.data.question;
    expect(asked).toMatchObject({ until: '2026-06-01T06:00:00Z' });
    expect(running.world.granted).toEqual([]);

    const id = /^https:\/\/pullmedic\.example\/api\/history\/(\S+)$/.exec(asked?.link ?? '')?.[1] ?? 'no link';
    const given = { answer: 'approved', question: asked?.question ?? 0, by: 'ada' } as const;
    expect(await answerQuestion(running.ports, id, given)).toEqual({ kind: 'answered' });
    await pass(2);
    expect(running.world.granted).toHaveLength(1);

    const atMs = running.world.nowMs;
    running.world.evidence = {
      ...roleMissing,
      logs: known([unauthorizedRow, { ...pulledRow, atMs: atMs + 4 * minute }]),
      replicas: known([{ ...readyReplica, createdAtMs: atMs + 4 * minute }]),
      roles: known([assignment(0, { createdAtMs: atMs })]),
    };
    await pass(60);
    for (const receiver of receivers.values()) {
      expect(receiver.types().filter((type) => !type.includes('updated'))).toEqual(
        ['incident.opened', 'question.asked', 'question.answered', 'incident.resolved'].map(
          (type) => `pullmedic.${type}.v1`,
        ),
      );
      expect(receiver.seen()).toMatchObject([{ state: 'resolved' }]);
    }
  });
});
