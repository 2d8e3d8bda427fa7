// Timer triggers: NCRONTAB with seconds, no overlap of one timer with itself, no monitor of past runs.
import { Cron } from 'croner';
import { realDelay } from '../clock.ts';
import { invoke, type Runner } from './invoke.ts';
import { AppRejected, type RegisteredFunction } from './load.ts';
import { type Environment, resolveSettings } from './settings.ts';

/** Longer delays overflow `setTimeout`, which then fires at once. */
const longestDelayMs = 2 ** 30;

/** One field of NCRONTAB: a list of values, ranges and steps. It knows no `?`, `L`, `W` and `#`. */
const field = /^(?:\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:\/\d+)?(?:,(?:\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:\/\d+)?)*$/;
const words = /\b(?!(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)\b)[a-z]+\b/i;

/** Reads a schedule of six fields (or five, then at second 0); anything else is refused. */
export function parseSchedule(text: string, owner: string): Cron {
  const fields = text.trim().split(/\s+/);
  const wellFormed = (fields.length === 6 || fields.length === 5) && fields.every((one) => field.test(one));
  try {
    // NCRONTAB wants both the day of the month and the day of the week to match; plain cron wants either.
    if (wellFormed && !words.test(text)) return new Cron(text, { paused: true, timezone: 'UTC', domAndDow: true });
  } catch {
    // Said below.
  }
  throw new AppRejected(`Function "${owner}": "${text}" is not a schedule of six fields (NCRONTAB).`);
}

/** The first moment after `afterMs` at which the schedule is due. */
export function nextDue(schedule: Cron, afterMs: number): number | undefined {
  return schedule.nextRun(new Date(afterMs))?.getTime();
}

/** As the host writes it; the status is null because there is no monitor. */
function inputOf(isPastDue: boolean): string {
  return JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus: null, IsPastDue: isPastDue });
}

/** Calls back when the clock of the process, which may run faster, has reached the moment: never before. */
function at(dueMs: number, call: () => void): () => void {
  let timer: NodeJS.Timeout;
  function wait(): void {
    const restMs = dueMs - Date.now();
    if (restMs <= 0) return call();
    timer = setTimeout(wait, Math.min(longestDelayMs, Math.ceil(realDelay(restMs))));
    return undefined;
  }
  timer = setTimeout(wait);
  return () => clearTimeout(timer);
}

/** Starts the timer; the answer stops it and waits for a run that is under way. */
export function startTimer(runner: Runner, fn: RegisteredFunction, env: Environment): () => Promise<void> {
  const schedule = parseSchedule(resolveSettings(String(fn.trigger['schedule']), env, fn.name), fn.name);
  let stopped = false;
  let cancel = (): void => undefined;
  let running: Promise<void> = Promise.resolve();

  async function run(isPastDue: boolean): Promise<void> {
    // A failed run was logged; the next one comes on schedule.
    await invoke(runner, fn, { data: { json: inputOf(isPastDue) } }).catch(() => undefined);
  }

  /** Past due: the occurrence after this one is due already, so at least one run was missed. */
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
