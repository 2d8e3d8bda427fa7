// Answers of the simulated Azure, and the error answers of ARM in its own envelope.

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Why a request was refused; recorded, so that nobody has to guess. */
  readonly refused?: string;
}

export interface SimAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function armError(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

export function notFound(what: string): Answer {
  return armError(404, 'ResourceNotFound', `The Resource '${what}' was not found.`);
}

/** The refusal of what the simulation does not play: recorded, so that nobody has to guess. */
export function notModelled(reason: string): Answer {
  return {
    status: 501,
    refused: reason,
    body: { error: { code: 'NotModelled', message: `The simulation does not model this: ${reason}.` } },
  };
}
