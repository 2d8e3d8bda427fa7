// The ground floor: what goes over the wire, whatever service it is for: requests, answers, servers on loopback.
// Not here: what any service answers.
import type { ArmRequest } from './request.ts';

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

/** The header of an answer that has a body. */
export function contentTypeOf({ body }: SimAnswer): Readonly<Record<string, string>> {
  return body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
}

/** An error in the envelope of ARM. */
export function armError(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

/** The header by which the gateway of ARM says that it answered itself, without asking the service (as recorded). */
export const failureCause = 'x-ms-failure-cause';

/** The 404 of ARM's gateway for a resource of this type: the request names its subscription, group and name, in this order. */
export function notFound(type: string, { parts: [, group = '', name = ''] }: Pick<ArmRequest, 'parts'>): Answer {
  const message = `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  return { ...armError(404, 'ResourceNotFound', message), headers: { [failureCause]: 'gateway' } };
}

/** The 404 of ARM's gateway for a resource group. */
export function groupNotFound(group: string): Answer {
  return {
    ...armError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`),
    headers: { [failureCause]: 'gateway' },
  };
}

/** The refusal of what the simulation does not play: recorded, so that a reader of the run sees it. */
export function notModelled(reason: string): Answer {
  return {
    status: 501,
    refused: reason,
    body: { error: { code: 'NotModelled', message: `The simulation does not model this: ${reason}.` } },
  };
}
