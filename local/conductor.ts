// Keeps the clock of a run on real parts from running ahead of the work: time runs fast while processes only wait, no faster than real time
// while a piece of work takes long or a process does not get to its work, and not at all while this process itself is late. So what
// pullmedic sees does not depend on the speed of the machine; only how long a run takes does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClockSettings, clockEnvironment, installClock, realNow } from './clock.ts';
import { type Beat, type Course, instantOf, SharedClock } from './shared-clock.ts';

/** A process on the clock of a run. */
export interface Member {
  /** What it needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** How many pieces of its work have ended that may have changed something; `undefined` where it does not say. */
  ended(): number | undefined;
  /** The process has ended: the clock no longer waits for it. */
  leave(): void;
}

/** The clock of a run, for those who start processes. */
export interface RunClock extends ClockSettings {
  enter(): Member;
  /**
   * By how much a piece of work that has ended or goes on was longest behind the clock since a simulated instant: simulated milliseconds.
   */
  behindSince(instantMs: number): number;
}

/** How long a run took, and how long it would have taken at full speed: real milliseconds. */
export interface Pace {
  readonly tookMs: number;
  readonly atFullSpeedMs: number;
}

export interface Conductor {
  readonly clock: RunClock;
  pace(): Pace;
  stop(): void;
}

/** How often the conductor looks, and how long time goes on without its look: real milliseconds. */
const lookEachMs = 20;
const holdMs = 100;
/** While the clock waits for work, it runs like real time. */
const slowSpeed = 1;
/** Simulated milliseconds that a piece of work may take before the clock waits for it, and that a process may not get to its work. */
const workMs = 9000;
const lagMs = 9000;
/** Below this, a machine without other work would slow the clock: real milliseconds. */
const leastLagMs = 80;
/** A piece of work that took longer than this was not waited for well enough: simulated milliseconds. */
const allowedMs = 60_000;

/** What the conductor has seen of the work that is under way in a process. */
interface Seen {
  readonly workSinceMs: number;
  readonly simulatedMs: number;
}

/** Some work that took too long, and when it was last seen: simulated milliseconds. */
interface TooLong {
  readonly atMs: number;
  readonly behindMs: number;
}

/** Whether time may run at full speed as far as a process is concerned. A process that has said nothing yet is still starting. */
export function keepsUp(beat: Beat | undefined, realMs: number, speed: number): boolean {
  if (beat === undefined) return false;
  const lags = realMs - beat.beatMs > Math.max(leastLagMs, lagMs / speed);
  const works = beat.workSinceMs > 0 && realMs - beat.workSinceMs > workMs / speed;
  return !lags && !works;
}

class Baton {
  readonly #file: SharedClock;
  readonly #speed: number;
  readonly #members = new Map<number, Seen | undefined>();
  readonly #tooLong: TooLong[] = [];
  readonly #began: Course;
  #course: Course;

  constructor(file: SharedClock, course: Course, speed: number) {
    this.#file = file;
    this.#speed = speed;
    this.#course = course;
    this.#began = course;
  }

  enter(number: number): void {
    this.#members.set(number, undefined);
  }

  leave(number: number): void {
    this.#members.delete(number);
  }

  look(): void {
    const realMs = realNow();
    const simulatedMs = instantOf(this.#course, realMs);
    let full = true;
    for (const number of this.#members.keys()) {
      const beat = this.#file.readBeat(number);
      if (!keepsUp(beat, realMs, this.#speed)) full = false;
      this.#measure(number, beat, simulatedMs);
    }
    const speed = full ? this.#speed : Math.min(slowSpeed, this.#speed);
    this.#course = { simulatedMs, realMs, speed, untilMs: realMs + holdMs };
    this.#file.writeCourse(this.#course);
  }

  #measure(number: number, beat: Beat | undefined, simulatedMs: number): void {
    const workSinceMs = beat?.workSinceMs ?? 0;
    const seen = this.#members.get(number);
    if (workSinceMs === 0 || seen?.workSinceMs !== workSinceMs) {
      this.#members.set(number, { workSinceMs, simulatedMs });
      return;
    }
    const behindMs = simulatedMs - seen.simulatedMs - allowedMs;
    if (behindMs > 0) this.#tooLong.push({ atMs: simulatedMs, behindMs });
  }

  behindSince(instantMs: number): number {
    return Math.max(0, ...this.#tooLong.filter(({ atMs }) => atMs >= instantMs).map(({ behindMs }) => behindMs));
  }

  pace(): Pace {
    const tookMs = this.#course.realMs - this.#began.realMs;
    return { tookMs, atFullSpeedMs: (this.#course.simulatedMs - this.#began.simulatedMs) / this.#speed };
  }
}

/** Starts the clock of a run, for this process too: from here on its `Date` runs faster. Once in the life of a process. */
export function startConductor(startMs: number, speed: number): Conductor {
  const folder = mkdtempSync(join(tmpdir(), 'pullmedic-clock-'));
  const path = join(folder, 'clock');
  const realStartMs = realNow();
  const course = { simulatedMs: startMs, realMs: realStartMs, speed, untilMs: realStartMs + holdMs };
  const file = SharedClock.create(path, course);
  const baton = new Baton(file, course, speed);
  const settings: ClockSettings = { startMs, realStartMs, speed, file: path };
  let entered = 0;
  Object.assign(process.env, clockEnvironment(settings));
  installClock({ ...settings, member: entered });
  baton.enter(entered);
  const looking = setInterval(() => baton.look(), lookEachMs);
  return {
    clock: {
      ...settings,
      enter() {
        entered += 1;
        const number = entered;
        baton.enter(number);
        return {
          env: clockEnvironment({ ...settings, member: number }),
          ended: () => file.readBeat(number)?.ended,
          leave: () => baton.leave(number),
        };
      },
      behindSince: (instantMs) => baton.behindSince(instantMs),
    },
    pace: () => baton.pace(),
    stop() {
      clearInterval(looking);
      file.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A clock that runs at one speed whatever the processes do. */
export function steadyClock(settings: ClockSettings): RunClock {
  const env = clockEnvironment(settings);
  return {
    ...settings,
    enter: () => ({ env, ended: () => undefined, leave: () => undefined }),
    behindSince: () => 0,
  };
}
