// One clock for the app, the simulation and the storage. As a preload, this module replaces `Date` with one that runs N times as fast.
// Only `Date` is scaled. I/O time-outs stay real, so a slow machine does not look like a slow Azure. The processes of a run on real parts
// share a clock that waits for their work (conductor.ts); without a conductor the speed is always the same.
import { type Beat, type Course, instantOf, SharedClock } from './shared-clock.ts';

/** The key of the real `Date`. It prevents a bundle with this file and a preload of it from scaling the clock twice. */
const kept = Symbol.for('pullmedic.real-date');
/** The key of the work under way in this process: the bundle and the preload have to count as one. */
const counted = Symbol.for('pullmedic.work-under-way');
const holder = globalThis as { [kept]?: DateConstructor; [counted]?: WorkUnderWay };
const RealDate = holder[kept] ?? Date;

export interface ClockSettings {
  /** The simulated instant at which the simulation began, in milliseconds since 1970. */
  readonly startMs: number;
  /** The real instant at which it began. */
  readonly realStartMs: number;
  /** How fast time runs, at most. */
  readonly speed: number;
  /** The file of the shared clock, where there is a conductor. */
  readonly file?: string | undefined;
  /** The number under which this process tells how far it is; without one it only asks for the time. */
  readonly member?: number | undefined;
}

const names = {
  start: 'PULLMEDIC_CLOCK_START_MS',
  real: 'PULLMEDIC_CLOCK_REAL_START_MS',
  speed: 'PULLMEDIC_CLOCK_SPEED',
  file: 'PULLMEDIC_CLOCK_FILE',
  member: 'PULLMEDIC_CLOCK_MEMBER',
} as const;

/** The settings as environment variables, for a process that preloads this file. */
export function clockEnvironment({ startMs, realStartMs, speed, file, member }: ClockSettings): Record<string, string> {
  return {
    [names.start]: String(startMs),
    [names.real]: String(realStartMs),
    [names.speed]: String(speed),
    ...(file === undefined ? {} : { [names.file]: file }),
    ...(member === undefined ? {} : { [names.member]: String(member) }),
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

function numberIn(env: Environment, name: string): number | undefined {
  const value = Number(env[name] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** Reads the settings; `undefined` if none are set, and then the clock is the real one. */
export function readClock(env: Environment): ClockSettings | undefined {
  const [startMs, realStartMs, speed] = [names.start, names.real, names.speed].map((name) => numberIn(env, name));
  if (startMs === undefined || realStartMs === undefined || speed === undefined || speed <= 0) return undefined;
  return { startMs, realStartMs, speed, file: env[names.file], member: numberIn(env, names.member) };
}

/** The simulated instant where there is no conductor. */
export function scaledNow({ startMs, realStartMs, speed }: ClockSettings): number {
  return Math.floor(startMs + (RealDate.now() - realStartMs) * speed);
}

/** How fast time runs in this process while nothing has to be waited for; 1 without a simulation. */
export function clockSpeed(): number {
  return readClock(process.env)?.speed ?? 1;
}

/** The real delay until a simulated delay has passed, for `setTimeout`; where the clock waits for work, it is not over by then. */
export function realDelay(simulatedMs: number): number {
  return Math.max(0, simulatedMs / clockSpeed());
}

/** The real instant, in milliseconds since 1970, even if the clock is scaled. */
export function realNow(): number {
  return RealDate.now();
}

/** How often a process tells that its event loop has time: real milliseconds. */
const beatEachMs = 20;

/** The work under way in this process, as its conductor is told. */
class WorkUnderWay {
  readonly #tell: (beat: Beat) => void;
  /** When each piece began, the oldest first: a set keeps the order. */
  readonly #pieces = new Set<{ readonly sinceMs: number }>();
  #ended = 0;

  constructor(tell: (beat: Beat) => void) {
    this.#tell = tell;
    this.tell();
    setInterval(() => this.tell(), beatEachMs).unref();
  }

  tell(): void {
    const [oldest] = this.#pieces;
    this.#tell({ beatMs: RealDate.now(), workSinceMs: oldest?.sinceMs ?? 0, ended: this.#ended });
  }

  async during<T>(work: () => Promise<T>, changes: boolean): Promise<T> {
    const piece = { sinceMs: RealDate.now() };
    this.#pieces.add(piece);
    this.tell();
    try {
      return await work();
    } finally {
      this.#pieces.delete(piece);
      if (changes) this.#ended += 1;
      this.tell();
    }
  }
}

/** Does a piece of work that the shared clock waits for. `changes`: whether the histories may be others after it. */
export async function underWay<T>(work: () => Promise<T>, changes: boolean): Promise<T> {
  return holder[counted] === undefined ? work() : holder[counted].during(work, changes);
}

/** Reads the shared clock once a real millisecond, and never answers an instant before the last one. */
function sharedNow(clock: SharedClock): () => number {
  let readMs = Number.NaN;
  let course: Course | undefined;
  let last = 0;
  return () => {
    const realMs = RealDate.now();
    if (course === undefined || realMs !== readMs) course = clock.readCourse();
    readMs = realMs;
    last = Math.max(last, instantOf(course, realMs));
    return last;
  };
}

/** Replaces the global `Date`. Existing dates and `instanceof` keep working, because the new class has the same prototype. */
export function installClock(settings: ClockSettings): void {
  if (holder[kept] !== undefined) return;
  holder[kept] = RealDate;
  const { file, member } = settings;
  const shared = file === undefined ? undefined : SharedClock.open(file);
  const now = shared === undefined ? (): number => scaledNow(settings) : sharedNow(shared);
  if (shared !== undefined && member !== undefined)
    holder[counted] = new WorkUnderWay((beat) => shared.writeBeat(member, beat));
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver): unknown => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
}

const settings = readClock(process.env);
if (settings !== undefined) installClock(settings);
