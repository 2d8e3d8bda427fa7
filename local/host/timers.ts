// Timer triggers: NCRONTAB with seconds, no overlap of one timer with itself, no monitor of past runs.
import { Cron } from 'croner';
import { realDelay } from '../clock.ts';
import { invoke, type Runner } from './invoke.ts';
import { AppRejected, type RegisteredFunction } from './load.ts';
import { type Environment, resolveSettings } from './settings.ts';

/** Longer delays overflow `setTimeout`, which then fires at once. */
const longestDelayMs = 2 ** 30;

/** A clock that waits for work makes a timer try again: not at each millisecond. */
const shortestDelayMs = 10;

/** One field of NCRONTAB: a list of values, ranges and steps. NCRONTAB does not have `?`, `L`, `W` and `#`. */
const field = /^(?:\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:\/\d+)?(?:,(?:\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:\/\d+)?)*$/;
const words = /\b(?!(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)\b)[a-z]+\b/i;

/** Reads a schedule of six fields, or of five, which means second 0. Throws for anything else. */
export function parseSchedule(text: string, owner: string): Cron {
  const fields = text.trim().split(/\s+/);
  const wellFormed = (fields.length === 6 || fields.length === 5) && fields.every((one) => field.test(one));
  try {
    // In NCRONTAB both the day of the month and the day of the week must match. In plain cron one of them is enough.
    if (wellFormed && !words.test(text)) return new Cron(text, { paused: true, timezone: 'UTC', domAndDow: true });
  } catch {
    // The error below covers this case.
  }
  throw new AppRejected(`Function "${owner}": "${text}" is not a schedule of six fields (NCRONTAB).`);
}

/** The first moment after `afterMs` at which the schedule is due. */
export function nextDue(schedule: Cron, afterMs: number): number | undefined {
  return schedule.nextRun(new Date(afterMs))?.getTime();
}

/** The input of a timer, as the host writes it. The status is null, because there is no monitor. */
function inputOf(isPastDue: boolean): string {
  return JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus: null, IsPastDue: isPastDue });
}

/** Calls back when the clock of the process, which may run fast, has reached the instant, and never earlier. */
function at(dueMs: number, call: () => void): () => void {
  let timer: NodeJS.Timeout;
  function wait(): void {
    const restMs = dueMs - Date.now();
    if (restMs <= 0) return call();
    timer = setTimeout(wait, Math.min(longestDelayMs, Math.max(shortestDelayMs, Math.ceil(realDelay(restMs)))));
    return undefined;
  }
  timer = setTimeout(wait);
  return () => clearTimeout(timer);
}

/** Starts the timer. The returned function stops it and waits for a current run. */
export function startTimer(runner: Runner, fn: RegisteredFunction, env: Environment): () => Promise<void> {
  const schedule = parseSchedule(resolveSettings(String(fn.trigger['schedule']), env, fn.name), fn.name);
  let stopped = false;
  let cancel = (): void => undefined;
  let running: Promise<void> = Promise.resolve();

  async function run(isPastDue: boolean): Promise<void> {
    // A failed run is already logged, and the next one comes on schedule.
    await invoke(runner, fn, { data: { json: inputOf(isPastDue) } }).catch(() => undefined);
  }

  /** True if the run is past due: the occurrence after this one is due too, so at least one run was missed. */
  function isLate(dueMs: number): boolean {
    return (nextDue(schedule, dueMs) ?? Number.POSITIVE_INFINITY) <= Date.now();
  }

  function wait(afterMs: number): void {
    const dueMs = stopped ? undefined : nextDue(schedule, afterMs);
    if (dueMs === undefined) return;
    cancel = at(dueMs, () => {
      running = run(isLate(dueMs)).then(() => wait(Math.max(dueMs, Date.now())));
    });
  }

  const startedMs = Date.now();
  if (fn.trigger['runOnStartup'] === true) running = run(false).then(() => wait(startedMs));
  else wait(startedMs);
  return async () => {
    stopped = true;
    cancel();
    await running;
  };
}
