// One clock for the app, the simulation and the storage. As a preload, this module replaces `Date` with one that runs N times as fast.
// Only `Date` is scaled. I/O time-outs stay real, so a slow machine does not look like a slow Azure.

/** The key of the real `Date`. It prevents a bundle with this file and a preload of it from scaling the clock twice. */
const kept = Symbol.for('pullmedic.real-date');
const holder = globalThis as { [kept]?: DateConstructor };
const RealDate = holder[kept] ?? Date;

export interface ClockSettings {
  /** The simulated instant at which the simulation began, in milliseconds since 1970. */
  readonly startMs: number;
  /** The real instant at which it began. */
  readonly realStartMs: number;
  readonly speed: number;
}

const names = {
  start: 'PULLMEDIC_CLOCK_START_MS',
  real: 'PULLMEDIC_CLOCK_REAL_START_MS',
  speed: 'PULLMEDIC_CLOCK_SPEED',
} as const;

/** The settings as environment variables, for a process that preloads this file. */
export function clockEnvironment(settings: ClockSettings): Record<string, string> {
  return {
    [names.start]: String(settings.startMs),
    [names.real]: String(settings.realStartMs),
    [names.speed]: String(settings.speed),
  };
}

/** Reads the settings; `undefined` if none are set, and then the clock is the real one. */
export function readClock(env: Readonly<Record<string, string | undefined>>): ClockSettings | undefined {
  const [startMs, realStartMs, speed] = [names.start, names.real, names.speed].map((name) =>
    Number(env[name] ?? Number.NaN),
  );
  if (startMs === undefined || realStartMs === undefined || speed === undefined) return undefined;
  return Number.isFinite(startMs) && Number.isFinite(realStartMs) && speed > 0
    ? { startMs, realStartMs, speed }
    : undefined;
}

/** The simulated instant. */
export function scaledNow({ startMs, realStartMs, speed }: ClockSettings): number {
  return Math.floor(startMs + (RealDate.now() - realStartMs) * speed);
}

/** How fast time runs in this process; 1 without a simulation. */
export function clockSpeed(): number {
  return readClock(process.env)?.speed ?? 1;
}

/** The real delay until a simulated delay has passed, for `setTimeout`. */
export function realDelay(simulatedMs: number): number {
  return Math.max(0, simulatedMs / clockSpeed());
}

/** The real instant, in milliseconds since 1970, even if the clock is scaled. */
export function realNow(): number {
  return RealDate.now();
}

/** Replaces the global `Date`. Existing dates and `instanceof` keep working, because the new class has the same prototype. */
export function installClock(settings: ClockSettings): void {
  if (holder[kept] !== undefined) return;
  holder[kept] = RealDate;
  const now = (): number => scaledNow(settings);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver): unknown => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
}

const settings = readClock(process.env);
if (settings !== undefined) installClock(settings);
