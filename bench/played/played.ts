// What a scenario on virtual time asked of Azure and of storage, counted: the source of the benchmarks of looks and of money.

/** One request to Azure, with the virtual time at which its answer came, in milliseconds. */
export interface Call {
  readonly atMs: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
}

export interface Played {
  readonly scenario: string;
  readonly calls: readonly Call[];
  /** Of each remediation, the look that sent most requests to Azure Resource Manager. */
  readonly looks: readonly LookCalls[];
  /** Requests to tables and queues, by the method of the client. */
  readonly storage: Readonly<Record<string, number>>;
  /** How often each function ran. */
  readonly executions: Readonly<Record<string, number>>;
  readonly logBytes: number;
  /** How much virtual time passed, in milliseconds. */
  readonly lastedMs: number;
  /** What of the scenario's expectations did not hold, a sentence each: then its figures say nothing. */
  readonly failures: readonly string[];
}

/** The requests of one look, by where they went. */
export interface LookCalls {
  readonly kind: 'app' | 'job' | 'container group';
  /** Whether a registry that the workload pulls from is behind a private endpoint. */
  readonly registry: 'public' | 'private';
  /** As the history has them, the one to act on first. */
  readonly causes: readonly string[];
  readonly arm: number;
  readonly logs: number;
}

/** The file of a scenario, and the time that each answer of Azure takes. */
export interface Order {
  readonly file: string;
  readonly answersMs: number;
}
