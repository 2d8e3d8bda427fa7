// Incident systems that are a part of Azure: the simulated Azure hands them the requests for their address, after it checked the token.

import { type LocalAnswer, type LocalRequest, type Start, systemOf } from './server.ts';

/** As the simulated Azure hands it on. */
interface AzureRequest {
  readonly method: string;
  readonly url: URL;
  readonly contentType?: string | undefined;
  readonly body: unknown;
}

/** A system in its place in Azure. */
export interface Placed {
  readonly host: string;
  /** The beginning of its paths, in lower case. */
  readonly path: string;
  readonly audience: string;
  answer(request: AzureRequest): LocalAnswer;
}

export interface AzurePlace {
  /** Those that were started so far. */
  readonly placed: readonly Placed[];
  /** Starts systems that are reached at this address. `token`: what the system itself knows a sender by. */
  at(address: Omit<Placed, 'answer'>, token: string): Start;
}

export function azurePlace(): AzurePlace {
  const placed: Placed[] = [];
  return {
    placed,
    at: (address, token) => async (behaviour) => {
      const { take, ...system } = systemOf(behaviour);
      const answer: Placed['answer'] = (request) => {
        const answered = take(requestOf(request, token));
        return answered === 'lost' ? { status: 502 } : answered;
      };
      placed.push({ ...address, answer });
      return { ...system, url: `https://${address.host}`, stop: async () => undefined };
    },
  };
}

function requestOf({ method, url, contentType = '', body }: AzureRequest, token: string): LocalRequest {
  return {
    method,
    url: `${decodeURIComponent(url.pathname)}${url.search}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}
