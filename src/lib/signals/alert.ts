// Alerts of Azure Monitor in the common alert schema.

import * as z from 'zod';
import { parseAlertId, parseArmId } from '../words/arm-id.ts';
import type { Workload } from '../workloads/workload.ts';
import { named as namedKind, parseWorkloadId, workloadIn, workloadList, writtenBy } from '../workloads/workloads.ts';
import { epochMs } from './instant.ts';
import { appName, isTooDeep, problemOf, tooDeep } from './payload.ts';
import type { About, Read, Signal } from './signal.ts';

/**
 * Reads a body in the common alert schema: log alerts and activity-log alerts. Any other alert, and an alert that names no app (such as
 * the portal's test alert), is valid and gives no signals. pullmedic never follows a link in the payload, and reads each id again from
 * Azure before it uses it.
 */
export function readAlert(body: unknown): Read {
  if (isTooDeep(body)) return tooDeep;
  const parsed = alert.safeParse(body);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const { data } = parsed.data;
  const isActivity = data.essentials.monitoringService.toLowerCase().startsWith('activity log');
  return { ok: true, signals: isActivity ? failedWrite(data) : fromConditions(data) };
}

const name = z.string().min(1).max(260);
const instant = z.iso.datetime({ offset: true }).transform((text) => epochMs(text));

const alert = z.object({
  schemaId: z.literal('azureMonitorCommonAlertSchema'),
  data: z.object({
    essentials: z.object({
      alertId: z.string().min(1).max(1024),
      alertRule: z.string().max(1024).optional().catch(undefined),
      originAlertId: z.string().max(1024).optional(),
      monitorCondition: z.enum(['Fired', 'Resolved']),
      monitoringService: name,
      firedDateTime: instant,
    }),
    alertContext: z
      .object({
        // Activity-log alerts: the operation that failed, and the resource as its authorization names it.
        authorization: z.object({ scope: z.string().max(1024) }).nullish(),
        operationName: z.string().max(256).nullish(),
        status: z.string().max(64).nullish(),
        eventDataId: z.string().max(256).nullish(),
        condition: z
          .object({
            allOf: z
              .array(
                z.object({
                  dimensions: z
                    .array(z.object({ name, value: z.string().max(1024) }))
                    .max(50)
                    .nullish(),
                }),
              )
              .max(20),
          })
          .nullish(),
      })
      .nullish(),
  }),
});

function fromConditions({ essentials, alertContext }: AlertData): Signal[] {
  const signals: Signal[] = [];
  for (const [index, condition] of (alertContext?.condition?.allOf ?? []).entries()) {
    const dimensions = condition.dimensions ?? [];
    const about = aboutOf(dimensions);
    if (about === undefined) continue;
    const revision = revisionOf(dimensions);
    signals.push({
      id: `alert|${essentials.alertId}|${essentials.monitorCondition}|${index}`,
      via: 'log-alert',
      about,
      atMs: essentials.firedDateTime,
      ...(revision === undefined ? {} : { revision }),
      ...(essentials.monitorCondition === 'Resolved'
        ? { joinOnly: true }
        : alertFrom(essentials.alertId, essentials.alertRule)),
    });
  }
  return signals;
}

/** A failed write of an app. The rule's own id stands in `alertId`, so the event's id tells one failure from the next. */
function failedWrite({ essentials, alertContext }: AlertData): Signal[] {
  const written = writtenBy(alertContext?.operationName);
  if (written === undefined || alertContext?.status?.toLowerCase() !== 'failed') return [];
  const resource = parseArmId(alertContext.authorization?.scope ?? '');
  const app = resource === undefined ? undefined : workloadIn(resource);
  if (app === undefined) return [];
  const event = alertContext.eventDataId ?? essentials.originAlertId ?? String(essentials.firedDateTime);
  return [
    {
      id: `alert|${essentials.alertId}|${event}`,
      via: 'activity-alert',
      about: { kind: 'app', id: app },
      atMs: essentials.firedDateTime,
      ...alertFrom(essentials.alertId, essentials.alertRule),
    },
  ];
}

type AlertData = z.infer<typeof alert>['data'];

/** Which app the dimensions of an alert name. */
export function aboutOf(dimensions: readonly Dimension[]): About | undefined {
  const id = parseWorkloadId(dimension(dimensions, dimensionNames.id) ?? '');
  if (id !== undefined) return { kind: 'app', id };
  const named = namedBy(dimensions);
  if (named === undefined) return undefined;
  const environment = appName.safeParse(dimension(dimensions, dimensionNames.environment));
  return {
    kind: 'app-name',
    name: named.name,
    ...(environment.success ? { environment: environment.data.toLowerCase() } : {}),
    ...namedKind(named.workload.kind),
  };
}

/**
 * The workload that dimensions name. Rows of a job leave the name of the app empty, and the other way round. The deployed rules have one
 * column for the names of all kinds, and write a prefix before those that are not of apps.
 */
function namedBy(dimensions: readonly Dimension[]): { readonly name: string; readonly workload: Workload } | undefined {
  const written = dimension(dimensions, dimensionNames.app);
  for (const workload of workloadList) {
    const { prefix } = workload.dimensions;
    if (prefix === undefined || written?.startsWith(prefix) !== true) continue;
    const named = appName.safeParse(written.slice(prefix.length));
    return named.success ? { name: named.data.toLowerCase(), workload } : undefined;
  }
  for (const workload of workloadList) {
    const named = appName.safeParse(dimension(dimensions, workload.dimensions.name));
    if (named.success) return { name: named.data.toLowerCase(), workload };
  }
  return undefined;
}

/** The revision, or the execution of a job, that the dimensions of an alert name. */
export function revisionOf(dimensions: readonly Dimension[]): string | undefined {
  return appName.safeParse(dimension(dimensions, runDimensions)).data;
}

export type Dimension = { name: string; value: string };

function dimension(dimensions: readonly Dimension[], names: readonly string[]): string | undefined {
  const found = dimensions.find((candidate) => names.includes(candidate.name.toLowerCase()));
  return found?.value.trim() || undefined;
}

const runDimensions = workloadList.flatMap(({ dimensions }) => dimensions.run);

const dimensionNames = {
  id: ['appid', 'resourceid', '_resourceid'],
  app: ['app'],
  environment: ['environment', 'environmentname', 'environmentname_s'],
} as const;

const ruleName = z.string().regex(/^[^\p{C}]{1,260}$/u);

/** The alert that a payload names; nothing where its id or rule cannot be read. */
export function alertFrom(id: string, rule: string | undefined): Pick<Signal, 'alert'> {
  const alertId = parseAlertId(id);
  const named = ruleName.safeParse(rule);
  return alertId === undefined || !named.success ? {} : { alert: { id: alertId, rule: ruleNameOf(named.data) } };
}

/** The name of a rule: payloads have the name, ARM has the id. */
export function ruleNameOf(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1).toLowerCase();
}
