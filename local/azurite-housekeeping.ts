// As a preload of Azurite: its housekeeping must not be what a storm measures. Each time somebody receives messages it removes those
// that have expired, and its store sorts all messages anew after every removal, also after one of none. Each minute it looks for the
// bodies of deleted messages, one after the other through all that there are: after thousands of messages nobody is answered for half
// a minute. A run is over before those bodies matter.
import { createRequire } from 'node:module';

interface Collection {
  removeBatch: (this: Collection, batch: readonly unknown[]) => void;
}

interface Collector {
  markSweepLoop: () => Promise<void>;
}

const ofAzurite = createRequire(createRequire(import.meta.url).resolve('azurite/package.json'));

const { prototype } = (ofAzurite('lokijs') as { readonly Collection: { readonly prototype: Collection } }).Collection;
const removeBatch = prototype.removeBatch;

prototype.removeBatch = function (this: Collection, batch) {
  if (batch.length > 0) removeBatch.call(this, batch);
};

const collector = ofAzurite('./dist/src/queue/gc/QueueGCManager.js') as {
  readonly default: { readonly prototype: Collector };
};

collector.default.prototype.markSweepLoop = () => Promise.resolve();
