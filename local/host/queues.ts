// Storage queue triggers against real storage: polling, leases, dequeue counts, poison queues.
import { type DequeuedMessageItem, type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { clockSpeed } from '../clock.ts';
import type { LoadedApp, RegisteredFunction, RpcData } from './core.ts';
import { type HostLog, invoke } from './invoke.ts';
import type { QueueSettings } from './settings.ts';

/** How long a message is hidden while a function works on it; renewed at half time, as the host does. Seconds of its clock. */
const leaseSeconds = 600;
/** Polling is I/O, so its intervals are real; at a fast clock they shrink, but never below these. Milliseconds. */
const shortestPollMs = 40;
const shortestIdleMs = 150;

function decode(message: DequeuedMessageItem, settings: QueueSettings): string {
  return settings.messageEncoding === 'base64'
    ? Buffer.from(message.messageText, 'base64').toString('utf8')
    : message.messageText;
}

function jsonMembers(text: string): Record<string, RpcData> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
    return Object.fromEntries(Object.entries(value).flatMap(([name, member]) => asMetadata(name, member)));
  } catch {
    return {};
  }
}

/** As the host does: booleans as "True" and "False", numbers as text, arrays and nulls left out. */
function asMetadata(name: string, member: unknown): [string, RpcData][] {
  if (member === null || Array.isArray(member)) return [];
  if (typeof member === 'boolean') return [[name, { string: member ? 'True' : 'False' }]];
  return [[name, { string: typeof member === 'object' ? JSON.stringify(member) : String(member) }]];
}

function metadataOf(message: DequeuedMessageItem, text: string): Record<string, RpcData> {
  return {
    QueueTrigger: { string: text },
    DequeueCount: { json: String(message.dequeueCount) },
    Id: { string: message.messageId },
    PopReceipt: { string: message.popReceipt },
    InsertionTime: { string: message.insertedOn.toISOString() },
    ExpirationTime: { string: message.expiresOn.toISOString() },
    NextVisibleTime: { string: message.nextVisibleOn.toISOString() },
    // The host adds the members of a JSON message, and they win over its own.
    ...jsonMembers(text),
  };
}

interface Listener {
  readonly app: LoadedApp;
  readonly fn: RegisteredFunction;
  readonly queue: QueueClient;
  readonly poison: QueueClient;
  readonly settings: QueueSettings;
  readonly log: HostLog;
}

async function release(listener: Listener, message: DequeuedMessageItem): Promise<void> {
  const { queue, poison, settings } = listener;
  if (message.dequeueCount >= settings.maxDequeueCount) {
    await poison.createIfNotExists();
    await poison.sendMessage(message.messageText, { messageTimeToLive: -1 });
    await queue.deleteMessage(message.messageId, message.popReceipt);
    return;
  }
  await queue.updateMessage(
    message.messageId,
    message.popReceipt,
    undefined,
    Math.round(settings.visibilityTimeout / 1000),
  );
}

async function work(listener: Listener, message: DequeuedMessageItem): Promise<void> {
  const { app, fn, queue, settings, log } = listener;
  const text = decode(message, settings);
  let popReceipt = message.popReceipt;
  const renewal = setInterval(
    () => {
      queue.updateMessage(message.messageId, popReceipt, undefined, leaseSeconds).then(
        (renewed) => {
          popReceipt = renewed.popReceipt ?? popReceipt;
        },
        () => log('warning', 'A lease could not be renewed.', { function: fn.name }),
      );
    },
    Math.max(1000, (leaseSeconds * 500) / clockSpeed()),
  );
  try {
    await invoke(app, fn, { data: { string: text }, triggerMetadata: metadataOf(message, text) }, log);
    await queue.deleteMessage(message.messageId, popReceipt);
  } catch (error) {
    log('error', error instanceof Error ? (error.stack ?? error.message) : String(error), { function: fn.name });
    await release(listener, { ...message, popReceipt });
  } finally {
    clearInterval(renewal);
  }
}

function connect(connection: string): QueueServiceClient {
  return QueueServiceClient.fromConnectionString(connection);
}

/** Starts to listen; the answer stops it and waits for what is running. */
export async function listen(
  app: LoadedApp,
  fn: RegisteredFunction,
  env: Readonly<Record<string, string | undefined>>,
  settings: QueueSettings,
  log: HostLog,
): Promise<() => Promise<void>> {
  const setting = String(fn.trigger['connection'] ?? 'AzureWebJobsStorage');
  const connection = env[setting];
  if (connection === undefined)
    throw new Error(`Function "${fn.name}" needs the setting ${setting}, a storage connection string.`);
  const service = connect(connection);
  const name = String(fn.trigger['queueName']);
  const queue = service.getQueueClient(name);
  await queue.createIfNotExists();
  const listener: Listener = { app, fn, queue, poison: service.getQueueClient(`${name}-poison`), settings, log };
  return poll(listener);
}

function poll(listener: Listener): () => Promise<void> {
  const { queue, settings, log, fn } = listener;
  const running = new Set<Promise<void>>();
  const threshold = settings.newBatchThreshold ?? Math.floor(settings.batchSize / 2);
  const longestMs = Math.max(shortestIdleMs, settings.maxPollingInterval / clockSpeed());
  let pauseMs = shortestPollMs;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function round(): Promise<void> {
    if (running.size > threshold) return;
    const { receivedMessageItems: messages } = await queue.receiveMessages({
      numberOfMessages: settings.batchSize,
      visibilityTimeout: leaseSeconds,
    });
    pauseMs = messages.length > 0 ? shortestPollMs : Math.min(pauseMs * 1.5, longestMs);
    for (const message of messages) {
      const task = work(listener, message).catch(() =>
        log('error', 'A message could not be settled.', { function: fn.name }),
      );
      running.add(task);
      void task.finally(() => running.delete(task));
    }
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      round()
        .catch(() => log('warning', 'The queue could not be read.', { function: fn.name }))
        .finally(next);
    }, pauseMs);
  }

  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await Promise.allSettled(running);
  };
}
