// The settings in force: every one of them, where it comes from, and never a secret.
import { describe, expect, it } from 'vitest';
import { type Setting, settingsInForce } from '../../../src/lib/console/settings-in-force.ts';
import { parseConfig } from '../../../src/lib/settings/config.ts';
import { appId, registryId } from '../facts.ts';

const incidents = {
  systems: {
    team: { kind: 'slack', channel: 'C0123ABCD', tokenFrom: 'SLACK_TOKEN' },
    hook: { kind: 'webhook', url: 'https://hooks.example/a?key=k-e-y', secretsFrom: ['HOOK_NEW', 'HOOK_OLD'] },
    desk: {
      kind: 'servicenow',
      url: 'https://desk.example',
      user: 'bot',
      passwordFrom: 'DESK',
      fields: { caller_id: 'c-a-l-l-e-r' },
    },
  },
  routes: [
    { to: ['team'], when: { owner: ['app team'] } },
    { to: ['hook', 'desk'] },
    { to: [], when: { severity: ['low'] } },
  ],
};
const env = {
  PULLMEDIC_MODE: 'act',
  PULLMEDIC_SCOPES: JSON.stringify([appId]),
  PULLMEDIC_REGISTRIES: JSON.stringify([{ id: registryId, consumers: [] }]),
  PULLMEDIC_SETTINGS: JSON.stringify({ limits: { grantsPerHour: 4, restartsPerTargetPerDay: 2 }, undo: true }),
};

function all(more: Readonly<Record<string, string>> = {}): readonly Setting[] {
  return settingsInForce(parseConfig({ ...env, ...more }), { state: 'on' }).flatMap(({ settings }) => settings);
}

function of(name: string, settings = all()): Setting | undefined {
  return settings.find((one) => one.name === name);
}

describe('a setting in force', () => {
  it.each([
    ['mode', 'act', 'PULLMEDIC_MODE'],
    ['cloud', 'public', 'default'],
    ['scopes', appId, 'PULLMEDIC_SCOPES'],
    ['limits.grantsPerHour', '4', 'PULLMEDIC_SETTINGS'],
    ['limits.maxApps', '5', 'default'],
    // By the name that earlier versions had.
    ['limits.restartsPerRevisionPerDay', '2', 'PULLMEDIC_SETTINGS'],
    ['undo', 'true', 'PULLMEDIC_SETTINGS'],
    ['alsoRead', 'none', 'default'],
    ['sign-in of callers', 'on', 'platform'],
    [registryId, 'nobody may be granted', 'PULLMEDIC_REGISTRIES'],
    ['incidents.page', 'none', 'default'],
  ])('says its value and where it comes from: %s', (name, value, from) => {
    expect(of(name)).toEqual({ name, value, from });
  });

  it('stands in the list, whichever group it belongs to', () => {
    const { settings } = parseConfig(env);
    const names = Object.entries(settings)
      .filter(([group]) => group !== 'incidents')
      .flatMap(([group, value]: [string, unknown]) =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.keys(value).map((name) => `${group}.${name}`)
          : [group],
      );

    expect(names.length).toBeGreaterThan(15);
    expect(all().map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  it('that the platform gives says so', () => {
    const page = of('incidents.page', all({ WEBSITE_HOSTNAME: 'fa.example' }));

    expect(page).toEqual({ name: 'incidents.page', value: 'https://fa.example', from: 'platform' });
  });
});

describe('the incident systems', () => {
  const secrets = { SLACK_TOKEN: 's-l-a-c-k', HOOK_NEW: 'n-e-w', HOOK_OLD: 'o-l-d', DESK: 'd-e-s-k' };
  const settings = all({ ...secrets, PULLMEDIC_SETTINGS: JSON.stringify({ incidents }) });

  it('are shown with the app settings that hold their secrets, and no secret is', () => {
    expect(of('incidents.systems.team', settings)?.value).toBe(
      'slack; url: https://slack.com; channel: C0123ABCD; tokenFrom: the app setting SLACK_TOKEN, whose value is never shown',
    );
    expect(of('incidents.systems.hook', settings)?.value).toContain('HOOK_NEW and HOOK_OLD');
    const text = JSON.stringify(settings);
    for (const secret of [...Object.values(secrets), 'k-e-y', 'c-a-l-l-e-r']) expect(text).not.toContain(secret);
  });

  it('are told by their routes, in words', () => {
    expect([1, 2, 3].map((number) => of(`incidents.routes ${number}`, settings)?.value)).toEqual([
      'owner app team: to team',
      'every incident: to hook, desk',
      'severity low: to nobody',
    ]);
  });
});
