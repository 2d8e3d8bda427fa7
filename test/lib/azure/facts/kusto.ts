// Loads Microsoft's own KQL parser. Its package cannot be required: the two scripts are run one after the other.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInThisContext } from 'node:vm';

interface Diagnostic {
  readonly Message: string;
  readonly Severity: string;
}

interface Code {
  GetDiagnostics(): { Count: number; getItem(index: number): Diagnostic };
}

interface KustoLanguage {
  readonly KustoCode: { ParseAndAnalyze(query: string, globals: unknown): Code };
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly Symbols: {
    readonly DatabaseSymbol: { readonly $ctor1: new (name: string, tables: unknown) => unknown };
    readonly TableSymbol: { From(schema: string): { WithName(name: string): unknown } };
  };
}

function load(): KustoLanguage {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('@kusto/language-service-next/bridge.min.js'));
  for (const file of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
    runInThisContext(readFileSync(join(folder, file), 'utf8'));
  }
  const loaded: unknown = Reflect.get(Reflect.get(globalThis, 'Kusto') as object, 'Language');
  return loaded as KustoLanguage;
}

let language: KustoLanguage | undefined;

const classic =
  '(TimeGenerated: datetime, TimeStamp_s: string, ContainerAppName_s: string, RevisionName_s: string, ReplicaName_s: string, EnvironmentName_s: string, Reason_s: string, Type_s: string, EventSource_s: string, Log_s: string)';
const typed =
  '(TimeGenerated: datetime, ContainerAppName: string, RevisionName: string, ReplicaName: string, ContainerName: string, JobName: string, EnvironmentName: string, Location: string, EventSource: string, Reason: string, Log: string, Type: string, Count: int)';
const groupEvents =
  '(TimeGenerated: datetime, Computer: string, ContainerGroup_s: string, ContainerGroupInstanceId_g: string, ContainerName_s: string, Count_d: real, FirstTimestamp_t: datetime, Location_s: string, Message: string, OSType_s: string, Reason_s: string, ResourceGroup: string, SubscriptionId: string)';
const traces = '(TimeGenerated: datetime, Message: string, OperationName: string, AppRoleName: string)';
const requests =
  '(TimeGenerated: datetime, OperationName: string, Success: bool, DurationMs: real, AppRoleName: string)';
const graph = '(id: string, name: string, type: string, properties: dynamic)';

/** Complaints of the real parser about a query over the log tables, our own telemetry and Resource Graph's `resources`. */
export function complaints(query: string): string[] {
  language ??= load();
  const { KustoCode, GlobalState, Symbols } = language;
  const schemas: Record<string, string> = {
    ContainerAppSystemLogs_CL: classic,
    ContainerAppSystemLogs: typed,
    ContainerEvent_CL: groupEvents,
    resources: graph,
    AppTraces: traces,
    AppRequests: requests,
  };
  const tables = Object.entries(schemas).map(([name, schema]) => Symbols.TableSymbol.From(schema).WithName(name));
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1('db', tables));
  const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, index) => found.getItem(index).Message);
}
