// The ground floor: what goes over the wire, whatever service it is for: requests, answers, servers on loopback.
// Not here: what any service answers.
/** What the simulation answers a request with. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Why the simulation refused the request. The timeline shows it to the reader of a failed scenario. */
  readonly refused?: string;
}

/** An answer as it goes out. */
export interface SimAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error in the envelope of ARM. */
export function armError(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

/** The 404 of ARM for a resource, named as `<type>/<name>`. */
export function notFound(what: string): Answer {
  return armError(404, 'ResourceNotFound', `The Resource '${what}' was not found.`);
}

/** The refusal of what the simulation does not play: recorded, so that a reader of the run sees it. */
export function notModelled(reason: string): Answer {
  return {
    status: 501,
    refused: reason,
    body: { error: { code: 'NotModelled', message: `The simulation does not model this: ${reason}.` } },
  };
}
