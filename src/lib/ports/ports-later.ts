// Ports that load with the first call that needs them. Taking an alert needs the clock, the log and the queue; everything else may come later
// (docs/decisions/0009-what-loads-when.md).
import type { Ports } from './ports.ts';

/** The ports that are there from the start, and the functions of others that answer at once. */
export interface AtOnce extends Pick<Ports, 'now' | 'hash' | 'queue' | 'log'> {
  readonly scarce: Ports['azure']['scarce'];
  readonly newHolder: Ports['outbox']['newHolder'];
}

/** Ports of which `load` makes the most. It is called once at most, also by calls that come at the same time. */
export function portsLater({ scarce, newHolder, ...atOnce }: AtOnce, load: () => Promise<Ports>): Ports {
  const ports = once(load);
  return {
    ...atOnce,
    killSwitch: async () => (await ports()).killSwitch(),
    history: later(async () => (await ports()).history),
    incidents: later(async () => (await ports()).incidents),
    deployment: later(async () => (await ports()).deployment),
    counted: later(async () => (await ports()).counted),
    index: later(async () => (await ports()).index),
    azure: later(async () => (await ports()).azure, { scarce }),
    actions: later(async () => (await ports()).actions),
    controls: later(async () => (await ports()).controls),
    pulse: later(async () => (await ports()).pulse),
    sweeps: later(async () => (await ports()).sweeps),
    wakes: later(async () => (await ports()).wakes),
    archive: later(async () => (await ports()).archive),
    outbox: later(async () => (await ports()).outbox, { newHolder }),
    incidentSystems: later(async () => (await ports()).incidentSystems),
    seals: later(async () => (await ports()).seals),
    subscriptions: later(async () => (await ports()).subscriptions),
  };
}

/** Calls `make` with the first call, and keeps what it made. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Functions that answer with a promise, except those of `K`. */
type Asked<T, K extends keyof T> = { readonly [P in Exclude<keyof T, K>]: (...asked: never[]) => Promise<unknown> };

/** An object that `load` makes with the first call to one of its functions. Those in `atOnce` never wait for it. */
export function later<T extends Asked<T, K>, K extends keyof T = never>(
  load: () => Promise<T>,
  atOnce?: Pick<T, K>,
): T {
  const known: object = atOnce ?? {};
  return new Proxy(known, {
    get(_, name) {
      if (Object.hasOwn(known, name)) return Reflect.get(known, name) as unknown;
      // A promise that holds this object asks whether it is a promise itself.
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return async (...asked: readonly unknown[]) => {
        const loaded = await load();
        const call: unknown = Reflect.get(loaded, name);
        return Reflect.apply(call as (...asked: readonly unknown[]) => unknown, loaded, asked);
      };
    },
  }) as T;
}
