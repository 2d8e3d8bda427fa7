// Stands in for `node:timers/promises` in the bundle of the engine, because that module uses real time even where the global timers are
// replaced.

/** Resolves after a delay of the thread's own clock. */
export async function setTimeout<T>(delayMs?: number, value?: T): Promise<T | undefined> {
  await new Promise<void>((resolve) => {
    globalThis.setTimeout(resolve, delayMs);
  });
  return value;
}
