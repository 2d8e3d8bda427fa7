// Storage queue triggers against real storage: polling, leases, dequeue counts, poison queues.
import { setTimeout as pause } from 'node:timers/promises';
import { type DequeuedMessageItem, type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { clockSpeed } from '../clock.ts';
import { invoke, type Runner, textOf } from './invoke.ts';
import type { RegisteredFunction } from './load.ts';
import { metadataOf, textOfMessage } from './queue-message.ts';
import { type Environment, type QueueSettings, resolveSettings, storageConnection } from './settings.ts';

/** How long a message is hidden while a function works on it, in seconds of the storage's clock; renewed at half time. */
const leaseSeconds = 600;
/** Polling is I/O, so it is real time. With a fast clock the intervals shrink, but never below these. Milliseconds. */
const shortestPollMs = 40;
const shortestIdleMs = 150;
const poisonSuffix = '-poison';

export interface Listener extends Runner {
  readonly fn: RegisteredFunction;
  readonly queue: QueueClient;
  /** A poison queue has no poison queue of its own. */
  readonly poison: QueueClient | undefined;
  readonly settings: QueueSettings;
}

type Lease = Pick<DequeuedMessageItem, 'messageId' | 'popReceipt'>;

/** Keeps a message hidden. The answer ends that, once no renewal is under way: each one changes the receipt. */
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

/** Moves a message to the poison queue. In a queue that has none it stays hidden until its lease is over. */
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
  // Without a poison queue the host leaves a failed message hidden, so that it does not come back in a fast endless loop.
  if (poison === undefined) return;
  if (message.dequeueCount >= settings.maxDequeueCount) return giveUp(listener, message, lease);
  const seconds = Math.round(settings.visibilityTimeout / 1000);
  await queue.updateMessage(lease.messageId, lease.popReceipt, undefined, seconds);
}

/** Runs the function on a message and settles it. */
async function work(listener: Listener, message: DequeuedMessageItem): Promise<void> {
  const { fn, queue, settings } = listener;
  const text = textOfMessage(message.messageText, settings.messageEncoding);
  // A count above the limit means that the last try never ended: it took the process with it.
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

/** As `work`, but never rejects: a message that cannot be settled comes back when its lease is over. */
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

/** How long to wait before the next look: longer and longer while there is nothing. */
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
  // The wait ends early when the host stops; that is no error.
  await pause(waitMs, undefined, { signal: stop }).catch(() => undefined);
}

async function poll(listener: Listener, stop: AbortSignal): Promise<void> {
  const { settings, log, fn, queue } = listener;
  const threshold = settings.newBatchThreshold ?? Math.floor(settings.batchSize / 2);
  const wait = backOff(settings);
  const running = new Set<Promise<void>>();
  let failing = false;
  async function round(): Promise<number> {
    if (running.size > threshold) return wait.found();
    const messages = await receive(listener);
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
    // The client's message may quote the connection string, and that holds a key.
    throw new Error(`The storage connection of function "${owner}" is not a connection string.`);
  }
}

/** Starts to listen; the answer stops it and waits for what is running. */
export async function listen(
  runner: Runner,
  fn: RegisteredFunction,
  env: Environment,
  settings: QueueSettings,
): Promise<() => Promise<void>> {
  const service = connect(storageConnection(fn.trigger['connection'], env, fn.name), fn.name);
  const name = resolveSettings(String(fn.trigger['queueName']), env, fn.name).toLowerCase();
  const queue = service.getQueueClient(name);
  await queue.createIfNotExists();
  const poison = name.endsWith(poisonSuffix) ? undefined : service.getQueueClient(`${name}${poisonSuffix}`);
  const stop = new AbortController();
  const polling = poll({ ...runner, fn, queue, poison, settings }, stop.signal);
  return async () => {
    stop.abort();
    await polling;
  };
}
