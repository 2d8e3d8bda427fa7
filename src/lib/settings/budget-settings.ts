// The settings that limit how many requests pullmedic sends to Azure.

export interface BudgetSettings {
  /** Reads of Azure Resource Manager, for each subscription. Azure refills 25 a second (1500 a minute), from a bucket of 250. */
  readonly armReadsPerMinute: number;
  /** Queries of Log Analytics. Azure allows 200 in 30 seconds for one identity. */
  readonly logQueriesPerMinute: number;
  /** Queries of Resource Graph. Azure allows 15 in five seconds for one identity. */
  readonly graphQueriesPerMinute: number;
}
