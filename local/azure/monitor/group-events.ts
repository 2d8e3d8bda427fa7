// The table of events of container groups: it exists only once a group with a workspace has written to it.
import { runKql } from '../kql/kql.ts';
import type { Row, Table } from '../kql/values.ts';
import type { GroupRow } from '../model/records.ts';
import type { Sim } from '../model/sim.ts';

/** Runs a query over the events that the container groups sent to their workspace. */
export function queryGroupEvents(sim: Sim, query: string): Table {
  const nowMs = sim.scheduler.now();
  const rows = sim.groupLogs.filter((row) => row.ingestedMs <= nowMs).map(wireRow);
  const [first] = rows;
  const table = first === undefined ? undefined : { columns: Object.keys(first), rows };
  return runKql(query, { table: (name) => (name === 'ContainerEvent_CL' ? table : undefined), nowMs });
}

/** The columns are those of Microsoft's page "Container group and instance logging with Azure Monitor logs". */
function wireRow({ atMs, group, resourceGroup, container, reason, message, count, firstMs }: GroupRow): Row {
  return {
    TimeGenerated: new Date(atMs),
    ContainerGroup_s: group,
    ContainerName_s: container,
    ResourceGroup: resourceGroup,
    Reason_s: reason,
    Message: message,
    Count_d: count,
    FirstTimestamp_t: new Date(firstMs),
  };
}
