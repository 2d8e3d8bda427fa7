// The deployed bundle with settings that cannot be used: it loads, says every mistake, and nothing acts.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort, type Storage, startStorage } from '../../../local/storage.ts';
import { aWhile, countOf, keys, patience, put } from './harness.ts';

let storage: Storage;
let child: ChildProcess | undefined;

beforeAll(async () => {
  storage = await startStorage(['mistaken']);
});
afterEach(async () => {
  const dying = child;
  if (dying === undefined || dying.exitCode !== null) return;
  const exit = once(dying, 'exit');
  dying.kill('SIGKILL');
  await exit;
});
afterAll(() => storage.stop());

interface Loaded {
  readonly base: string;
  readonly functions: readonly string[];
  /** What the app and the host printed. */
  said(): string;
}

async function load(settings: Record<string, string>): Promise<Loaded> {
  const port = await freePort();
  const env = {
    PATH: process.env['PATH'],
    PULLMEDIC_PORT: String(port),
    PULLMEDIC_HOST_KEYS: JSON.stringify(keys),
    ...settings,
  };
  const started = spawn(process.execPath, ['local/host/main.ts'], { env });
  child = started;
  let text = '';
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  const line = await vi.waitUntil(() => /^\{"ready".*$/m.exec(text)?.[0], patience);
  const { functions } = JSON.parse(line) as { functions: string[] };
  return { base: `http://127.0.0.1:${port}/api`, functions, said: () => text };
}

const secret = 'c2VjcmV0LWtleS1vZi10aGUtYWNjb3VudA==';
const mistaken = {
  PULLMEDIC_MODE: 'auto',
  PULLMEDIC_SCOPES: '[]',
  PULLMEDIC_REGISTRIES: '[{"id":"acrshop","consumers":[]}]',
  PULLMEDIC_SETTINGS: '{"limits":{"grantsPerHour":"many"},"undo":"yes"}',
};
const sentences = [
  /PULLMEDIC_MODE must be observe, approve or act/,
  /PULLMEDIC_SCOPES.*names no subscription/,
  /PULLMEDIC_REGISTRIES at 0\.id.*is not an Azure resource id/,
  /PULLMEDIC_SETTINGS at limits\.grantsPerHour/,
  /PULLMEDIC_SETTINGS at undo/,
];

describe('settings that cannot be used', () => {
  it('leave the two functions of health, which say all mistakes and answer 503', async () => {
    const app = await load({ ...mistaken, AzureWebJobsStorage: storage.connection('mistaken') });

    expect(app.functions).toEqual(['health', 'health-signed']);
    const health = await fetch(`${app.base}/health`, { headers: { 'x-functions-key': keys.function } });
    expect(health.status).toBe(503);
    const { well, settings } = (await health.json()) as { well: boolean; settings: string[] };
    expect(well).toBe(false);
    expect(settings).toHaveLength(sentences.length);
    for (const sentence of sentences) expect(settings.join('\n')).toMatch(sentence);
  });

  it('are said to nobody without the key', async () => {
    const app = await load({ ...mistaken, AzureWebJobsStorage: storage.connection('mistaken') });

    expect((await fetch(`${app.base}/health`)).status).toBe(401);
  });

  it('are in the log, each once', async () => {
    const app = await load({ ...mistaken, AzureWebJobsStorage: storage.connection('mistaken') });

    await vi.waitFor(() => expect(app.said().match(/bad-setting/g)).toHaveLength(sentences.length), patience);
    for (const sentence of sentences) expect(app.said().match(new RegExp(sentence, 'g'))).toHaveLength(1);
  });

  it('handle no alert, no event and no message', async () => {
    const connection = storage.connection('mistaken');
    await put(connection, 'pullmedic-signals', '{}');
    await put(connection, 'pullmedic-steps', '{}');
    const app = await load({ ...mistaken, AzureWebJobsStorage: connection });
    await aWhile();

    for (const route of ['alerts', 'signals', 'remediations/x/approve', 'remediations/x/undo'])
      expect(
        (await fetch(`${app.base}/${route}`, { method: 'POST', headers: { 'x-functions-key': keys.function } })).status,
      ).toBe(404);
    expect((await fetch(`${app.base}/history`)).status).toBe(404);
    expect(await countOf(connection, 'pullmedic-signals')).toBe(1);
    expect(await countOf(connection, 'pullmedic-steps')).toBe(1);
  });

  it.each([
    ['missing', {}, 'AzureWebJobsStorage is missing'],
    ['no connection string', { AzureWebJobsStorage: `AccountKey=${secret}` }, 'is not a connection string'],
  ])('a storage connection that is %s is one of them, and is not quoted', async (_what, more, sentence) => {
    const app = await load({ ...mistaken, ...more });

    const health = await fetch(`${app.base}/health`, { headers: { 'x-functions-key': keys.function } });
    const text = await health.text();
    expect(text).toContain(sentence);
    expect(text).toContain('PULLMEDIC_MODE');
    await vi.waitFor(() => expect(app.said()).toContain(sentence), patience);
    expect(text + app.said()).not.toContain(secret);
  });
});

describe('settings that can be used', () => {
  it('register everything', async () => {
    const scope = '["/subscriptions/5f0c1d2e-0000-4000-8000-000000000001"]';
    const app = await load({ PULLMEDIC_SCOPES: scope, AzureWebJobsStorage: storage.connection('mistaken') });

    expect(app.functions).toEqual(expect.arrayContaining(['health', 'on-alert', 'on-step', 'on-schedule', 'undo']));
  });
});
