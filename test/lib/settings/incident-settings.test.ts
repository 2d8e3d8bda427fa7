import { describe, expect, it } from 'vitest';
import { BadConfig, parseConfig } from '../../../src/lib/settings/config.ts';
import { address, incidentSettings, settingsNamedBy } from '../../../src/lib/settings/incident-settings.ts';

const hook = { kind: 'webhook', url: 'https://hooks.example', secretsFrom: ['HOOK_SECRET'] };
const scopes = '["/subscriptions/5f0c1d2e-0000-4000-8000-000000000001"]';

function problems(incidents: unknown, env: Record<string, string> = { HOOK_SECRET: 'whsec_x' }): readonly string[] {
  try {
    parseConfig({ PULLMEDIC_SCOPES: scopes, PULLMEDIC_SETTINGS: JSON.stringify({ incidents }), ...env });
    return [];
  } catch (error) {
    if (error instanceof BadConfig) return error.problems;
    throw error;
  }
}

describe('the settings of incident systems', () => {
  it('are empty by default: nobody is told', () => {
    expect(incidentSettings.parse({})).toEqual({ inObserve: false, systems: {}, routes: [] });
  });

  it('list every mistake at once', () => {
    const found = problems({
      systems: { pager: hook, Chat: hook, wiki: { kind: 'wiki' }, both: { ...hook, urlFrom: 'URL' } },
      routes: [{ to: ['pagr'], when: { severity: ['urgent'], hours: { from: '25:00', zone: 'Mars/Base' } } }],
    });

    const all = found.join('\n');
    for (const words of [
      'systems.Chat',
      'systems.wiki.kind',
      'severity',
      'hours.from',
      'hours.zone',
      'needs either url or urlFrom',
    ])
      expect(all).toContain(words);
  });

  it('name a system that does not exist, and one that no route leads to', () => {
    const all = problems({ systems: { pager: hook, chat: hook }, routes: [{ to: ['pager', 'pagr'] }] }).join('\n');

    expect(all).toContain('routes.0.to: pagr is not a system');
    expect(all).toContain('systems.chat: is in no route');
  });

  it.each([
    ['https://egt-ops.westeurope-1.eventgrid.azure.net/api/events', true],
    ['https://egt-ops.usgovvirginia-1.eventgrid.azure.us/api/events', true],
    // Whoever else stands there would get a token of pullmedic.
    ['https://eventgrid.azure.net.evil.example/api/events', false],
    ['https://evil.example/?x=.eventgrid.azure.net/api/events', false],
    ['http://egt-ops.westeurope-1.eventgrid.azure.net/api/events', false],
    ['https://egt-ops.westeurope-1.eventgrid.azure.net/', false],
  ])('take an address as the endpoint of a topic: %s %s', (url, isTaken) => {
    const all = problems({ systems: { events: { kind: 'eventgrid', url } } }).join('\n');
    expect(all.includes('is not the endpoint of an Event Grid topic')).toBe(!isTaken);
  });

  it('name an app setting that is missing, and never its value', () => {
    expect(problems({ systems: { pager: hook } }, {})).toEqual([
      'HOOK_SECRET is missing: PULLMEDIC_SETTINGS at incidents.systems names it',
    ]);
    const inPlace = problems({ systems: { pager: { ...hook, secretsFrom: ['whsec_c2VjcmV0/='] } } });
    expect(inPlace.join()).toContain('is not the name of an app setting');
    expect(inPlace.join()).not.toContain('c2VjcmV0');
  });

  it('start the app although a Key Vault reference was not resolved: that stops one system, not pullmedic', () => {
    expect(
      problems(
        { systems: { pager: hook } },
        { HOOK_SECRET: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)' },
      ),
    ).toEqual([]);
  });

  it('take the address of the page from the platform', () => {
    const read = (incidents: object) =>
      parseConfig({
        PULLMEDIC_SCOPES: scopes,
        WEBSITE_HOSTNAME: 'func.example',
        PULLMEDIC_SETTINGS: JSON.stringify({ incidents }),
      }).settings.incidents.page;
    expect(read({})).toBe('https://func.example');
    expect(read({ page: 'https://medic.example/' })).toBe('https://medic.example');
  });
});

describe('an address', () => {
  it.each([
    'https://a.example',
    'https://a.example:8443/x?y=z',
    'https://[::1]:8443/x',
    'http://127.0.0.1:8080/x',
    'http://localhost',
  ])('%s is one', (text) => {
    expect(address.safeParse(text).success).toBe(true);
  });

  it.each([
    'http://a.example',
    'https://user@a.example',
    'ftp://a.example',
    'https://',
    'https://a b',
    'https://[::1',
    'https://a.example:99999',
    'http://127.0.0.1.evil.example',
  ])('%s is none', (text) => {
    expect(address.safeParse(text).success).toBe(false);
  });
});

describe('the app settings that systems name', () => {
  it('are listed once', () => {
    const { systems } = incidentSettings.parse({
      systems: { a: hook, b: { kind: 'webhook', urlFrom: 'HOOK_URL', secretsFrom: ['HOOK_SECRET', 'OLD'] } },
    });
    expect(settingsNamedBy(systems)).toEqual(['HOOK_SECRET', 'HOOK_URL', 'OLD']);
  });
});
