// As a preload of Azurite: removing nothing costs nothing. Each time somebody receives messages it removes those that have expired, and
// its store sorts all messages anew after every removal, also after one of none: in a storm that is nearly all that it does.
import { createRequire } from 'node:module';

interface Collection {
  removeBatch: (this: Collection, batch: readonly unknown[]) => void;
}

const ofAzurite = createRequire(createRequire(import.meta.url).resolve('azurite/package.json'));
const { prototype } = (ofAzurite('lokijs') as { readonly Collection: { readonly prototype: Collection } }).Collection;
const removeBatch = prototype.removeBatch;

prototype.removeBatch = function (this: Collection, batch) {
  if (batch.length > 0) removeBatch.call(this, batch);
};
