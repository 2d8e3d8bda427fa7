// Registers every function of the app. If the settings are invalid, it registers only a health function that lists the problems.
import { app } from '@azure/functions';
import { registerApprovals } from './functions/approvals.ts';
import { registerConsole } from './functions/console.ts';
import { registerDeadLetters } from './functions/dead-letters.ts';
import { registerHealth, registerUnusable } from './functions/health.ts';
import { registerKillSwitch } from './functions/kill-switch.ts';
import { registerOnAlert } from './functions/on-alert.ts';
import { registerOnEvent } from './functions/on-event.ts';
import { registerOnPoison } from './functions/on-poison.ts';
import { registerOnSchedule } from './functions/on-schedule.ts';
import { registerOnSignal } from './functions/on-signal.ts';
import { registerOnStep } from './functions/on-step.ts';
import { registerOperator } from './functions/operator.ts';
import { registerRefusals } from './functions/refusals.ts';
import type { Started } from './start.ts';

/** How long the start waits for storage. Milliseconds. */
const startPatienceMs = 5000;

function startPatience(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, startPatienceMs).unref();
  });
}

/** Registers the functions of the started app. If its settings are invalid, only `health` is registered; it lists the problems. */
export function register(started: Started): void {
  if (!started.ok) return registerUnusable(started.problems, started);
  const { pullmedic } = started;
  // A hook that throws ends the worker's start, and one that waits delays it: storage that does not answer is tried again by the schedule.
  app.hook.appStart(() => Promise.race([pullmedic.prepare(), startPatience()]).then(() => undefined));
  registerOnAlert(pullmedic);
  registerOnEvent(pullmedic);
  registerOnSignal(pullmedic);
  registerOnStep(pullmedic);
  registerOnPoison(pullmedic);
  registerOnSchedule(pullmedic);
  registerOperator(pullmedic);
  registerApprovals(pullmedic);
  registerDeadLetters(pullmedic);
  registerKillSwitch(pullmedic);
  registerRefusals(pullmedic);
  registerConsole(pullmedic);
  registerHealth(pullmedic);
  return undefined;
}
