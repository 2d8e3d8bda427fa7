// The only query that pullmedic sends to Log Analytics. It reads both generations of the system log table, and values cannot break out.
import type { LogsTable } from '@azure/monitor-query-logs';

import type { EnvironmentFacts, LogRow } from '../../evidence/app-facts.ts';
import type { Fact } from '../../words/fact.ts';
import { known, unreadable } from '../../words/fact.ts';
import type { LogColumns } from '../../workloads/workload.ts';
import type { Clients } from '../clients/clients.ts';
import { factOf, Unexpected } from '../clients/reading.ts';
import { requestTimeoutMs } from '../clients/wire.ts';

/** The most rows of one look. A back-off writes two rows per try, so this covers hours of one replica. */
export const mostRows = 1000;

/** Whose rows are read, and since when. */
export interface LogQuestion {
  readonly app: string;
  readonly since: Date;
  /** The columns that name a workload of this kind, and what it runs. */
  readonly columns: LogColumns;
}

/**
 * Reads the system logs from the place where the environment sends them. `none` is a fact: the environment sends them nowhere. Rows of
 * several workspaces are one log: if one of them cannot be read, the log is unreadable.
 */
export async function readLogs(
  clients: Clients,
  environment: EnvironmentFacts,
  question: LogQuestion,
): Promise<Fact<readonly LogRow[]>> {
  if (environment.logs.kind === 'none') return known([]);
  const places = placesOf(clients, environment);
  if (places.length === 0) return unreadable('no-workspace');
  return factOf(async () => {
    const rows = await Promise.all(places.map((place) => askPlace(clients, place, question)));
    return withoutDuplicates(rowsOfEnvironment(rows.flat(), environment));
  });
}

/** The rows of one place. Throws if the answer is partial: it could lack the one row that matters. */
async function askPlace({ logs }: Clients, place: Place, question: LogQuestion): Promise<readonly RowOfEnvironment[]> {
  const query = systemLogsQuery(question);
  const span = { startTime: question.since, endTime: new Date(Date.now() + 60_000) };
  const options = { serverTimeoutInSeconds: 15, requestOptions: { timeout: requestTimeoutMs } };
  const result =
    'workspace' in place
      ? await logs.queryWorkspace(place.workspace, query, span, options)
      : // The SDK writes its own slash before the id.
        await logs.queryResource(place.resource.slice(1), query, span, options);
  if (result.status !== 'Success') throw new Unexpected('a partial result');
  const [table] = result.tables;
  return table === undefined ? [] : rowsOf(table, question.columns);
}

/** Where to ask: a workspace by its id, or the environment itself. */
type Place = { readonly workspace: string } | { readonly resource: string };

function placesOf(clients: Clients, { id, logs }: EnvironmentFacts): readonly Place[] {
  switch (logs.kind) {
    case 'none':
      return [];
    case 'workspace':
      return [{ workspace: logs.workspaceId }];
    case 'resource':
      return configured.get(clients)?.map((workspace) => ({ workspace })) ?? [{ resource: id }];
  }
}

/** The workspaces that the settings name, of a connection. */
const configured = new WeakMap<Clients, readonly string[]>();

/**
 * Registers the ids of the workspaces with the typed table. An environment with diagnostic settings does not say where it sends its logs,
 * and a role cannot allow one table of all resources (Azure publishes no such operation), so these workspaces are asked instead. Without
 * this call, as on the command line, the environment itself is asked.
 */
export function knowLogWorkspaces(clients: Clients, ids: readonly string[]): void {
  configured.set(clients, ids);
}

/** A KQL string literal: quotes, backslashes and everything outside printable ASCII are escaped, code unit by code unit. */
export function kqlString(value: string): string {
  let escaped = '';
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    const plain = code >= 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c;
    escaped += plain ? value.charAt(at) : `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return `"${escaped}"`;
}

/**
 * The query for the system logs of one app since an instant. It uses `column_ifexists`, because the classic table has a column only after
 * the first row that fills it, and `isfuzzy`, because a workspace has only one of the two tables. It has neither before its first row, and
 * a fuzzy union without any table that exists is an error (Kusto, "union operator"): the empty table makes that an answer without rows. `Type` of the typed table is no severity:
 * it is the standard column with the name of the table (Azure Monitor, table reference of ContainerAppSystemLogs).
 */
export function systemLogsQuery({ app, since, columns }: LogQuestion): string {
  const { name, run } = columns;
  const [classicName, classicRun] = [name.classic, run.classic].map((column) => columnOf(column, columns));
  const typedRun = run.typed ?? '""';
  return `let app = ${kqlString(app)};
let since = datetime(${since.toISOString()});
union isfuzzy=true
  (datatable(TimeGenerated: datetime, EventTime: string, App: string, Environment: string, Revision: string, Replica: string, Reason: string, Severity: string, Text: string)[]),
  (ContainerAppSystemLogs_CL | where TimeGenerated >= since | where ${classicName} =~ app | project TimeGenerated, EventTime = column_ifexists("TimeStamp_s", ""), App = ${classicName}, Environment = column_ifexists("EnvironmentName_s", ""), Revision = ${classicRun}, Replica = column_ifexists("ReplicaName_s", ""), Reason = Reason_s, Severity = column_ifexists("Type_s", ""), Text = Log_s),
  (ContainerAppSystemLogs | where TimeGenerated >= since | where ${name.typed} =~ app | project TimeGenerated, EventTime = "", App = ${name.typed}, Environment = EnvironmentName, Revision = ${typedRun}, Replica = ReplicaName, Reason, Severity = "", Text = Log)
| order by TimeGenerated desc
| take ${mostRows}`;
}

/** A column of the classic table. Those of apps are there from the first row on; no app needs to have written those of another kind. */
function columnOf(column: string, { always }: LogColumns): string {
  return always ? column : `column_ifexists("${column}", "")`;
}

const columns = [
  'TimeGenerated',
  'EventTime',
  'Environment',
  'Revision',
  'Replica',
  'Reason',
  'Severity',
  'Text',
] as const;

function text(cell: unknown): string {
  return typeof cell === 'string' ? cell : '';
}

function instant(cell: unknown): number {
  const atMs = cell instanceof Date ? cell.getTime() : Date.parse(text(cell));
  if (Number.isNaN(atMs)) throw new Unexpected('a row without a time');
  return atMs;
}

/**
 * When the event happened, to the second. `TimeGenerated` is the time of a batch: in captured rows a pull and its failure carry the same
 * instant (Azure Container Apps practical guide, lab of the private endpoint). `TimeStamp_s` is the time of the event itself, either
 * `2026-06-01 02:00:01 +0000 UTC` or in ISO form. If it is missing or has another form, the time of the batch is used.
 */
function eventTime(cell: unknown, batchMs: number): number {
  const said = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?(?: ?\+00:?00(?: UTC)?|Z| UTC)$/.exec(text(cell));
  const atMs = said === null ? Number.NaN : Date.parse(`${said[1]}T${said[2]}Z`);
  // An event cannot be younger than the batch that carries it.
  return atMs <= batchMs ? atMs : batchMs;
}

/** The rows of the answer. Throws if a column is missing: that is an unexpected answer, not an empty value. */
function rowsOf(table: LogsTable, { runOf }: LogColumns): RowOfEnvironment[] {
  const places = columns.map((name) => table.columnDescriptors.findIndex((column) => column.name === name));
  if (table.rows.length > mostRows) throw new Unexpected('more rows than asked for');
  if (places.includes(-1)) throw new Unexpected('a column is missing');
  return table.rows.map((row) => {
    const [batch, event, environment, revision, replica, reason, severity, line] = places.map((place) => row[place]);
    const read = {
      atMs: eventTime(event, instant(batch)),
      revision: text(revision) || runOf(text(replica)),
      replica: text(replica),
      reason: text(reason),
      severity: text(severity),
      text: text(line),
    };
    return { row: read, environment: text(environment).toLowerCase() };
  });
}

interface RowOfEnvironment {
  readonly row: LogRow;
  readonly environment: string;
}

/**
 * The rows of one environment: a workspace can have those of several, with an app of the same name in each. If no row names the environment
 * by the label of its domain, the name tells nothing, and all rows are kept.
 */
function rowsOfEnvironment(rows: readonly RowOfEnvironment[], { domainLabel }: EnvironmentFacts): LogRow[] {
  const own = rows.filter(({ environment }) => environment === domainLabel);
  return (own.length > 0 ? own : rows).map(({ row }) => row);
}

/**
 * Removes duplicates that ingestion makes: rows that say the same of the same instant are one event, whatever batch they came in. Rows of
 * one instant have no order among them.
 */
function withoutDuplicates(rows: readonly LogRow[]): LogRow[] {
  const seen = new Map(rows.map((row) => [JSON.stringify(row), row]));
  return [...seen.values()].sort((a, b) => a.atMs - b.atMs);
}
