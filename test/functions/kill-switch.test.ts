// The kill switch at its door: who gets in, what is refused, and what is recorded and shown.
import { HttpRequest, type InvocationContext } from '@azure/functions';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { App } from '../../src/functions/app.ts';
import { registerKillSwitch } from '../../src/functions/kill-switch.ts';
import { killSwitchBlock } from '../../src/lib/console/standing.ts';
import { unreadable, valueOf } from '../../src/lib/words/fact.ts';
import { config, nowMs, roleMissing, signal } from '../lib/facts.ts';
import { type Memory, memory } from '../lib/memory-ports.ts';
import { adaInHistories, operator, person } from './doors.ts';

afterEach(() => vi.restoreAllMocks());

interface Door {
  readonly options: Parameters<App['http']>[1];
  readonly running: Memory;
  readonly send: (body: string, headers?: Record<string, string>) => Promise<readonly [number | undefined, unknown]>;
}

/** What is registered with the platform, on ports in memory. */
function door(): Door {
  const running = memory(config(), roleMissing, nowMs);
  const http = vi.fn<App['http']>();
  registerKillSwitch({ ports: running.ports, config: config(), callers: { state: 'on' }, http } as unknown as App);
  const options = http.mock.calls[0]?.[1];
  if (options === undefined) throw new Error('nothing is registered');
  return {
    options,
    running,
    send: async (string, headers = operator()) => {
      const url = 'https://x.example/api/kill-switch';
      const request = new HttpRequest({ method: 'POST', url, headers, body: { string } });
      const answer = await options.handler(request, {} as InvocationContext);
      const { status, jsonBody } = answer as { status?: number; jsonBody?: unknown };
      return [status, jsonBody];
    },
  };
}

async function seenIn({ ports }: Memory): Promise<string> {
  return valueOf(await ports.controls.setting())?.version ?? '';
}

async function isOn({ ports }: Memory): Promise<unknown> {
  return ports.killSwitch();
}

describe('the kill switch', () => {
  it('is for operators: the platform asks for no key', () => {
    const { options } = door();

    expect(options).toMatchObject({ authLevel: 'anonymous', methods: ['POST'], route: 'kill-switch' });
  });

  it.each([
    ['who is not signed in, with a function key', { 'x-functions-key': 'k' }, 401],
    ['with the role Reader', person(['Reader']), 403],
  ])('stays as it is for a caller %s', async (_, headers, status) => {
    const { send, running } = door();

    expect((await send('{"on": true}', headers))[0]).toBe(status);
    expect(await isOn(running)).toEqual({ read: true, value: false });
  });

  it('is thrown, is recorded with who did it, and stops the next change', async () => {
    const { send, running } = door();

    expect(await send('{"on": true}')).toEqual([200, { on: true, by: adaInHistories }]);
    expect(await isOn(running)).toEqual({ read: true, value: true });
    expect(await running.ports.deployment.read('deployment')).toMatchObject([
      { atMs: nowMs, entry: { kind: 'kill-switch-set', on: true, by: adaInHistories } },
    ]);
    await running.deliver(signal);
    expect(running.world.granted).toEqual([]);
  });

  it('is let go of, and the page shows the state and who set it', async () => {
    const { send, running } = door();
    await send('{"on": true}');
    const grace = person(['Operator'], 'Grace <b>', '9e000000-0000-4000-8000-000000000009');
    const [status, said] = await send(`{"on": false, "seen": "${await seenIn(running)}"}`, grace);
    const [killSwitch, setting] = await Promise.all([running.ports.killSwitch(), running.ports.controls.setting()]);
    const page = killSwitchBlock({ mode: 'act', killSwitch, setting }, nowMs).text;

    const by = 'Grace <b> (9e000000-0000-4000-8000-000000000009)';
    expect([status, said]).toEqual([200, { on: false, by }]);
    expect(killSwitch).toEqual({ read: true, value: false });
    expect(page).toContain('Set by Grace &lt;b&gt; (9e000000-0000-4000-8000-000000000009)');
  });

  it.each<[string, string, number]>([
    ['is no JSON', 'on', 400],
    ['says on in words', '{"on": "true"}', 400],
    ['names a setting to turn on', '{"on": true, "seen": "1"}', 400],
    ['says who did it, which the sign-in says', '{"on": true, "by": "Ada"}', 400],
    ['is larger than 256 KiB', JSON.stringify({ on: true, by: 'a'.repeat(300_000) }), 413],
  ])('stays as it is where the body %s, with one sentence about why', async (_, body, expected) => {
    const { send, running } = door();
    const [status, said] = await send(body);

    expect(status).toBe(expected);
    expect(JSON.stringify(said)).toMatch(/^\{"error":"[^"].*\."\}$/);
    expect(await isOn(running)).toEqual({ read: true, value: false });
    expect(await running.ports.deployment.read('deployment')).toEqual([]);
  });

  it('is not said to be off where the record of that could not be written', async () => {
    const { send, running } = door();
    await send('{"on": true}');
    running.world.before = (call) => {
      if (call === 'deployment.append') throw new Error('down');
    };

    const off = `{"on": false, "seen": "${await seenIn(running)}"}`;
    expect(await send(off)).toEqual([503, { error: expect.stringContaining('not certain whether') as string }]);
    expect(await isOn(running)).toEqual({ read: true, value: true });
  });

  it.each([
    ['names no setting', {}, 428, 'say which setting you turn off'],
    ['names a setting that is no longer the last', { seen: 'another' }, 409, 'it was set on by ada@contoso.example'],
  ])('stays on where an off %s, and says what to do', async (_what, more, expected, words) => {
    const { send, running } = door();
    await send('{"on": true}');
    const [status, said] = await send(JSON.stringify({ on: false, ...more }));

    expect(status).toBe(expected);
    expect(JSON.stringify(said)).toContain(words);
    expect(await isOn(running)).toEqual({ read: true, value: true });
  });

  it('that cannot be read is not turned off', async () => {
    const { send, running } = door();
    Object.assign(running.ports.controls, { setting: async () => unreadable('unavailable') });

    expect((await send('{"on": false, "seen": "1"}'))[0]).toBe(503);
    expect(await running.ports.deployment.read('deployment')).toEqual([]);
  });
});
