// What happens later, in simulated time: real timers at the clock's speed, or a jump when a test advances it by hand.

/** The clock of a world, and what is due on it. */
export interface Scheduler {
  now(): number;
  /** Runs a task at a simulated instant; instants in the past run as soon as possible. */
  at(instantMs: number, task: () => void): void;
  stop(): void;
}

/** A timer never waits for less than this, in real milliseconds: a clock that waits for work would make it try again and again. */
const shortestMs = 10;

/** Runs with the clock of this process, which is at most `speed` times as fast as real time. A task never runs before its instant. */
export function realScheduler(speed: number): Scheduler {
  const timers = new Set<NodeJS.Timeout>();
  return {
    now: () => Date.now(),
    at(instantMs, task) {
      const wait = (leastMs: number): void => {
        const timer = setTimeout(
          () => {
            timers.delete(timer);
            if (Date.now() >= instantMs) task();
            else wait(shortestMs);
          },
          Math.max(leastMs, (instantMs - Date.now()) / speed),
        );
        timers.add(timer);
      };
      wait(0);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** A clock that is advanced by hand. */
export interface ManualScheduler extends Scheduler {
  advance(ms: number): void;
}

/** Time stands still until it is advanced; then everything due happens in order. */
export function manualScheduler(startMs: number): ManualScheduler {
  let nowMs = startMs;
  let order = 0;
  let tasks: { instantMs: number; order: number; task: () => void }[] = [];
  return {
    now: () => nowMs,
    at(instantMs, task) {
      order += 1;
      tasks.push({ instantMs: Math.max(instantMs, nowMs), order, task });
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const [next] = tasks
          .filter((one) => one.instantMs <= untilMs)
          .sort((a, b) => a.instantMs - b.instantMs || a.order - b.order);
        if (next === undefined) break;
        tasks = tasks.filter((one) => one !== next);
        nowMs = next.instantMs;
        next.task();
      }
      nowMs = untilMs;
    },
    stop() {
      tasks = [];
    },
  };
}
