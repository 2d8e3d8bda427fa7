import { describe, expect, it } from 'vitest';
import { causeCatalogue } from '../../../src/lib/causes/causes.ts';
import { isWithin, type RouteQuestion, route } from '../../../src/lib/incidents/route.ts';
import { type Hours, type IncidentSettings, incidentSettings } from '../../../src/lib/settings/incident-settings.ts';
import { environmentId } from '../facts.ts';

const hook = { kind: 'webhook', url: 'https://hooks.example', secretsFrom: ['SECRET'] };

function settings(routes: readonly unknown[], more: object = {}): IncidentSettings {
  return incidentSettings.parse({ systems: { pager: hook, chat: hook, tickets: hook }, routes, ...more });
}

const subscription = '5f0c1d2e-0000-4000-8000-000000000001';
const night = Date.parse('2026-06-01T02:00:00Z');
const question: RouteQuestion = {
  cause: 'private-dns-unlinked',
  owner: 'network team',
  severity: 'high',
  registry: 'acrshop.azurecr.io',
  subscriptions: [subscription],
  environments: [environmentId],
  atMs: night,
};
const everything = { to: ['tickets'] };

describe('the route of an incident', () => {
  it.each([
    [{ family: ['network'] }, true],
    [{ family: ['identity'] }, false],
    [{ cause: ['private-dns-unlinked', 'custom-dns'] }, true],
    [{ cause: ['custom-dns'] }, false],
    [{ owner: ['network team'] }, true],
    [{ owner: ['app team'] }, false],
    [{ severity: ['high', 'critical'] }, true],
    [{ severity: ['critical'] }, false],
    [{ registry: ['ACRSHOP.azurecr.io'] }, true],
    [{ registry: ['acrother.azurecr.io'] }, false],
    [{ subscription: ['5F0C1D2E-0000-4000-8000-000000000001'] }, true],
    [{ subscription: ['5f0c1d2e-0000-4000-8000-000000000002'] }, false],
    [{ environment: ['cae-shop'] }, true],
    [{ environment: [environmentId.toUpperCase()] }, true],
    [{ environment: ['cae-other'] }, false],
    [{ hours: { from: '18:00', to: '08:00' } }, true],
    [{ hours: { from: '08:00', to: '18:00' } }, false],
    [{ family: ['network'], severity: ['critical'] }, false],
  ])('%j takes it: %s', (when, takes) => {
    const routed = route(settings([{ to: ['pager'], when }, { to: ['chat'] }, everything]), 'act', question);
    expect(routed.to.includes('pager')).toBe(takes);
  });

  it('takes every route that matches, each system once', () => {
    const routes = [{ to: ['chat', 'pager'] }, { to: ['chat'] }, { to: ['tickets'], when: { owner: ['app team'] } }];
    expect(route(settings(routes), 'act', question)).toEqual({
      to: ['pager', 'chat'],
      matched: [0, 1],
      because: 'matched',
    });
  });

  it('goes to every system where no route matches, so that none is lost', () => {
    const routes = [{ to: ['chat', 'pager', 'tickets'], when: { owner: ['app team'] } }];
    expect(route(settings(routes), 'act', question)).toMatchObject({
      to: ['pager', 'chat', 'tickets'],
      because: 'no-route',
    });
  });

  it('goes nowhere where a route says so on purpose', () => {
    const routes = [
      { to: [], when: { severity: ['high'] } },
      { to: ['pager', 'chat', 'tickets'], when: { severity: ['low'] } },
    ];
    expect(route(settings(routes), 'act', question)).toMatchObject({ to: [], because: 'matched' });
  });

  it('is met by any of the apps, not only by the one that opened the incident', () => {
    const second = '5f0c1d2e-0000-4000-8000-000000000002';
    const routes = [{ to: ['pager'], when: { subscription: [second] } }, { to: ['chat'] }, everything];
    expect(route(settings(routes), 'act', question).to).not.toContain('pager');
    const both = { ...question, subscriptions: [subscription, second] };
    expect(route(settings(routes), 'act', both).to).toContain('pager');
  });

  it('a condition about something that is not known does not hold', () => {
    const { environments: _environments, subscriptions: _subscriptions, ...unknown } = question;
    const routes = [
      { to: ['pager'], when: { environment: ['cae-shop'] } },
      { to: ['chat'], when: { subscription: [subscription] } },
      everything,
    ];
    expect(route(settings(routes), 'act', unknown).to).toEqual(['tickets']);
  });

  it('goes only to the routes that can match where none does for certain', () => {
    const { environments: _environments, subscriptions: _subscriptions, ...unknown } = question;
    const routes = [
      { to: ['pager'], when: { subscription: [subscription] } },
      { to: ['chat'], when: { cause: ['custom-dns'] } },
      { to: ['tickets'], when: { environment: ['cae-shop'], severity: ['critical'] } },
    ];
    expect(route(settings(routes), 'act', unknown)).toEqual({
      to: ['pager'],
      matched: [],
      because: 'not-known',
      undecided: [0],
    });
    // The near miss: the value is known and is another one, so that no route can match.
    const other = { ...unknown, subscriptions: ['another'], environments: ['cae-other'] };
    expect(route(settings(routes), 'act', other)).toMatchObject({
      to: ['pager', 'chat', 'tickets'],
      because: 'no-route',
    });
  });

  it('is not lost where the only route that can match names no system', () => {
    const { subscriptions: _subscriptions, ...unknown } = question;
    const routes = [
      { to: [], when: { subscription: [subscription] } },
      { to: ['pager', 'chat', 'tickets'], when: { severity: ['critical'] } },
    ];
    expect(route(settings(routes), 'act', unknown)).toMatchObject({
      to: ['pager', 'chat', 'tickets'],
      because: 'not-known',
      undecided: [0],
    });
  });

  it('tells nobody in the mode observe, unless the settings say so', () => {
    expect(route(settings([]), 'observe', question)).toEqual({ to: [], matched: [], because: 'observe' });
    expect(route(settings([], { inObserve: true }), 'observe', question).to).toEqual(['pager', 'chat', 'tickets']);
    expect(route(settings([]), 'approve', question).to).toEqual(['pager', 'chat', 'tickets']);
  });

  it('tells nobody where there are no systems', () => {
    expect(route(incidentSettings.parse({}), 'act', question).because).toBe('no-systems');
  });

  it('knows every family and every owner of the causes', () => {
    for (const { family, owner } of Object.values(causeCatalogue))
      expect(() =>
        settings([{ to: ['pager', 'chat', 'tickets'], when: { family: [family], owner: [owner] } }]),
      ).not.toThrow();
  });
});

describe('the hours of a route', () => {
  const hours = (more: object): Hours => {
    const { routes } = incidentSettings.parse({ systems: { a: hook }, routes: [{ to: ['a'], when: { hours: more } }] });
    const found = routes[0]?.when.hours;
    if (found === undefined) throw new Error('no hours');
    return found;
  };
  const at = (text: string): number => Date.parse(text);

  it.each([
    ['2026-06-01T18:00:00Z', true],
    ['2026-06-01T17:59:59Z', false],
    ['2026-06-02T07:59:59Z', true],
    ['2026-06-02T08:00:00Z', false],
  ])('over midnight: %s is in them: %s', (instant, inside) => {
    expect(isWithin(hours({ from: '18:00', to: '08:00' }), at(instant))).toBe(inside);
  });

  it('a night belongs to the day on which it begins', () => {
    const friday = hours({ from: '18:00', to: '08:00', days: ['fri'] });
    // 2026-06-05 is a Friday.
    expect(isWithin(friday, at('2026-06-05T20:00:00Z'))).toBe(true);
    expect(isWithin(friday, at('2026-06-06T07:00:00Z'))).toBe(true);
    expect(isWithin(friday, at('2026-06-05T07:00:00Z'))).toBe(false);
  });

  it('days without hours are whole days', () => {
    const weekend = hours({ days: ['sat', 'sun'] });
    expect(isWithin(weekend, at('2026-06-06T00:00:00Z'))).toBe(true);
    expect(isWithin(weekend, at('2026-06-08T00:00:00Z'))).toBe(false);
  });

  it('follow the clock of their zone, in summer and in winter', () => {
    const office = hours({ from: '08:00', to: '18:00', zone: 'Europe/Berlin' });
    expect(isWithin(office, at('2026-06-01T06:00:00Z'))).toBe(true);
    expect(isWithin(office, at('2026-12-01T06:00:00Z'))).toBe(false);
    expect(isWithin(office, at('2026-12-01T07:00:00Z'))).toBe(true);
  });
});
