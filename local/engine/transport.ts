// What stands between the real Azure clients and the simulated Azure in one process: a transport and a credential.
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import { AuthenticationError, type TokenCredential } from '@azure/identity';
import { faultFor } from '../azure/happenings/faults.ts';
import type { IdentityTokens } from '../azure/identity/endpoint.ts';
import type { Spoilt } from '../azure/seam/proxy.ts';
import type { SimulatedAzure } from '../azure/simulation.ts';
import { contentTypeOf, type SimAnswer } from '../azure/wire/answers.ts';
import type { SimRequest } from '../azure/wire/request.ts';

/**
 * Hands the requests of the clients to the simulated Azure. A host that it does not play refuses the connection. `spoils` sees every
 * request first and may spoil it.
 */
export function transportTo(
  azure: Pick<SimulatedAzure, 'sim' | 'plays' | 'refused' | 'answer'>,
  spoils: (request: SimRequest) => Spoilt | undefined,
): HttpClient {
  const broken = (request: PipelineRequest): RestError =>
    new RestError('The connection was refused or lost.', { code: RestError.REQUEST_SEND_ERROR, request });
  return {
    async sendRequest(request) {
      const asked = requestOf(request);
      const spoilt = spoils(asked);
      await pass(azure);
      if (request.abortSignal?.aborted === true) throw aborted();
      if (spoilt?.do === 'answer') return responseTo(request, spoilt.answer);
      if (!azure.plays(asked.host)) {
        azure.refused(asked.host);
        throw broken(request);
      }
      const answer = spoilt?.when === 'before' ? undefined : azure.answer(asked);
      if (spoilt?.do === 'silence') return silence(request);
      if (answer === undefined || spoilt?.do === 'reset') throw broken(request);
      return responseTo(request, answer);
    },
  };
}

function requestOf(request: PipelineRequest): SimRequest {
  const url = new URL(request.url);
  return {
    method: request.method,
    host: url.hostname.toLowerCase(),
    url,
    authorization: request.headers.get('authorization'),
    contentType: request.headers.get('content-type'),
    body: bodyOf(request),
  };
}

function bodyOf({ body }: PipelineRequest): unknown {
  if (body === undefined || body === null || body === '') return undefined;
  if (typeof body !== 'string') throw new Error('A body that is not text is not modelled here.');
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

/** Azure takes its time before it answers. */
async function pass({ sim }: Pick<SimulatedAzure, 'sim'>): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, sim.world.delays.answers);
  });
}

function aborted(): Error {
  return Object.assign(new Error('The request was aborted.'), { name: 'AbortError' });
}

function responseTo(request: PipelineRequest, answer: SimAnswer): PipelineResponse {
  const { status, headers, body } = answer;
  return {
    request,
    status,
    headers: createHttpHeaders({ ...contentTypeOf(answer), ...headers }),
    bodyAsText: body === undefined ? '' : JSON.stringify(body),
  };
}

/** A host that does not answer: the request ends with its own time-out. */
async function silence({ timeout, abortSignal }: PipelineRequest): Promise<never> {
  return new Promise((_, reject) => {
    if (timeout > 0) setTimeout(() => reject(aborted()), timeout);
    abortSignal?.addEventListener('abort', () => reject(aborted()));
  });
}

/** What `fetch` does at an address of the simulated Azure. */
export async function fetchThrough(transport: HttpClient, url: URL, init: RequestInit): Promise<Response> {
  const { method = 'GET', headers, body } = init;
  const request = createPipelineRequest({
    url: url.href,
    method: method as HttpMethods,
    headers: createHttpHeaders(Object.fromEntries(new Headers(headers))),
    ...(typeof body === 'string' ? { body } : {}),
  });
  try {
    const { status, headers: answered, bodyAsText } = await transport.sendRequest(request);
    return new Response(bodyAsText ?? '', { status, headers: answered.toJSON() });
  } catch (error) {
    throw new TypeError('fetch failed', { cause: error });
  }
}

/** How long before its end a token is asked for again, as the real credential does. */
const refreshMs = 5 * 60_000;

/** The managed identity of pullmedic in the simulated Azure. */
export function identityIn(azure: Pick<SimulatedAzure, 'sim'>, tokens: IdentityTokens): TokenCredential {
  const kept = new Map<string, { readonly token: string; readonly expiresOnTimestamp: number }>();
  return {
    async getToken(scopes) {
      const resource = String(scopes).replace(/\/\.default$/, '');
      const known = kept.get(resource);
      if (known !== undefined && known.expiresOnTimestamp - refreshMs > Date.now()) return known;
      await pass(azure);
      const fault = faultFor(azure.sim, 'identity');
      if (fault !== undefined)
        throw new AuthenticationError(fault.status, { error: 'unavailable', error_description: 'no token' });
      const issued = tokens.issue(resource);
      const token = { token: issued.access_token, expiresOnTimestamp: Number(issued.expires_on) * 1000 };
      kept.set(resource, token);
      return token;
    },
  };
}
