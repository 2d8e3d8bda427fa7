// A preload of Azurite that limits its housekeeping, so that a storm does not measure it. At every receive or delete, Azurite searches all
// messages for expired ones. Its store sorts all messages again after every removal, even of no message, and after every change of more
// than one. Each minute it searches all message bodies for deleted messages: after thousands of messages it answers no request for half a
// minute. With this module Azurite searches for expired messages only now and then, sorts only what changed, and keeps the bodies,
// because a run ends before they matter.
import { createRequire } from 'node:module';

interface Collection {
  removeBatch: (this: Collection, batch: readonly unknown[]) => void;
  update: (this: Collection, changed: unknown) => unknown;
}

interface Collector {
  markSweepLoop: () => Promise<void>;
}

interface Messages {
  clearExpiredMessages: (this: Messages, ...about: readonly unknown[]) => Promise<void>;
}

const ofAzurite = createRequire(createRequire(import.meta.url).resolve('azurite/package.json'));

function prototypeOf<T>(file: string): T {
  return (ofAzurite(`./dist/src/queue/${file}`) as { readonly default: { readonly prototype: T } }).default.prototype;
}

const collection = (ofAzurite('lokijs') as { readonly Collection: { readonly prototype: Collection } }).Collection
  .prototype;
const removeBatch = collection.removeBatch;
collection.removeBatch = function (this: Collection, batch) {
  if (batch.length > 0) removeBatch.call(this, batch);
};

const update = collection.update;
collection.update = function (this: Collection, changed) {
  if (!Array.isArray(changed)) return update.call(this, changed);
  for (const one of changed) update.call(this, one);
  return undefined;
};

/** How long between two searches for expired messages. Every message here lives for days. Milliseconds of the run's clock. */
const lookAgainMs = 60_000;
const messages = prototypeOf<Messages>('persistence/LokiQueueMetadataStore.js');
const clearExpired = messages.clearExpiredMessages;
let lookedAtMs = 0;
messages.clearExpiredMessages = async function (this: Messages, ...about) {
  if (Math.abs(Date.now() - lookedAtMs) < lookAgainMs) return;
  lookedAtMs = Date.now();
  await clearExpired.apply(this, [...about]);
};

prototypeOf<Collector>('gc/QueueGCManager.js').markSweepLoop = () => Promise.resolve();
