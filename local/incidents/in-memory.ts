// Incident systems that are reached without a socket, for a thread on virtual time.

import { type LocalRequest, type PlacelessSystem, type Start, systemOf, textOf } from './server.ts';

export interface MemoryNetwork {
  readonly start: Start;
  /** What the system at this address answers; `undefined` where there is none. Rejects where the connection breaks, as `fetch` does. */
  answer(url: URL, init: RequestInit): Promise<Response> | undefined;
}

/** Each system gets a port of its own, which is never opened, from `firstPort` on. */
export function memoryNetwork(firstPort: number): MemoryNetwork {
  const systems = new Map<string, PlacelessSystem>();
  return {
    async start(behaviour) {
      const { take, ...system } = systemOf(behaviour);
      const url = `http://127.0.0.1:${firstPort + systems.size}`;
      systems.set(url, { ...system, take });
      return { ...system, url, stop: async () => undefined };
    },
    answer(url, init) {
      const system = systems.get(url.origin);
      return system === undefined ? undefined : answerOf(system, url, init);
    },
  };
}

async function answerOf(system: PlacelessSystem, url: URL, init: RequestInit): Promise<Response> {
  const answer = system.take(requestOf(url, init));
  if (answer === 'lost') throw new TypeError('fetch failed');
  const headers = { 'content-type': 'application/json', ...answer.headers };
  // 204 has no body, and a Response refuses even an empty one.
  return new Response(answer.status === 204 ? null : textOf(answer), { status: answer.status, headers });
}

function requestOf({ pathname, search }: URL, { method = 'GET', headers, body }: RequestInit): LocalRequest {
  return {
    method,
    url: `${pathname}${search}`,
    headers: Object.fromEntries(new Headers(headers)),
    body: typeof body === 'string' ? body : '',
  };
}
