// The deployed bundle in the embedded host while storage refuses connections: every function registers, health says what is wrong, an alert
// is asked for again, and all of it heals by itself. The clock runs twenty times as fast as real time, because storage is tried once a minute.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { steadyClock } from '../../../local/conductor.ts';
import { freePort, type Storage, startStorage } from '../../../local/storage.ts';
import { keys, patience } from './harness.ts';

const clock = steadyClock({ startMs: Date.parse('2026-06-01T02:00:00Z'), realStartMs: Date.now(), speed: 20 });
const account = 'closed';
/** An alert about an app. */
const fired = readFileSync('test/fixtures/signals/log-alert-v2-fired.doc.json', 'utf8')
  .replaceAll('"name": "Computer"', '"name": "App"')
  .replace(/"value": "[^"]*"/g, '"value": "ca-orders"');
let storage: Storage;
let child: ChildProcess | undefined;
const doors: Server[] = [];
const open = new Set<Socket>();

beforeAll(async () => {
  storage = await startStorage([account], { clock });
});
afterAll(async () => {
  const exit = child === undefined ? undefined : once(child, 'exit');
  child?.kill('SIGKILL');
  await exit;
  for (const socket of open) socket.destroy();
  for (const door of doors) door.close();
  await storage.stop();
});

/** The connection string with a door before each service, and what opens the doors. Until then each of them refuses the connection. */
async function behindDoors(
  connection: string,
): Promise<{ readonly connection: string; readonly unlock: () => Promise<void> }> {
  const ports = [...new Set([...connection.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port = '']) => port))];
  const ways = await Promise.all(ports.map(async (port) => ({ to: Number(port), from: await freePort() })));
  const moved = ways.reduce((text, { to, from }) => text.replaceAll(`:${to}/`, `:${from}/`), connection);
  const unlock = async (): Promise<void> => {
    for (const { to, from } of ways) {
      const door = createServer((socket) => {
        const inside = connect(to, '127.0.0.1');
        for (const one of [socket, inside]) open.add(one.on('error', () => one.destroy()));
        socket.pipe(inside).pipe(socket);
      });
      doors.push(door);
      await once(door.listen(from, '127.0.0.1'), 'listening');
    }
  };
  return { connection: moved, unlock };
}

/** Starts the bundle; answers its address, its functions and what it has printed. */
async function start(connection: string) {
  const port = await freePort();
  const settings = {
    PATH: process.env['PATH'],
    PULLMEDIC_PORT: String(port),
    PULLMEDIC_HOST_KEYS: JSON.stringify(keys),
    PULLMEDIC_SCOPES: '["/subscriptions/5f0c1d2e-0000-4000-8000-000000000001"]',
    AzureWebJobsStorage: connection,
  };
  const clockFile = new URL('../../../dist/local/clock.mjs', import.meta.url).href;
  const started = spawn(process.execPath, ['--import', clockFile, 'local/host/main.ts'], {
    env: { ...settings, ...clock.enter().env },
  });
  child = started;
  let text = '';
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  const ready = await vi.waitUntil(() => /^\{"ready".*$/m.exec(text)?.[0], patience);
  const { functions } = JSON.parse(ready) as { functions: string[] };
  return { base: `http://127.0.0.1:${port}/api`, functions, said: () => text };
}

interface Health {
  readonly status: number;
  readonly well: boolean;
  readonly storage?: string;
  readonly dependencies: { readonly tables: string };
}

describe('an app whose storage refuses connections at its start', () => {
  it('registers every function, says what is wrong, asks for alerts again, and heals by itself', async () => {
    const { connection, unlock } = await behindDoors(storage.connection(account));
    const app = await start(connection);
    const health = async (): Promise<Health> => {
      const answer = await fetch(`${app.base}/health`, { headers: { 'x-functions-key': keys.function } });
      return { status: answer.status, ...((await answer.json()) as Omit<Health, 'status'>) };
    };
    const alert = (): Promise<Response> =>
      fetch(`${app.base}/alerts`, {
        method: 'POST',
        headers: { 'x-functions-key': keys.function, 'content-type': 'application/json' },
        body: fired,
      });

    expect(app.functions).toEqual(expect.arrayContaining(['health', 'on-alert', 'on-step', 'on-schedule', 'undo']));
    await vi.waitUntil(async () => (await health()).storage !== undefined, patience);
    expect(await health()).toMatchObject({ status: 503, well: false, storage: 'connection-refused' });
    const refused = await alert();
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(app.said()).toContain('connection-refused');

    await unlock();
    await vi.waitUntil(async () => (await health()).storage === undefined, { timeout: 100_000, interval: 100 });
    expect((await alert()).status).toBe(202);
    expect(app.said().match(/AccountKey|SharedKey/)).toBeNull();
  });
});
