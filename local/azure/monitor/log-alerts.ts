// Scheduled query rules: they evaluate by themselves, fire once for each app until they resolve, and post the common alert schema.

import type { Row } from '../kql/values.ts';
import type { App, Environment } from '../model/apps.ts';
import { guidFor, resourceId } from '../model/ids.ts';
import type { FiredAlert } from '../model/records.ts';
import { note, type Sim } from '../model/sim.ts';
import type { World } from '../world/world.ts';
import { deliver } from './action-group.ts';
import { type ActivityRule, startActivityRules } from './activity-alerts.ts';
import { deployedQueries } from './deployed-queries.ts';
import { queryGroupEvents } from './group-events.ts';
import { queryLogs } from './log-analytics.ts';

type Rule = Exclude<World['alertRules'][number], ActivityRule>;

/** Which alert a scenario sends. */
export interface Firing {
  readonly rule?: string | undefined;
  readonly again: boolean;
  /** The app whose alert it pretends to be. */
  readonly underIdOf?: string | undefined;
}

/** Lets a rule fire for an app at once, whatever the logs say; or sends its last alert of that app once more; or one that never fired. */
export function fireAlert(sim: Sim, app: App, { rule: ruleName, again, underIdOf }: Firing): void {
  const rule = logRules(sim).find((one) => ruleName === undefined || one.name === ruleName);
  if (rule === undefined) throw new Error(`There is no log alert rule ${ruleName ?? ''} in this world.`);
  const domainLabel = sim.environments.get(app.environment)?.domainLabel ?? '';
  const all = [domainLabel, shownName(app), app.revisions.at(-1)?.name ?? ''];
  const values = all.slice(0, dimensionsOf(rule).length);
  if (underIdOf !== undefined) return forge(sim, rule, values, underIdOf);
  const earlier = again
    ? sim.alerts.findLast((one) => one.rule === rule.name && one.values[1] === shownName(app))
    : undefined;
  if (earlier === undefined) fire(sim, rule, values, 1);
  else send(sim, earlier, earlier.body, 'Fired');
}

/** How the deployed queries write the name of a workload. */
function shownName({ job, containerGroup, name }: App): string {
  if (containerGroup !== undefined) return `group/${name}`;
  return job === undefined ? name : `job/${name}`;
}

/** The log alert rules of the world. */
function logRules(sim: Sim): Rule[] {
  return sim.world.alertRules.filter((rule): rule is Rule => rule.kind !== 'activity-log');
}

/** The dimensions of the deployed rules; with `perRevision` as with the parameter `alertPerRevision` of the templates. */
function dimensionsOf({ perRevision }: Rule): readonly string[] {
  return perRevision ? ['Environment', 'App', 'Revision'] : ['Environment', 'App'];
}

/** A forger who can send alerts sends one about this app under the id of another app's alert. Azure knows nothing of it. */
function forge(sim: Sim, rule: Rule, values: readonly string[], other: string): void {
  const stolen = sim.alerts.findLast((one) => one.values[1] === other);
  if (stolen === undefined) throw new Error(`No alert has fired for ${other}.`);
  const firedMs = sim.scheduler.now();
  note(sim, `a forger sends an alert for ${values[1] ?? ''} under the id of the alert for ${other}`);
  sim.onAlert(wireAlert(sim, rule, { ...stolen, values, firedMs }, 'Fired'));
}

/** The payload of a log alert V2: dimensions and links, never rows. */
function wireAlert(sim: Sim, rule: Rule, fired: Omit<FiredAlert, 'body'>, condition: 'Fired' | 'Resolved'): unknown {
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: fired.alertId,
        alertRule: rule.name,
        severity: 'Sev3',
        signalType: 'Log',
        monitorCondition: condition,
        monitoringService: 'Log Alerts V2',
        // The real service changes the case of this segment.
        alertTargetIDs: [workspaceOf(sim).replace('resourceGroups', 'resourcegroups')],
        configurationItems: [fired.values[1]],
        originAlertId: guidFor(`origin|${fired.alertId}`),
        firedDateTime: new Date(fired.firedMs).toISOString(),
        ...(condition === 'Resolved' ? { resolvedDateTime: new Date(sim.scheduler.now()).toISOString() } : {}),
        description: 'An image could not be pulled.',
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: contextOf(sim, rule, fired),
      customProperties: {},
    },
  };
}

function workspaceOf(sim: Sim): string {
  return resourceId(sim.world, 'rg-logs', 'microsoft.operationalinsights/workspaces', 'log-shop');
}

function contextOf(sim: Sim, rule: Rule, { values, count }: Omit<FiredAlert, 'body'>): unknown {
  return {
    properties: {},
    conditionType: 'LogQueryCriteria',
    condition: {
      windowSize: `PT${Math.round(rule.window / 60_000)}M`,
      allOf: [
        {
          searchQuery: queryOf(rule),
          metricMeasureColumn: null,
          targetResourceTypes: "['Microsoft.OperationalInsights/workspaces']",
          operator: 'GreaterThan',
          threshold: '0',
          timeAggregation: 'Count',
          dimensions: dimensionsOf(rule).map((name, index) => ({ name, value: values[index] ?? '' })),
          metricValue: count,
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
        },
      ],
      windowStartTime: new Date(sim.scheduler.now() - rule.window).toISOString(),
      windowEndTime: new Date(sim.scheduler.now()).toISOString(),
    },
  };
}

/** The query of a rule over an environment; one of its own sees the columns of the deployed query. */
function queryOf(rule: Rule, logs: keyof typeof deployedQueries = 'log-analytics'): string {
  const query = deployedQueries[logs];
  return rule.query === undefined ? query : `${query.slice(0, query.indexOf('| where Reason'))}${rule.query}`;
}

function fire(sim: Sim, rule: Rule, values: readonly string[], count: number): void {
  const nowMs = sim.scheduler.now();
  const alertId = `/subscriptions/${sim.world.subscription}/providers/Microsoft.AlertsManagement/alerts/${guidFor(`alert|${sim.seed}|${idOf(rule, values)}|${nowMs}`)}`;
  const fired = { alertId, rule: rule.name, firedMs: nowMs, lastMatchMs: nowMs, resolved: false, values, count };
  const alert: FiredAlert = { ...fired, body: wireAlert(sim, rule, fired, 'Fired') };
  sim.alerts.push(alert);
  sim.managedAlerts.push({
    id: alertId,
    app: values[1] ?? '',
    rule: rule.name,
    signalType: 'Log',
    target: workspaceOf(sim),
    context: contextOf(sim, rule, fired),
    firedMs: nowMs,
    isResolved: () => alert.resolved,
    state: 'New',
  });
  send(sim, alert, alert.body, 'Fired');
}

function idOf(rule: Rule, values: readonly string[]): string {
  return [rule.name, ...values].join('|');
}

function send(sim: Sim, alert: FiredAlert, body: unknown, condition: 'Fired' | 'Resolved'): void {
  note(sim, `alert ${condition.toLowerCase()} for ${alert.values[1] ?? ''}`);
  sim.onAlert(body);
}

/** Starts the rules; a log alert rule evaluates at its own frequency. */
export function startAlertRules(sim: Sim, url: string): void {
  sim.onAlert = (body) => deliver(sim, url, body);
  startActivityRules(
    sim,
    sim.world.alertRules.filter((rule) => rule.kind === 'activity-log'),
  );
  for (const rule of logRules(sim)) {
    const round = (): void => {
      evaluate(sim, rule);
      sim.scheduler.at(sim.scheduler.now() + rule.frequency, round);
    };
    sim.scheduler.at(sim.scheduler.now() + rule.frequency, round);
  }
}

function evaluate(sim: Sim, rule: Rule): void {
  const nowMs = sim.scheduler.now();
  const found = [
    ...[...sim.environments.values()].flatMap((environment) => [...matches(sim, environment, rule).values()]),
    ...groupMatches(sim, rule).values(),
  ];
  const fresh = found.filter(({ values }) => {
    const known = open(sim, rule, values);
    if (known !== undefined) known.lastMatchMs = nowMs;
    return known === undefined;
  });
  const room = Math.min(rule.mostPerEvaluation, rule.mostOpen - openOf(sim, rule));
  for (const { values, count } of fresh.slice(0, Math.max(0, room))) fire(sim, rule, values, count);
  if (fresh.length > room) note(sim, `the rule ${rule.name} has no room for ${fresh.length - room} more`);
  for (const alert of sim.alerts) {
    if (alert.resolved || alert.rule !== rule.name || nowMs - alert.lastMatchMs < resolveAfterMs(rule)) continue;
    alert.resolved = true;
    send(sim, alert, wireAlert(sim, rule, alert, 'Resolved'), 'Resolved');
  }
}

function matches(sim: Sim, environment: Environment, rule: Rule): Map<string, { values: string[]; count: number }> {
  const { logs } = environment;
  return logs === 'none' ? new Map() : counted(sim, rule, () => queryLogs(sim, environment, queryOf(rule, logs)).rows);
}

/** A rule with a query of its own is one over the logs of Container Apps. */
function groupMatches(sim: Sim, rule: Rule): ReturnType<typeof matches> {
  return rule.query === undefined
    ? counted(sim, rule, () => queryGroupEvents(sim, deployedQueries['group-events']).rows)
    : new Map();
}

function counted(sim: Sim, rule: Rule, read: () => readonly Row[]): ReturnType<typeof matches> {
  const sinceMs = sim.scheduler.now() - rule.window;
  let rows: readonly Row[] = [];
  try {
    rows = read();
  } catch {
    // No table yet: a rule whose query fails does not fire.
    return new Map();
  }
  const found = new Map<string, { values: string[]; count: number }>();
  for (const row of rows) {
    const at = row['TimeGenerated'];
    if (!(at instanceof Date) || at.getTime() < sinceMs) continue;
    const values = dimensionsOf(rule).map((name) => String(row[name] ?? ''));
    const key = values.join('|');
    found.set(key, { values, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return found;
}

/** The alert of these dimensions that has not been resolved: while there is one, the rule does not fire again. */
function open(sim: Sim, rule: Rule, values: readonly string[]): FiredAlert | undefined {
  return sim.alerts.find((one) => !one.resolved && one.rule === rule.name && one.values.join('|') === values.join('|'));
}

function openOf(sim: Sim, rule: Rule): number {
  return sim.alerts.filter((one) => !one.resolved && one.rule === rule.name).length;
}

/**
 * How long no evaluation may match until a stateful alert resolves. Milliseconds. Source: Microsoft Learn, "Log search alerts", how alerts
 * are resolved: 10 minutes for a rule of every minute, three periods from 5 to 15 minutes, two above.
 */
function resolveAfterMs({ frequency }: Rule): number {
  const minute = 60_000;
  if (frequency < 5 * minute) return 10 * minute;
  return (frequency <= 15 * minute ? 3 : 2) * frequency;
}
