import { describe, expect, it } from 'vitest';
import { startJsm } from '../../../local/incidents/jsm.ts';
import { startWebhook } from '../../../local/incidents/webhook.ts';
import { outside } from '../../../src/lib/azure/clients/outside.ts';
import { jsm } from '../../../src/lib/incidents/systems/jsm.ts';
import { webhook } from '../../../src/lib/incidents/systems/webhook.ts';
import { tellAgain, trySystem } from '../../../src/lib/telling/try-system.ts';
import { Secret } from '../../../src/lib/words/secret.ts';
import { minute, nowMs } from '../facts.ts';
import { joined, opened, Scripted, Team } from './scripted.ts';

const pause = async (): Promise<void> => undefined;
const off = { why: 'switched-off', detail: 'HTTP 410' } as const;

describe('a test of a system', () => {
  it('is marked as a test, and resolved at once', async () => {
    const pager = new Scripted();
    const team = new Team({ pager }, { PULLMEDIC_MODE: 'observe' });

    expect(await trySystem(team.running.ports, team.config, 'pager', pause)).toEqual({
      kind: 'tried',
      opened: { kind: 'told' },
      resolved: { kind: 'told' },
      again: 0,
    });
    expect(pager.got.map(({ call, telling }) => [call, telling.test, telling.facts.state])).toEqual([
      ['open', true, 'open'],
      ['resolve', true, 'resolved'],
    ]);
    expect(pager.got[0]?.telling.facts.title).toContain('test');
  });

  it('says why where the system refuses, and resolves nothing', async () => {
    const pager = new Scripted();
    pager.fails({ why: 'key-refused', detail: 'HTTP 401' });
    const team = new Team({ pager });

    expect(await trySystem(team.running.ports, team.config, 'pager', pause)).toEqual({
      kind: 'tried',
      opened: { kind: 'failed', why: 'key-refused', detail: 'HTTP 401' },
      again: 0,
    });
    expect(pager.calls()).toEqual(['open']);
  });

  it('asks what became of a call that is done later', async () => {
    const settle = async () => ({ kind: 'told', external: { id: '7', url: 'https://tickets.example/7' } }) as const;
    const pager = Object.assign(new Scripted(), { settle });
    pager.answers.push({ kind: 'accepted', receipt: 'r' });
    const team = new Team({ pager });

    expect(await trySystem(team.running.ports, team.config, 'pager', pause)).toMatchObject({
      opened: { kind: 'told' },
      url: 'https://tickets.example/7',
    });
  });

  it('is resolved also where the system takes calls in and does them later', async () => {
    let nowMs = 0;
    const server = await startJsm('key', () => nowMs);
    const network = outside(
      async () => 'token',
      () => nowMs,
    );
    const team = new Team({ pager: jsm({ url: server.url, apiKey: new Secret('key') }, network) });
    const pass = async (ms: number): Promise<void> => {
      nowMs += ms;
    };
    expect(await trySystem(team.running.ports, team.config, 'pager', pass)).toMatchObject({
      opened: { kind: 'told' },
      resolved: { kind: 'told' },
    });
    expect(server.alerts()).toMatchObject([{ open: false }]);
    await server.stop();
  });

  it('says that the system has not done it yet, after it was asked a few times', async () => {
    const pager = Object.assign(new Scripted(), { settle: async () => ({ kind: 'accepted', receipt: 'r' }) as const });
    pager.answers.push({ kind: 'accepted', receipt: 'r' });
    const team = new Team({ pager });
    let pauses = 0;
    const counted = async (): Promise<void> => void (pauses += 1);
    expect(await trySystem(team.running.ports, team.config, 'pager', counted)).toMatchObject({
      opened: { kind: 'accepted' },
      resolved: { kind: 'told' },
    });
    expect(pauses).toBe(5);
  });

  it('names the systems that there are where there is none of this name', async () => {
    const team = new Team({ pager: new Scripted(), chat: new Scripted() });
    expect(await trySystem(team.running.ports, team.config, 'pagr', pause)).toEqual({
      kind: 'no-such-system',
      systems: ['pager', 'chat'],
    });
  });

  it('switches a system on again that was off, and sends what waited for it', async () => {
    const pager = new Scripted();
    pager.fails(off);
    const team = new Team({ pager });
    await team.changes(opened, joined(0));
    await team.pass(minute);
    expect(await team.row('pager')).toMatchObject({ dead: true, failure: off });

    expect(await trySystem(team.running.ports, team.config, 'pager', pause)).toMatchObject({ again: 1 });
    await team.pass(minute);
    expect(pager.calls()).toEqual(['open', 'open', 'resolve', 'open']);
    expect((await team.row('pager')).state).toBe('open');
  });

  it('reaches a real receiver, which sees a test', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const receiver = await startWebhook(secret, () => nowMs);
    const network = outside(
      async () => 'token',
      () => nowMs,
    );
    const pager = webhook({ url: new Secret(receiver.url), secrets: [new Secret(secret)] }, network);
    const team = new Team({ pager });
    await trySystem(team.running.ports, team.config, 'pager', pause);
    await receiver.stop();

    expect(receiver.types()).toEqual(['pullmedic.incident.opened.v1', 'pullmedic.incident.resolved.v1']);
    expect(receiver.events()).toMatchObject([{ data: { test: true } }, { data: { test: true } }]);
    expect(receiver.seen()).toMatchObject([{ state: 'resolved' }]);
  });
});

describe('what a system refused for good', () => {
  it('is sent again, and nothing of another system', async () => {
    const [pager, chat] = [new Scripted(), new Scripted()];
    pager.fails({ why: 'message-refused', detail: 'HTTP 400' });
    chat.fails({ why: 'message-refused', detail: 'HTTP 400' });
    const team = new Team({ pager, chat });
    await team.changes(opened, joined(0));
    await team.deliver();

    expect(await tellAgain(team.running.ports, 'pager')).toBe(1);
    await team.pass(minute);
    expect(pager.calls()).toEqual(['open', 'open']);
    expect(chat.calls()).toEqual(['open']);
    expect(await tellAgain(team.running.ports, 'pager')).toBe(0);
  });
});
