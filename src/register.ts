// Registers every function of the app. If the settings are invalid, it registers only a health function that lists the problems.
import { app } from '@azure/functions';
import type { App } from './functions/app.ts';
import { registerHealth, registerUnusable } from './functions/health.ts';
import { registerOnAlert } from './functions/on-alert.ts';
import { registerOnEvent } from './functions/on-event.ts';
import { registerOnPoison } from './functions/on-poison.ts';
import { registerOnSchedule } from './functions/on-schedule.ts';
import { registerOnSignal } from './functions/on-signal.ts';
import { registerOnStep } from './functions/on-step.ts';
import { registerOnTell } from './functions/on-tell.ts';
import { registerPeopleLater } from './functions/people-routes.ts';
import type { Started } from './start.ts';

/** How long the start waits for storage. Milliseconds. */
const startPatienceMs = 5000;

/** Registers the functions of the started app. If its settings are invalid, only `health` is registered; it lists the problems. */
export function register(started: Started): void {
  if (!started.ok) return registerUnusable(started.problems, started);
  const { pullmedic } = started;
  prepareWhileIndexed(pullmedic);
  registerOnAlert(pullmedic);
  registerOnEvent(pullmedic);
  registerOnSignal(pullmedic);
  registerOnStep(pullmedic);
  registerOnTell(pullmedic);
  registerOnPoison(pullmedic);
  registerOnSchedule(pullmedic);
  registerPeopleLater(pullmedic);
  registerHealth(pullmedic);
  return undefined;
}

/**
 * Makes tables and queues while the host indexes the functions, and lets every function wait for that: none runs before storage was tried,
 * or five seconds have passed. It is tried once here, and again by the schedule. A hook that throws would end the worker's start. The hook
 * is answered first, because the storage SDK loads with the first request and would delay the worker's word that the app is loaded.
 */
function prepareWhileIndexed({ prepare }: App): void {
  let tried: Promise<void> | undefined;
  const begin = () => (tried ??= Promise.race([prepare(), startPatience()]).then(() => undefined));
  app.hook.appStart(() => void setImmediate(() => void begin()));
  app.hook.preInvocation(begin);
}

function startPatience(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, startPatienceMs).unref();
  });
}
