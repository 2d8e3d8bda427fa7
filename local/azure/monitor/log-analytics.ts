// Log Analytics: the system log tables of both generations, with ingestion delay, and queries over them. The room is Azure Monitor: logs,
// the Activity Log, alert rules, alerts.
// Not here: the language of queries (`kql/`), Event Grid, and who writes the rows (`apps/system-log.ts`).
import { runKql } from '../kql/kql.ts';
import { KqlError, type Row, type Table, type Value } from '../kql/values.ts';
import type { Environment } from '../model/apps.ts';
import { guidFor, sameId } from '../model/ids.ts';
import type { LogRow } from '../model/records.ts';
import type { Sim } from '../model/sim.ts';
import type { Answer } from '../wire/answers.ts';

/** A row of the classic table. It has the columns of jobs only once a job has written a row: columns are made on first use. */
function classic(row: LogRow, domainLabel: string, withJobs: boolean): Row {
  const jobs = row.ofJob
    ? { JobName_s: row.app, ExecutionName_s: row.revision }
    : { JobName_s: '', ExecutionName_s: '' };
  return {
    ...(withJobs ? jobs : {}),
    TimeGenerated: new Date(row.atMs),
    TimeStamp_s: `${new Date(row.eventMs).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`,
    ContainerAppName_s: row.ofJob ? '' : row.app,
    RevisionName_s: row.ofJob ? '' : row.revision,
    ReplicaName_s: row.replica,
    EnvironmentName_s: domainLabel,
    Reason_s: row.reason,
    Type_s: row.type,
    Log_s: row.text,
  };
}

function typed(row: LogRow, domainLabel: string): Row {
  return {
    TimeGenerated: new Date(row.atMs),
    ContainerAppName: row.ofJob ? '' : row.app,
    JobName: row.ofJob ? row.app : '',
    RevisionName: row.ofJob ? '' : row.revision,
    ReplicaName: row.replica,
    EnvironmentName: domainLabel,
    Reason: row.reason,
    // The standard column: the name of the table, no severity.
    Type: 'ContainerAppSystemLogs',
    Log: row.text,
  };
}

const typedColumns = [
  'TimeGenerated',
  'ContainerAppName',
  'JobName',
  'RevisionName',
  'ReplicaName',
  'EnvironmentName',
  'Reason',
  'Type',
  'Log',
];

/** The tables as they can be queried now. The classic one exists only once something was written to it, the typed one always. */
function tableOf(sim: Sim, environment: Environment, name: string): Table | undefined {
  const nowMs = sim.scheduler.now();
  const rows = sim.logs.filter((row) => row.environment === environment.name && row.ingestedMs <= nowMs);
  if (name === 'ContainerAppSystemLogs_CL' && environment.logs === 'log-analytics') {
    const withJobs = rows.some((row) => row.ofJob);
    const made = rows.map((row) => classic(row, environment.domainLabel, withJobs));
    return made[0] === undefined ? undefined : { columns: Object.keys(made[0]), rows: made };
  }
  return name === 'ContainerAppSystemLogs' && environment.logs === 'azure-monitor'
    ? { columns: typedColumns, rows: rows.map((row) => typed(row, environment.domainLabel)) }
    : undefined;
}

/** Runs a query over what an environment logged. */
export function queryLogs(sim: Sim, environment: Environment, query: string): Table {
  return runKql(query, { table: (name) => tableOf(sim, environment, name), nowMs: sim.scheduler.now() });
}

function typeOf(value: Value): string {
  if (value instanceof Date) return 'datetime';
  return typeof value === 'number' ? 'long' : 'string';
}

function wireTable(table: Table): unknown {
  const [first] = table.rows;
  const columns = table.columns.map((name) => ({
    name,
    type: name === 'TimeGenerated' ? 'datetime' : typeOf(first?.[name] ?? ''),
  }));
  return {
    tables: [
      { name: 'PrimaryResult', columns, rows: table.rows.map((row) => table.columns.map((name) => row[name] ?? null)) },
    ],
  };
}

function environmentFor(sim: Sim, path: string): Environment | undefined {
  const workspace = /^\/v1\/workspaces\/([^/]+)\/query$/.exec(path)?.[1];
  const resource = /^\/v1(\/subscriptions\/.+)\/query$/.exec(path)?.[1];
  const all = [...sim.environments.values()];
  if (workspace !== undefined) return all.find((one) => one.logs !== 'none' && sameId(one.workspaceId, workspace));
  return resource === undefined
    ? undefined
    : all.find((one) => one.logs === 'azure-monitor' && sameId(one.id, resource));
}

const askable = new Set(['query', 'timespan', 'workspaces']);

/** Answers `POST /v1/workspaces/{id}/query` and `POST /v1{resource}/query`. */
export function answerLogQuery(sim: Sim, path: string, body: unknown): Answer {
  const environment = environmentFor(sim, path);
  if (environment === undefined)
    return {
      status: 404,
      body: {
        error: {
          message: 'The requested path does not exist',
          code: 'PathNotFoundError',
          correlationId: guidFor(`query|${sim.seed}|${sim.scheduler.now()}`),
        },
      },
    };
  if (typeof body !== 'object' || body === null || !('query' in body) || typeof body.query !== 'string')
    return { status: 400, body: { error: { code: 'BadArgumentError', message: 'no query' } } };
  const unknown = Object.keys(body).find((key) => !askable.has(key));
  if (unknown !== undefined) return { status: 501, refused: `the member "${unknown}" of a log query is not modelled` };
  try {
    return { status: 200, body: wireTable(queryLogs(sim, environment, body.query)) };
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    return {
      status: 400,
      body: {
        error: {
          message: 'The request had some invalid properties',
          code: 'BadArgumentError',
          correlationId: guidFor(`query|${sim.seed}|${sim.scheduler.now()}`),
          innererror: {
            code: 'SemanticError',
            message: 'A semantic error occurred.',
            innererror: { code: 'SEM0100', message: error.message },
          },
        },
      },
    };
  }
}
