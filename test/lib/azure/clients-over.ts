// The real SDK clients over a transport in this process: a test says what Azure answers, and reads what was asked.
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import type { RequestBudget } from '../../../src/lib/azure/clients/budget.ts';
import { type Clients, connectWith } from '../../../src/lib/azure/clients/clients.ts';
import { addressesOf } from '../../../src/lib/words/cloud.ts';

export interface AskedAzure {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly authorization: string | undefined;
}

export interface AzureAnswer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ClientsOver {
  readonly clients: Clients;
  readonly asked: readonly AskedAzure[];
}

/** Clients whose requests `answer` answers. Without an answer it is a 404 of ARM. */
export function clientsOver(
  answer: (asked: AskedAzure) => AzureAnswer | undefined,
  budget?: RequestBudget,
): ClientsOver {
  const asked: AskedAzure[] = [];
  const notFound: AzureAnswer = { status: 404, body: { error: { code: 'ResourceNotFound', message: 'x' } } };
  const transport: HttpClient = {
    async sendRequest(request) {
      const url = new URL(request.url);
      const one: AskedAzure = {
        method: request.method,
        host: url.host,
        path: decodeURIComponent(url.pathname).replaceAll('//', '/'),
        query: url.searchParams,
        body: typeof request.body === 'string' ? request.body : '',
        authorization: request.headers.get('authorization'),
      };
      asked.push(one);
      const { status = 200, body, headers = {} } = answer(one) ?? notFound;
      return {
        request,
        status,
        headers: createHttpHeaders({ 'content-type': 'application/json', ...headers }),
        bodyAsText: body === undefined ? '' : JSON.stringify(body),
      };
    },
  };
  const credential = { getToken: async () => ({ token: 'our-token', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return { clients: connectWith(credential, addressesOf('public'), budget, transport), asked };
}

/** Clients that get this body for every request. */
export function alwaysAnswering(body: unknown, status = 200): ClientsOver {
  return clientsOver(() => ({ status, body }));
}
