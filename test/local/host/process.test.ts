// The host as a process: what ends it, what it says, and what survives.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort, type Storage, startStorage } from '../../../local/storage.ts';
import { countOf, patience, put } from './harness.ts';

let storage: Storage;

beforeAll(async () => {
  storage = await startStorage(['process']);
});
afterAll(() => storage.stop());

interface Process {
  readonly child: ChildProcess;
  readonly base: string;
  stderr(): string;
  ended(): Promise<number | null>;
}

function start(port: number, bundle: string, more: Record<string, string> = {}): Process {
  const child = spawn(process.execPath, ['local/host/main.ts'], {
    env: {
      PATH: process.env['PATH'],
      PULLMEDIC_BUNDLE: `test/local/host/apps/${bundle}.cjs`,
      PULLMEDIC_PORT: String(port),
      AzureWebJobsStorage: storage.connection('process'),
      ...more,
    },
  });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const exit = once(child, 'exit');
  return {
    child,
    base: `http://127.0.0.1:${port}/api`,
    stderr: () => text,
    ended: async () => ((await exit) as [number | null])[0],
  };
}

async function ready(process: Process): Promise<string> {
  const [line] = (await once(process.child.stdout ?? process.child, 'data')) as [Buffer];
  return line.toString();
}

async function running(more: Record<string, string> = {}): Promise<Process> {
  const process = start(await freePort(), 'process', more);
  await ready(process);
  return process;
}

describe('the process', () => {
  it('says in one line when it is ready, whatever the app prints', async () => {
    const process = start(await freePort(), 'process');

    expect(JSON.parse(await ready(process))).toMatchObject({
      ready: true,
      functions: expect.arrayContaining(['fine']) as unknown,
    });
    expect(process.stderr()).toContain('printed at import');
    process.child.kill('SIGKILL');
  });

  it('5. ends with 1 after an exception that nobody caught', async () => {
    const process = await running();
    await fetch(`${process.base}/throws-later`);

    expect(await process.ended()).toBe(1);
    expect(process.stderr()).toContain('nobody caught this');
  });

  it('5. ends with 1 after an unhandled rejection, even while the function runs', async () => {
    const process = await running();
    await fetch(`${process.base}/rejects`).catch(() => undefined);

    expect(await process.ended()).toBe(1);
    expect(process.stderr()).toContain('nobody handled this');
  });

  it('41. told to stop, finishes what runs, runs the terminate hooks and ends with 0', async () => {
    const process = await running();
    const answer = fetch(`${process.base}/slow`).then((response) => response.text());
    await vi.waitUntil(() => process.stderr().includes('slow began'), patience);
    process.child.kill('SIGTERM');

    expect(await answer).toBe('slow but done');
    expect(await process.ended()).toBe(0);
    expect(process.stderr()).toContain('terminate hook ran');
  });

  it('41. killed, runs none', async () => {
    const process = await running();
    process.child.kill('SIGKILL');

    await process.ended();
    expect(process.stderr()).not.toContain('terminate hook ran');
  });

  it('a message whose function ends the process is hidden until its lease is over, not lost', async () => {
    const process = await running();
    await put(storage.connection('process'), 'kills', 'x');

    expect(await process.ended()).toBe(9);
    expect(await countOf(storage.connection('process'), 'kills')).toBe(1);
  });

  it('says in one sentence that its port is taken', async () => {
    const first = await running();
    const second = start(Number(new URL(first.base).port), 'process');

    expect(await second.ended()).toBe(1);
    expect(second.stderr().trim().split('\n').at(-1)).toMatch(/^Port \d+ is taken: choose another one\.$/);
    first.child.kill('SIGKILL');
  });

  it.each([
    ['a port that is none', { PULLMEDIC_PORT: 'eighty' }, 'PULLMEDIC_PORT is not a port.'],
    ['keys that are no JSON', { PULLMEDIC_HOST_KEYS: '{"master":"hush-hush' }, 'PULLMEDIC_HOST_KEYS'],
  ])('refuses %s in one sentence and does not quote it', async (_what, more, sentence) => {
    const process = start(0, 'process', more);

    expect(await process.ended()).toBe(1);
    expect(process.stderr().trim().split('\n').at(-1)).toContain(sentence);
    expect(process.stderr()).not.toContain('hush-hush');
  });
});
