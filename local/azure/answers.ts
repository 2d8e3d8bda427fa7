// Error answers of ARM, in its own envelope.
import type { Answer } from './log-analytics.ts';

export function armError(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

export function notFound(what: string): Answer {
  return armError(404, 'ResourceNotFound', `The Resource '${what}' was not found.`);
}
