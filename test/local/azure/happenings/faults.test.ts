import { describe, expect, it } from 'vitest';
import { faultFor, type Service, serviceOf } from '../../../../local/azure/happenings/faults.ts';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import { eventSchema } from '../../../../local/azure/world/events.ts';
import { minute, type Small, small } from '../registry-worlds.ts';

const services: readonly Service[] = ['management', 'logs', 'registry', 'graph', 'identity'];

function begin(event: Readonly<Record<string, unknown>>): Small {
  const world = small();
  happen(world.sim, eventSchema.parse({ at: '0s', for: '2m', ...event }));
  return world;
}

describe('a fault', () => {
  it.each(services)('of %s meets that service and no other', (service) => {
    const { sim } = begin({ do: 'outage', service });

    expect(services.filter((one) => faultFor(sim, one) !== undefined)).toEqual([service]);
  });

  it('is over when its time is, and the timeline says so', () => {
    const { sim, time } = begin({ do: 'throttle', service: 'logs' });
    time.advance(2 * minute - 1);
    expect(faultFor(sim, 'logs')).toMatchObject({ status: 429 });
    time.advance(1);

    expect(faultFor(sim, 'logs')).toBeUndefined();
    expect(sim.timeline.map((one) => one.text)).toEqual(['logs: requests are throttled', 'logs: the throttle is over']);
  });

  it.each([
    ['management.azure.com', '/subscriptions/x/providers/Microsoft.App/containerApps', 'management'],
    ['management.azure.com', '/providers/Microsoft.ResourceGraph/resources', 'graph'],
    ['api.loganalytics.io', '/v1/workspaces/x/query', 'logs'],
    ['acrshop.azurecr.io', '/oauth2/exchange', 'registry'],
  ])('of %s%s is one of %s', (host, path, service) => {
    expect(serviceOf(host, path)).toBe(service);
  });
});

describe('throttling', () => {
  it.each(services)('of %s says when to come again: five seconds unless the scenario says otherwise', (service) => {
    const five = begin({ do: 'throttle', service });
    const nine = begin({ do: 'throttle', service, retryAfter: 9 });

    expect(faultFor(five.sim, service)).toMatchObject({ status: 429, headers: { 'retry-after': '5' } });
    expect(faultFor(nine.sim, service)).toMatchObject({ status: 429, headers: { 'retry-after': '9' } });
  });

  it('lets a client wait as long on a fast clock, but never no time at all', () => {
    const { sim } = begin({ do: 'throttle', service: 'management', retryAfter: 120 });
    const fast = { ...sim, speed: 60 };
    const faster = { ...sim, speed: 6000 };

    expect(faultFor(fast, 'management')?.headers?.['retry-after']).toBe('2');
    expect(faultFor(faster, 'management')?.headers?.['retry-after']).toBe('1');
  });

  it.each<[Service, unknown]>([
    ['management', { error: { code: 'SubscriptionRequestsThrottled' } }],
    ['graph', { error: { code: 'RateLimiting' } }],
    ['logs', { error: { code: 'TooManyRequests' } }],
    ['registry', { errors: [{ code: 'TOOMANYREQUESTS' }] }],
  ])('of %s is worded as that service does', (service, body) => {
    expect(faultFor(begin({ do: 'throttle', service }).sim, service)?.body).toMatchObject(body as object);
  });
});

describe('an outage', () => {
  it.each([
    [{}, 503, 'ServiceUnavailable'],
    [{ status: 500 }, 500, 'InternalServerError'],
    [{ status: 504 }, 504, 'GatewayTimeout'],
  ])('with %j answers %i', (options, status, code) => {
    const answer = faultFor(begin({ do: 'outage', service: 'management', ...options }).sim, 'management');

    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(answer?.headers).toBeUndefined();
  });

  it("of a registry is worded in the registry's own envelope", () => {
    const answer = faultFor(begin({ do: 'outage', service: 'registry' }).sim, 'registry');

    expect(answer).toMatchObject({ status: 503, body: { errors: [{ code: 'UNAVAILABLE' }] } });
  });

  it('meets the share of requests that it says, the same ones in every run', () => {
    const run = (): boolean[] => {
      const { sim } = begin({ do: 'outage', service: 'management', share: 0.3 });
      return Array.from({ length: 200 }, () => faultFor(sim, 'management') !== undefined);
    };
    const failed = run().filter(Boolean).length;

    expect(failed).toBeGreaterThan(40);
    expect(failed).toBeLessThan(80);
    expect(run()).toEqual(run());
  });

  it('of nothing is none', () => {
    const { sim } = begin({ do: 'outage', service: 'management', share: 0 });

    expect(Array.from({ length: 50 }, () => faultFor(sim, 'management')).some(Boolean)).toBe(false);
  });

  it.each([
    { do: 'outage', service: 'storage', for: '1m' },
    { do: 'outage', service: 'logs' },
    { do: 'outage', service: 'logs', for: '1m', status: 200 },
    { do: 'outage', service: 'logs', for: '1m', share: 2 },
    { do: 'throttle', service: 'logs', for: '1m', retryAfter: 0 },
    { do: 'throttle', service: 'logs', for: '1m', status: 503 },
  ])('or throttling that makes no sense is refused: %j', (event) => {
    expect(eventSchema.safeParse({ at: '0s', ...event }).success).toBe(false);
  });
});
