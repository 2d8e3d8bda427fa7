// Error answers of ARM, in its own envelope.
import type { Answer } from '../monitor/log-analytics.ts';

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
