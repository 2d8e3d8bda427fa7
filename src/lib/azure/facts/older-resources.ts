// Remembers which resources are read in an older API version, because ARM does not know the younger one in their region.
import type { ArmId } from '../../words/arm-id.ts';
import { type Latest, latest } from '../../words/latest.ts';

/** How many are remembered for a connection. One that was forgotten costs one more request. */
export const mostOlder = 1000;

export interface OlderResources {
  has(connection: object, resource: ArmId): boolean;
  add(connection: object, resource: ArmId): void;
}

/** An empty memory. Each connection has its own part of it, which ends with the connection. */
export function olderResources(): OlderResources {
  const of = new WeakMap<object, Latest<ArmId, true>>();
  return {
    has: (connection, resource) => of.get(connection)?.get(resource) === true,
    add(connection, resource) {
      const known = of.get(connection) ?? latest<ArmId, true>(mostOlder);
      of.set(connection, known);
      known.put(resource, true);
    },
  };
}
