// A part of Azure that stands in the simulation and is played by others: a topic of Event Grid, say.

import type { SimAnswer } from './answers.ts';
import type { SimRequest } from './request.ts';

export interface Guest {
  readonly host: string;
  /** The beginning of the paths that it answers, in lower case. */
  readonly path: string;
  /** For whom a token has to be issued. The simulation checks it. */
  readonly audience: string;
  answer(request: SimRequest): SimAnswer;
}

/** The guest that this request is for. */
export function guestFor(guests: readonly Guest[], { host, url }: SimRequest): Guest | undefined {
  const path = decodeURIComponent(url.pathname).toLowerCase();
  return guests.find((one) => one.host === host && path.startsWith(one.path));
}
