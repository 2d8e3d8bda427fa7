// As a preload of Azurite: its housekeeping must not be what a storm measures. Each time somebody receives or deletes a message it goes
// through all messages for those that have expired. Its store sorts all of them anew after every removal, also after one of none, and
// after every change of more than one. Each minute it looks for the bodies of deleted messages, one after the other through all that
// there are: after thousands of messages nobody is answered for half a minute. Here expired messages are looked for now and then, only
// what changed is sorted, and a run is over before those bodies matter.
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

/** Nothing here lives for less than days. Milliseconds of the run's clock. */
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
