// The host of the engine takes messages as the embedded host does: what a full batch left behind is fetched at once.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type HostOptions, startHost } from '../../../local/engine/host.ts';
import { memoryQueues } from '../../../local/engine/memory-queues.ts';
import type { LoadedApp } from '../../../local/host/load.ts';
import type { HostSettings } from '../../../local/host/settings.ts';

const beganMs = Date.UTC(2026, 0, 1);
const pollMs = 2500;

beforeEach(() => {
  vi.useFakeTimers({ now: beganMs });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Sends so many messages at once, and answers how long after that each was handed over, in milliseconds. */
async function handedOver(count: number, handleMs: number): Promise<number[]> {
  const queues = memoryQueues(
    () => Date.now(),
    (client) => client,
  );
  const taken: number[] = [];
  const invoke = async (): Promise<undefined> => {
    taken.push(Date.now() - beganMs);
    await new Promise((resolve) => setTimeout(resolve, handleMs));
    return undefined;
  };
  const trigger = { type: 'queueTrigger', name: 'message', queueName: 'work' };
  const model = {
    getInvocationModel: () => ({
      getArguments: async () => ({ context: {}, inputs: [] }),
      invokeFunction: invoke,
      getResponse: async () => ({}),
    }),
  };
  const functions = [{ name: 'on-work', trigger, handler: invoke }];
  const app = { functions, model, appHookData: {}, runHooks: async () => undefined } as unknown as LoadedApp;
  const keys = { host: '', eventgrid: '' } as unknown as HostOptions['keys'];
  startHost({ app, settings, env: {}, keys, queues, log: () => undefined });
  for (let sent = 0; sent < count; sent += 1) await queues.queue('work').client.sendMessage('x');
  await vi.advanceTimersByTimeAsync(60_000);
  return taken;
}

const settings = {
  extensions: {
    http: { routePrefix: 'api' },
    queues: {
      maxPollingInterval: 2 * pollMs,
      visibilityTimeout: 30_000,
      batchSize: 8,
      newBatchThreshold: 4,
      maxDequeueCount: 5,
      messageEncoding: 'none',
    },
  },
} as unknown as HostSettings;

it('hands a batch over after half of the longest pause, and the rest of a crowd right behind it', async () => {
  const taken = await handedOver(20, 0);

  expect(taken).toHaveLength(20);
  expect(taken[0]).toBe(pollMs);
  expect(taken.at(-1)).toBeLessThan(pollMs + 10);
});

it('takes no more than a batch and the threshold at a time', async () => {
  const taken = await handedOver(20, 1000);

  expect(taken.filter((atMs) => atMs < pollMs + 1000)).toHaveLength(8);
  expect(taken.filter((atMs) => atMs < pollMs + 2000)).toHaveLength(16);
});
