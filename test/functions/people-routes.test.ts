// The functions for people: what the platform is told before they load is what they are.
import { describe, expect, it } from 'vitest';
import { registerPeople } from '../../src/functions/people.ts';
import { peopleRoutes, registerPeopleLater } from '../../src/functions/people-routes.ts';
import { signal } from '../lib/facts.ts';
import { doors, signedIn } from './doors.ts';

describe('the table of functions for people', () => {
  it('has each function that they register, with its methods and its route, and no key opens one', () => {
    const { names, options } = doors(registerPeople);

    expect(names.map((name) => [name, options(name)['methods'], options(name)['route']])).toEqual(
      peopleRoutes.map(([name, methods, route]) => [name, [...methods], route]),
    );
    for (const name of names) expect(options(name)['authLevel']).toBe('anonymous');
  });

  it('is what the platform is told, and each leads to the function of its name', async () => {
    const later = doors(registerPeopleLater);
    const headers = signedIn('Reader');
    await later.running.deliver(signal);

    expect(later.names).toEqual(peopleRoutes.map(([name]) => name));
    expect((await later.send('now', { headers })).body).toContain('<h1>Now</h1>');
    expect((await later.send('settings', { headers })).body).toContain('Settings in force');
    expect((await later.send('approve', { headers, body: '{}' })).status).toBe(403);
    expect((await later.send('measures')).status).toBe(401);
  });
});
