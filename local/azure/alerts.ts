// Scheduled query rules: they evaluate by themselves, fire once for each app until they resolve, and post the common alert schema.
import { type Row, runKql } from './kql.ts';
import { queryLogs } from './log-analytics.ts';
import type { Environment, Sim } from './model.ts';
import { guidFor, note, resourceId } from './model.ts';
import type { World } from './world.ts';

type Rule = World['alertRules'][number];

/** What the alert rule that comes with pullmedic asks: severity plays no part, because "unauthorized" is logged as Normal. */
const pullFailures = `| where Reason in~ ("ImagePullUnauthorized", "ImagePullFailure", "ErrImagePull", "ImagePullBackOff")
    or (Reason =~ "ContainerTerminated" and Text has "ImagePullFailure")
    or Text has_any ("Failed to construct registry secret", "ErrImagePull", "ImagePullBackOff", "MANIFEST_UNKNOWN", "aka.ms/cappsimagepullerrors")`;

const bothTables = `union isfuzzy=true
  (ContainerAppSystemLogs_CL | project TimeGenerated, App = ContainerAppName_s, Environment = EnvironmentName_s, Revision = RevisionName_s, Reason = Reason_s, Text = Log_s),
  (ContainerAppSystemLogs | project TimeGenerated, App = ContainerAppName, Environment = EnvironmentName, Revision = RevisionName, Reason, Text = Log)`;

const dimensions = ['Environment', 'App', 'Revision'];
/** Stateful alerts resolve after so long without a match. */
const resolveAfterMs = 10 * 60_000;
/** The documented retries of an action group: only on these statuses and on network errors. */
const retryMs = [5000, 20_000, 5000, 40_000, 5000];
const retryable = new Set([408, 429, 503, 504]);

interface Fired {
  readonly alertId: string;
  readonly firedMs: number;
  lastMatchMs: number;
  readonly values: readonly string[];
  readonly count: number;
}

function queryOf(rule: Rule): string {
  return `${bothTables}\n${rule.query ?? pullFailures}`;
}

function matches(sim: Sim, environment: Environment, rule: Rule): Map<string, { values: string[]; count: number }> {
  const sinceMs = sim.scheduler.now() - rule.window;
  let rows: readonly Row[] = [];
  try {
    rows = queryLogs(sim, environment, queryOf(rule)).rows;
  } catch {
    // No table yet: a rule whose query fails does not fire.
    return new Map();
  }
  const found = new Map<string, { values: string[]; count: number }>();
  for (const row of rows) {
    const at = row['TimeGenerated'];
    if (!(at instanceof Date) || at.getTime() < sinceMs) continue;
    const values = dimensions.map((name) => String(row[name] ?? ''));
    const key = values.join('|');
    found.set(key, { values, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return found;
}

/** The payload of a log alert V2: dimensions and links, never rows. */
export function wireAlert(sim: Sim, rule: Rule, fired: Fired, condition: 'Fired' | 'Resolved'): unknown {
  const workspace = resourceId(sim.world, 'rg-logs', 'microsoft.operationalinsights/workspaces', 'log-shop');
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
        alertTargetIDs: [workspace],
        configurationItems: [fired.values[1]],
        originAlertId: guidFor(`origin|${fired.alertId}`),
        firedDateTime: new Date(fired.firedMs).toISOString(),
        ...(condition === 'Resolved' ? { resolvedDateTime: new Date(sim.scheduler.now()).toISOString() } : {}),
        description: 'An image could not be pulled.',
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
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
              dimensions: dimensions.map((name, index) => ({ name, value: fired.values[index] ?? '' })),
              metricValue: fired.count,
              failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
            },
          ],
          windowStartTime: new Date(sim.scheduler.now() - rule.window).toISOString(),
          windowEndTime: new Date(sim.scheduler.now()).toISOString(),
        },
      },
      customProperties: {},
    },
  };
}

async function post(url: string, body: unknown): Promise<'delivered' | 'retry' | 'lost'> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (response.status >= 200 && response.status < 300) return 'delivered';
    return retryable.has(response.status) ? 'retry' : 'lost';
  } catch {
    return 'retry';
  }
}

function deliver(sim: Sim, url: string, body: unknown, attempt: number): void {
  void post(url, body).then((result) => {
    const delay = retryMs[attempt];
    if (result !== 'retry') return;
    if (delay === undefined) return note(sim, 'The action group gave up on an alert');
    sim.scheduler.at(sim.scheduler.now() + delay, () => deliver(sim, url, body, attempt + 1));
  });
}

function evaluate(sim: Sim, rule: Rule, state: Map<string, Fired>, url: string): void {
  const nowMs = sim.scheduler.now();
  const send = (fired: Fired, condition: 'Fired' | 'Resolved'): void => {
    note(sim, `alert ${condition.toLowerCase()} for ${fired.values[1] ?? ''}`);
    deliver(sim, url, wireAlert(sim, rule, fired, condition), 0);
  };
  for (const environment of sim.environments.values()) {
    for (const [key, { values, count }] of matches(sim, environment, rule)) {
      const known = state.get(key);
      if (known !== undefined) known.lastMatchMs = nowMs;
      else {
        const alertId = `/subscriptions/${sim.world.subscription}/providers/Microsoft.AlertsManagement/alerts/${guidFor(`alert|${sim.seed}|${rule.name}|${key}|${nowMs}`)}`;
        const fired: Fired = { alertId, firedMs: nowMs, lastMatchMs: nowMs, values, count };
        state.set(key, fired);
        send(fired, 'Fired');
      }
    }
  }
  for (const [key, fired] of state) {
    if (nowMs - fired.lastMatchMs <= resolveAfterMs) continue;
    state.delete(key);
    send(fired, 'Resolved');
  }
}

/** Starts the rules; each evaluates at its own frequency. */
export function startAlertRules(sim: Sim, url: string): void {
  for (const rule of sim.world.alertRules) {
    const state = new Map<string, Fired>();
    const round = (): void => {
      evaluate(sim, rule, state, url);
      sim.scheduler.at(sim.scheduler.now() + rule.frequency, round);
    };
    sim.scheduler.at(sim.scheduler.now() + rule.frequency, round);
  }
}

/** Whether a rule's own query can be run at all; throws what is wrong with it. */
export function checkRule(rule: Rule): void {
  const columns = [
    'TimeGenerated',
    'ContainerAppName',
    'EnvironmentName',
    'RevisionName',
    'ReplicaName',
    'Reason',
    'Type',
    'Log',
  ];
  runKql(queryOf(rule), {
    table: (name) => (name === 'ContainerAppSystemLogs' ? { columns, rows: [] } : undefined),
    nowMs: 0,
  });
}
