// What a soak is asked for, and what its thread answers.

/** The file of a scenario, and how long it lasts in hours of virtual time. */
export interface Order {
  readonly file: string;
  readonly hours: number;
}

/** What one soak came to. */
export interface Held {
  readonly hours: number;
  readonly steps: number;
  /** Remediations that were opened, and those of them that recovered or were withdrawn. */
  readonly opened: number;
  readonly ended: number;
  /** What the heap and its buffers hold only because pullmedic runs. */
  readonly appBytes: number;
  /** What they hold beside it: the simulated Azure, the storage in memory, and all code that was loaded. */
  readonly worldBytes: number;
}
