import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Slack, startSlack } from '../../../../local/incidents/slack.ts';
import { outside } from '../../../../src/lib/azure/clients/outside.ts';
import type { External, IncidentSystem } from '../../../../src/lib/incidents/system.ts';
import { slack } from '../../../../src/lib/incidents/systems/slack.ts';
import { Secret } from '../../../../src/lib/words/secret.ts';
import { minute, nowMs } from '../../facts.ts';
import { incidentContract } from '../incident-contract.ts';
import { asking, factsOf, openIncident, telling } from '../incident-data.ts';

const token = 'xoxb-0-secret';
const channel = 'C0123456789';

incidentContract({
  name: 'Slack',
  start: (now) => startSlack(channel, token, now),
  make: (server, network) => slack({ url: server.url, channel, token: new Secret(token) }, network),
  afterReturn: 1,
});

describe('Slack', () => {
  let server: Slack;
  let atMs = nowMs;
  let system: IncidentSystem;
  beforeAll(async () => {
    server = await startSlack(channel, token, () => atMs);
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    server.reset();
    atMs = nowMs;
    system = of(channel);
  });
  const of = (where: string): IncidentSystem => {
    const network = outside(
      async () => 'token',
      () => atMs,
    );
    return slack({ url: server.url, channel: where, token: new Secret(token) }, network);
  };
  const opened = async (): Promise<External> => {
    const told = await system.open(telling);
    if (told.kind !== 'told' || told.external === undefined) throw new Error('was not opened');
    atMs += minute;
    return told.external;
  };

  it('keeps one message up to date, and replies where people have to see it', async () => {
    const external = await opened();
    await system.update(telling, external);
    expect(server.messages()).toHaveLength(1);

    await system.ask(asking, external);
    expect(server.messages().map(({ inChannel, thread }) => [inChannel, thread])).toEqual([
      [true, undefined],
      [true, external.id],
    ]);
  });

  it('replies once, although the answer to the reply was lost', async () => {
    const external = await opened();
    await system.ask(asking, external);
    atMs += minute;
    await system.ask({ ...asking, again: true }, external);

    expect(server.messages()).toHaveLength(2);
  });

  it('waits as long as Slack says, where two messages come within a second', async () => {
    await system.open(telling);
    expect(await system.open({ ...telling, key: 'other' })).toEqual({
      kind: 'failed',
      failure: { why: 'throttled', waitMs: 1000, detail: 'HTTP 429' },
    });
  });

  it.each([
    ['channel_not_found', 'key-refused'],
    ['token_revoked', 'key-refused'],
    ['internal_error', 'no-answer'],
    ['ratelimited', 'throttled'],
    ['msg_too_long', 'message-refused'],
    ['a code that no list has', 'no-answer'],
  ])('reads the error %s as %s', async (error, why) => {
    server.refuse('chat.postMessage', error);
    expect(await system.open(telling)).toMatchObject({ kind: 'failed', failure: { why } });
  });

  it('opens another message where a person deleted the first one', async () => {
    await opened();
    expect(await system.update(telling, { id: '1.000000', more: { channel } })).toMatchObject({
      failure: { why: 'gone' },
    });
  });

  it('still says that an incident ended, where old messages cannot be edited', async () => {
    const external = await opened();
    server.refuse('chat.update', 'edit_window_closed');
    const ended = { because: 'All its apps recovered.', atMs };

    expect(
      await system.resolve({ ...telling, facts: { ...telling.facts, state: 'resolved', ended } }, external),
    ).toEqual({
      kind: 'told',
    });
    expect(server.seen()[0]?.text).toContain('All its apps recovered.');
    expect(await system.update(telling, external)).toMatchObject({ failure: { why: 'message-refused' } });
  });

  it('finds its message behind a page of others, and no message of another incident', async () => {
    const external = await opened();
    for (let count = 0; count < 201; count += 1) {
      atMs += 1000;
      await system.open({ ...telling, key: `other-${count}` });
    }
    expect(await system.find?.(telling)).toEqual({ kind: 'found', external });
    expect(await system.find?.({ ...telling, key: 'none' })).toEqual({ kind: 'nothing' });
  });

  it('opens also where the bot may not read the channel', async () => {
    server.refuse('conversations.history', 'missing_scope');
    expect(await system.find?.(telling)).toEqual({ kind: 'nothing' });
    server.refuse('conversations.history', 'internal_error');
    expect(await system.find?.(telling)).toMatchObject({ kind: 'failed', failure: { why: 'no-answer' } });
  });

  it('stays within the length of a message, and calls no one in the notification', async () => {
    const title = '<!channel> '.repeat(1000);
    const runbook = { ...openIncident.runbook, title, advice: 'x'.repeat(50_000) };
    await system.open({ ...telling, facts: factsOf({ runbook }) });

    const [message] = server.messages();
    expect(message?.content.text).toContain('&lt;!channel&gt;');
    expect(message?.content.text).not.toContain('<');
    expect(server.seen()[0]?.text).toContain('<!channel>');
  });
});
