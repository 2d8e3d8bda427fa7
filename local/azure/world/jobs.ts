// What a scenario file says of a job.
import { z } from 'zod';
import { app, declaredAsApp } from './apps.ts';
import { durationOr } from './duration.ts';

/** A job of Container Apps. What it declares is declared as for an app. */
export const job = z.strictObject({
  ...declaredAsApp,
  ...app.pick({ environment: true, silent: true, validated: true }).shape,
  trigger: z.enum(['manual', 'schedule', 'event']).default('manual'),
  /** How often its schedule starts an execution, from the beginning on. Only with the trigger `schedule`. */
  every: durationOr('1h'),
  /** How long a replica of it may run, the time in which it cannot pull included. */
  replicaTimeout: durationOr('30m'),
  /** How long its container runs, once it has its image. */
  runsFor: durationOr('1m'),
  /** What its container exits with: with anything but 0 the work failed, for reasons of its own. */
  exitCode: z.int().min(0).max(255).default(0),
  /** How often a replica that failed with its container is started again. A pull that fails is no such failure. */
  replicaRetryLimit: z.int().min(0).max(10).default(0),
  /** How many replicas of an execution run side by side; all of them have to succeed. */
  parallelism: z.int().min(1).max(10).default(1),
  /** Whether a person has suspended it: its schedule and its events start nothing. */
  suspended: z.boolean().default(false),
  /** Whether an execution begins as time begins. */
  started: z.boolean().default(false),
});
