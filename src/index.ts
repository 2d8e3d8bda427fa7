// Wiring: read the settings, connect, register. Read this first.
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
import { startUp } from './start.ts';

const started = startUp(process.env, (line) => process.stdout.write(`${line}\n`));

// With settings that cannot be used nothing acts: one function says what is wrong, and no other is there.
if (started.ok) {
  const { pullmedic, prepare } = started;
  app.hook.appStart(prepare);
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
  registerConsole(pullmedic);
  registerHealth(pullmedic);
} else registerUnusable(started.problems);
