// Storage queue triggers against real storage: polling, leases, dequeue counts, poison queues.
import { setTimeout as pause } from 'node:timers/promises';
import { type DequeuedMessageItem, type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { clockSpeed, underWay } from '../clock.ts';
import { invoke, type Runner, textOf } from './invoke.ts';
import type { RegisteredFunction } from './load.ts';
import { metadataOf, textOfMessage } from './queue-message.ts';
import { type Environment, type QueueSettings, resolveSettings, storageConnection } from './settings.ts';

/** How long a message is hidden while a function works on it, in seconds of the storage's clock. The lease is renewed at half time. */
const leaseSeconds = 600;
/** The shortest pauses between polls of a busy and of an idle queue, in real milliseconds. A fast clock shortens pauses down to these. */
const shortestPollMs = 40;
const shortestIdleMs = 150;
const poisonSuffix = '-poison';

export interface Listener extends Runner {
  readonly fn: RegisteredFunction;
  readonly queue: QueueClient;
  /** The poison queue. A poison queue has none of its own. */
  readonly poison: QueueClient | undefined;
  readonly settings: QueueSettings;
}

type Lease = Pick<DequeuedMessageItem, 'messageId' | 'popReceipt'>;

/** Keeps a message hidden. The returned function ends that after the last renewal, because each renewal changes the receipt. */
function keepLease(listener: Listener, message: DequeuedMessageItem): () => Promise<Lease> {
  const { messageId } = message;
  let { popReceipt } = message;
  let renewal = Promise.resolve();
  async function renew(): Promise<void> {
    try {
      const renewed = await listener.queue.updateMessage(messageId, popReceipt, undefined, leaseSeconds);
      popReceipt = renewed.popReceipt ?? popReceipt;
    } catch {
      listener.log('warning', 'The lease of a message could not be renewed.', { function: listener.fn.name });
    }
  }
  const timer = setInterval(
    () => {
      renewal = renewal.then(renew);
    },
    Math.max(shortestPollMs, (leaseSeconds * 500) / clockSpeed()),
  );
  return async () => {
    clearInterval(timer);
    await renewal;
    return { messageId, popReceipt };
  };
}

/** Moves a message to the poison queue. Without a poison queue the message stays hidden until its lease is over. */
async function giveUp(listener: Listener, message: DequeuedMessageItem, lease: Lease): Promise<void> {
  const { queue, poison, log, fn } = listener;
  if (poison === undefined) return;
  log('warning', `A message is moved to the queue ${poison.name}.`, { function: fn.name });
  await poison.createIfNotExists();
  await poison.sendMessage(message.messageText);
  await queue.deleteMessage(lease.messageId, lease.popReceipt);
}

async function afterFailure(listener: Listener, message: DequeuedMessageItem, lease: Lease): Promise<void> {
  const { queue, poison, settings } = listener;
  // Without a poison queue the host leaves a failed message hidden, so that it does not come back at once in an endless loop.
  if (poison === undefined) return;
  if (message.dequeueCount >= settings.maxDequeueCount) return giveUp(listener, message, lease);
  const seconds = Math.round(settings.visibilityTimeout / 1000);
  await queue.updateMessage(lease.messageId, lease.popReceipt, undefined, seconds);
}

/** Runs the function on a message, then deletes the message or moves it to the poison queue. */
async function work(listener: Listener, message: DequeuedMessageItem): Promise<void> {
  const { fn, queue, settings } = listener;
  const text = textOfMessage(message.messageText, settings.messageEncoding);
  // A count above the limit means that the process died during the last try.
  if (text === undefined || message.dequeueCount > settings.maxDequeueCount) return giveUp(listener, message, message);
  const endLease = keepLease(listener, message);
  const succeeded = await invoke(listener, fn, {
    data: { string: text },
    triggerMetadata: metadataOf(message, text),
  }).then(
    () => true,
    () => false,
  );
  const lease = await endLease();
  if (succeeded) await queue.deleteMessage(lease.messageId, lease.popReceipt);
  else await afterFailure(listener, message, lease);
  return undefined;
}

/** Like `work`, but never rejects. A message that cannot be settled comes back when its lease is over. */
export async function settled(listener: Listener, message: DequeuedMessageItem): Promise<void> {
  try {
    await work(listener, message);
  } catch (error) {
    listener.log('error', `A message could not be settled: ${textOf(error)}`, { function: listener.fn.name });
  }
}

/** Takes a batch of the messages that are visible now. */
export async function receive({ queue, settings }: Listener): Promise<DequeuedMessageItem[]> {
  const { receivedMessageItems } = await queue.receiveMessages({
    numberOfMessages: settings.batchSize,
    visibilityTimeout: leaseSeconds,
  });
  return receivedMessageItems;
}

/** How long to wait before the next poll. The wait grows while the queue is empty. */
function backOff(settings: QueueSettings): { found(): number; nothing(): number; failed(): number } {
  const shortest = Math.max(shortestPollMs, 100 / clockSpeed());
  const longest = Math.max(shortestIdleMs, settings.maxPollingInterval / clockSpeed());
  let waitMs = shortest;
  return {
    found: () => (waitMs = shortest),
    nothing: () => (waitMs = Math.min(waitMs * 1.5, longest)),
    failed: () => Math.min(longest, 1000),
  };
}

async function sleep(waitMs: number, stop: AbortSignal): Promise<void> {
  // The wait ends early when the host stops. That is not an error.
  await pause(waitMs, undefined, { signal: stop }).catch(() => undefined);
}

async function poll(listener: Listener, isMade: boolean, stop: AbortSignal): Promise<void> {
  const { settings, log, fn, queue } = listener;
  const threshold = settings.newBatchThreshold ?? Math.floor(settings.batchSize / 2);
  const wait = backOff(settings);
  const running = new Set<Promise<void>>();
  let failing = false;
  let made = isMade;
  async function round(): Promise<number> {
    if (running.size > threshold) return wait.found();
    if (!made) await queue.createIfNotExists();
    made = true;
    const messages = await underWay(() => receive(listener), false);
    for (const message of messages) {
      const task = settled(listener, message).finally(() => running.delete(task));
      running.add(task);
    }
    failing = false;
    return messages.length > 0 ? wait.found() : wait.nothing();
  }
  while (!stop.aborted) {
    const waitMs = await round().catch(() => {
      if (!failing) log('warning', `The queue ${queue.name} cannot be read.`, { function: fn.name });
      failing = true;
      return wait.failed();
    });
    await sleep(waitMs, stop);
  }
  await Promise.all(running);
}

function connect(connection: string, owner: string): QueueServiceClient {
  try {
    return QueueServiceClient.fromConnectionString(connection);
  } catch {
    // The client's message may quote the connection string, which holds a key.
    throw new Error(`The storage connection of function "${owner}" is not a connection string.`);
  }
}

/** Starts to listen. The returned function stops it and waits for running functions. */
export async function listen(
  runner: Runner,
  fn: RegisteredFunction,
  env: Environment,
  settings: QueueSettings,
): Promise<() => Promise<void>> {
  const service = connect(storageConnection(fn.trigger['connection'], env, fn.name), fn.name);
  const name = resolveSettings(String(fn.trigger['queueName']), env, fn.name).toLowerCase();
  const queue = service.getQueueClient(name);
  // Storage may be down now: then the first round that reaches it makes the queue.
  const isMade = await queue.createIfNotExists().then(
    () => true,
    () => false,
  );
  const poison = name.endsWith(poisonSuffix) ? undefined : service.getQueueClient(`${name}${poisonSuffix}`);
  const stop = new AbortController();
  const polling = poll({ ...runner, fn, queue, poison, settings }, isMade, stop.signal);
  return async () => {
    stop.abort();
    await polling;
  };
}
