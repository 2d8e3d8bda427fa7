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

/** The file of a scenario, and the time that each answer of Azure takes. */
export interface Order {
  readonly file: string;
  readonly answersMs: number;
}
