// Queues in memory, behind the calls of the real client that pullmedic and its host make: leases, receipts, dequeue counts.
import { type DequeuedMessageItem, type QueueClient, type QueueServiceClient, RestError } from '@azure/storage-queue';

interface Message {
  readonly id: string;
  readonly insertedMs: number;
  text: string;
  receipt: number;
  visibleMs: number;
  dequeueCount: number;
}

/** A queue, and when the next message of it can be received: `undefined` while it is empty. */
export interface MemoryQueue {
  readonly client: QueueClient;
  nextVisibleMs(): number | undefined;
  /** Called whenever a message came or its time changed. */
  onChange: () => void;
}

export interface MemoryQueues {
  readonly service: QueueServiceClient;
  queue(name: string): MemoryQueue;
}

/** Longer than any scenario: what never expires needs an end in the answers all the same. */
const forEverMs = 100 * 365 * 86_400_000;

function gone(): RestError {
  return new RestError('PopReceiptMismatch', { statusCode: 404, code: 'PopReceiptMismatch' });
}

function received(message: Message): DequeuedMessageItem {
  return {
    messageId: message.id,
    popReceipt: String(message.receipt),
    messageText: message.text,
    dequeueCount: message.dequeueCount,
    insertedOn: new Date(message.insertedMs),
    nextVisibleOn: new Date(message.visibleMs),
    expiresOn: new Date(message.insertedMs + forEverMs),
  };
}

interface Delay {
  readonly visibilityTimeout?: number;
}

function memoryQueue(name: string, now: () => number): MemoryQueue {
  const messages: Message[] = [];
  let sent = 0;
  let receipts = 0;
  const hide = (message: Message, seconds: number): void => {
    receipts += 1;
    message.receipt = receipts;
    message.visibleMs = now() + seconds * 1000;
  };
  function held(id: string, receipt: string): Message {
    const message = messages.find((one) => one.id === id && String(one.receipt) === receipt);
    if (message === undefined) throw gone();
    return message;
  }
  const client = {
    name,
    createIfNotExists: async () => ({ succeeded: true }),
    getProperties: async () => ({ approximateMessagesCount: messages.length }),
    async sendMessage(text: string, { visibilityTimeout = 0 }: Delay = {}) {
      sent += 1;
      const id = `${name}-${sent}`;
      const message = { id, insertedMs: now(), text, receipt: 0, visibleMs: 0, dequeueCount: 0 };
      hide(message, visibilityTimeout);
      messages.push(message);
      queue.onChange();
      return { messageId: id };
    },
    async receiveMessages({ numberOfMessages = 1, visibilityTimeout = 30 }: Delay & { numberOfMessages?: number }) {
      const visible = messages.filter((one) => one.visibleMs <= now()).slice(0, numberOfMessages);
      for (const message of visible) {
        message.dequeueCount += 1;
        hide(message, visibilityTimeout);
      }
      return { receivedMessageItems: visible.map(received) };
    },
    async updateMessage(id: string, receipt: string, text: string | undefined, seconds = 0) {
      const message = held(id, receipt);
      if (text !== undefined) message.text = text;
      hide(message, seconds);
      queue.onChange();
      return { popReceipt: String(message.receipt) };
    },
    async deleteMessage(id: string, receipt: string) {
      messages.splice(messages.indexOf(held(id, receipt)), 1);
      return {};
    },
  };
  const queue: MemoryQueue = {
    // As with tables: calls that are missing here throw.
    client: client as unknown as QueueClient,
    nextVisibleMs: () => (messages.length === 0 ? undefined : Math.min(...messages.map((one) => one.visibleMs))),
    onChange: () => undefined,
  };
  return queue;
}

/** The queues of one account. `over` may put something before the client of each. */
export function memoryQueues(now: () => number, over: (client: QueueClient) => QueueClient): MemoryQueues {
  const queues = new Map<string, MemoryQueue>();
  function queue(name: string): MemoryQueue {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const made = memoryQueue(name, now);
    const shown = Object.assign(made, { client: over(made.client) });
    queues.set(name, shown);
    return shown;
  }
  const service = { getQueueClient: (name: string) => queue(name).client };
  return { queue, service: service as unknown as QueueServiceClient };
}
