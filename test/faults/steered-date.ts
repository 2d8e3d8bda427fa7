// A `Date` that stands where it was put.

export interface Steered {
  put(nowMs: number): void;
  restore(): void;
}

/** Replaces the global `Date` of this process. Dates that exist stay dates: it is the same prototype. */
export function steerDate(startMs: number): Steered {
  const RealDate = Date;
  let nowMs = startMs;
  const now = (): number => nowMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [nowMs] : args, newTarget) as object,
    apply: () => new RealDate(nowMs).toString(),
    get: (target, key, receiver): unknown => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
  return {
    put(instantMs) {
      nowMs = instantMs;
    },
    restore() {
      globalThis.Date = RealDate;
    },
  };
}
