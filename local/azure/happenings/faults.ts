// Faults of Azure's own services, as a scenario lets them happen: throttling and outages, for a while, for one service each.

import { chance, guidFor } from '../model/ids.ts';
import type { Fault, FaultEvent } from '../model/records.ts';
import { note, type Sim } from '../model/sim.ts';
import type { Answer } from '../wire/answers.ts';

/** A service of Azure that can fail. */
export type Service = FaultEvent['service'];

/** Lets a service fail from now on, for as long as the event says. */
export function beginFault(sim: Sim, event: FaultEvent): void {
  const untilMs = sim.scheduler.now() + event.for;
  sim.faults.push({ event, number: sim.faults.length, untilMs, met: 0 });
  note(sim, `${event.service}: ${event.do === 'throttle' ? 'requests are throttled' : 'an outage begins'}`);
  sim.scheduler.at(untilMs, () => note(sim, `${event.service}: the ${event.do} is over`));
}

/** The service that a request is for. Resource Graph has limits of its own, although it is behind the same host. */
export function serviceOf(host: string, path: string): Service {
  if (host === 'api.loganalytics.io') return 'logs';
  if (host !== 'management.azure.com') return 'registry';
  return /\/microsoft\.resourcegraph\//i.test(path) ? 'graph' : 'management';
}

/** Each service words its errors in its own envelope. */
function bodyOf(sim: Sim, service: Service, code: string, message: string): unknown {
  if (service === 'registry') return { errors: [{ code: code.toUpperCase(), message }] };
  if (service === 'identity')
    return { statusCode: code, message, correlationId: guidFor(`fault|${sim.seed}|${sim.scheduler.now()}`) };
  return { error: { code, message } };
}

/** Retry-After is in real seconds and at least one: a client sleeps in real time, whatever the simulated clock does. */
function realSeconds(sim: Sim, simulated: number): number {
  return Math.max(1, Math.ceil(simulated / sim.speed));
}

function throttled(sim: Sim, service: Service, retryAfter: number): Answer {
  const wait = realSeconds(sim, retryAfter);
  const headers = { 'retry-after': String(wait) };
  switch (service) {
    case 'management': {
      const message = `Number of requests for subscription '${sim.world.subscription}' actor '${sim.self.principalId}' exceeded. Please try again after '${wait}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.`;
      const remaining = { 'x-ms-ratelimit-remaining-subscription-reads': '0' };
      return {
        status: 429,
        headers: { ...headers, ...remaining },
        body: bodyOf(sim, service, 'SubscriptionRequestsThrottled', message),
      };
    }
    case 'graph': {
      const message =
        'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.';
      const quota = {
        'x-ms-user-quota-remaining': '0',
        'x-ms-user-quota-resets-after': new Date(wait * 1000).toISOString().slice(11, 19),
      };
      return {
        status: 429,
        headers: { ...headers, ...quota },
        body: bodyOf(sim, service, 'RateLimiting', message),
      };
    }
    case 'logs':
    case 'registry':
    case 'identity':
      return { status: 429, headers, body: bodyOf(sim, service, 'TooManyRequests', 'too many requests') };
  }
}

const outageCodes: Readonly<Record<number, string>> = {
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

function broken(sim: Sim, service: Service, status: number): Answer {
  const code = service === 'registry' ? 'UNAVAILABLE' : (outageCodes[status] ?? 'Failure');
  return {
    status,
    body: bodyOf(sim, service, code, 'The service is temporarily unavailable. Please try again later.'),
  };
}

function strikes(sim: Sim, fault: Fault): boolean {
  fault.met += 1;
  return fault.event.do === 'throttle' || chance(`${sim.seed}|fault|${fault.number}|${fault.met}`) < fault.event.share;
}

/** The failure that a request to a service meets now, before it changes anything; `undefined` where all is well. */
export function faultFor(sim: Sim, service: Service): Answer | undefined {
  const nowMs = sim.scheduler.now();
  const fault = sim.faults.find((one) => one.event.service === service && nowMs < one.untilMs && strikes(sim, one));
  if (fault === undefined) return undefined;
  const { event } = fault;
  return event.do === 'throttle' ? throttled(sim, service, event.retryAfter) : broken(sim, service, event.status);
}
