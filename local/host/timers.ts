// Timer triggers: NCRONTAB with seconds, no overlap of one timer with itself.
import { Cron } from 'croner';
import { realDelay } from '../clock.ts';
import type { LoadedApp, RegisteredFunction } from './core.ts';
import { type HostLog, invoke } from './invoke.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `%SETTING%` stands for the value of a setting. */
function scheduleOf(fn: RegisteredFunction, env: Environment): string {
  const text = String(fn.trigger['schedule']);
  const setting = /^%(\w+)%$/.exec(text)?.[1];
  const schedule = setting === undefined ? text : env[setting];
  if (schedule === undefined) throw new Error(`Function "${fn.name}" needs the setting ${setting ?? ''}, a schedule.`);
  return schedule;
}

function inputOf(isPastDue: boolean): string {
  return JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus: null, IsPastDue: isPastDue });
}

/** Starts the timer; the answer stops it. */
export function startTimer(
  app: LoadedApp,
  fn: RegisteredFunction,
  env: Environment,
  log: HostLog,
): () => Promise<void> {
  const cron = new Cron(scheduleOf(fn, env), { paused: true, timezone: 'UTC' });
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running: Promise<unknown> = Promise.resolve();

  async function run(dueAtMs: number): Promise<void> {
    const isPastDue = Date.now() - dueAtMs > 60_000;
    try {
      await invoke(app, fn, { data: { json: inputOf(isPastDue) } }, log);
    } catch (error) {
      log('error', error instanceof Error ? (error.stack ?? error.message) : String(error), { function: fn.name });
    }
  }

  function next(): void {
    const due = stopped ? null : cron.nextRun(new Date());
    if (due === null) return;
    timer = setTimeout(
      () => {
        running = run(due.getTime()).finally(next);
      },
      realDelay(due.getTime() - Date.now()),
    );
  }

  if (fn.trigger['runOnStartup'] === true) running = run(Date.now());
  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
