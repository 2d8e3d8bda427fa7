// What a run of the benchmark of throughput is given, and what comes out of it.

export interface Load {
  readonly instances: number;
  readonly alerts: number;
  readonly apps: number;
}

export interface Rates extends Load {
  /** Alerts a second that were accepted. */
  readonly accepted: number;
  /** Signals a second that joined a history, while the middle four fifths of them did. */
  readonly handled: number;
  /** How long after the first alert was sent the last one was in a history, in milliseconds. */
  readonly lastAfterMs: number;
  /** Requests to storage for one alert, from its acceptance to the end of its handling, those of looks included. */
  readonly requestsAnAlert: number;
  /** Signals that had to come back later, because too many wrote to one history. */
  readonly later: number;
}

/** The times that the model assumes, in milliseconds. */
export const assumedTimes = {
  /** How long the answer of a table or a queue takes. */
  storageMs: 10,
  /** How long an answer of Azure takes. */
  azureMs: 80,
  /** How long a request keeps the one thread of its instance busy: 22 s of processor for 22,000 requests in a storm of 2,000 alerts. */
  busyMs: 1,
} as const;
