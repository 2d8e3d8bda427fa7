// What a scenario file says of alert rules.
import { z } from 'zod';
import { durationOr } from './duration.ts';
import { name } from './words.ts';

/** A scheduled query rule. */
export const logAlertRule = z.strictObject({
  kind: z.literal('log').optional(),
  name: name.default('pullmedic-pull-failures'),
  /** KQL; by default the query that comes with pullmedic. */
  query: z.string().optional(),
  frequency: durationOr('1m'),
  window: durationOr('10m'),
  /** As the parameter `alertPerRevision` of the templates. */
  perRevision: z.boolean().default(true),
  /**
   * How many alerts it fires in one evaluation, and how many it has open at once; what is above is lost. Source: Microsoft Learn, "Azure Monitor
   * service limits", alerts.
   */
  mostPerEvaluation: z.int().min(1).default(300),
  mostOpen: z.int().min(1).default(5000),
});

/** Fires for every failed write of a container app. */
const activityAlertRule = z.strictObject({
  kind: z.literal('activity-log'),
  name: name.default('pullmedic-failed-writes'),
  /** How long after the failure it fires. */
  delay: durationOr('90s'),
});

/** An alert rule of either kind. */
export const alertRule = z.discriminatedUnion('kind', [logAlertRule, activityAlertRule]);
