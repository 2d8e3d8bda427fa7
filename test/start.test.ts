// The start: every mistake in the settings at once and without its value, or an app that can run.
import { describe, expect, it } from 'vitest';
import { startUp } from '../src/start.ts';

const settings = {
  PULLMEDIC_SCOPES: '["/subscriptions/5f0c1d2e-0000-4000-8000-000000000001"]',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};

describe('settings', () => {
  it('without mistakes make an app, and one line says whether callers are signed in', () => {
    const printed: string[] = [];
    const started = startUp(settings, (line) => printed.push(line));

    expect(started).toMatchObject({ ok: true, pullmedic: { config: { mode: 'observe' }, callers: { state: 'off' } } });
    expect(printed).toEqual(['{"event":"started","callerSignIn":"off"}']);
  });

  it('are reported with every mistake, of the settings and of storage, each printed once', () => {
    const printed: string[] = [];
    const started = startUp({ PULLMEDIC_MODE: 'auto' }, (line) => printed.push(line));

    expect(started).toMatchObject({
      ok: false,
      problems: [
        'PULLMEDIC_MODE must be observe, approve or act',
        'PULLMEDIC_SCOPES is missing',
        expect.stringMatching(/^AzureWebJobsStorage is missing: /) as string,
      ],
    });
    expect(printed.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      'bad-setting',
      'bad-setting',
      'bad-setting',
    ]);
  });

  it('name a cause that a route asks for and that does not exist, because such a route would never match', () => {
    const hook = { kind: 'webhook', url: 'https://hook.example', secretsFrom: ['HOOK'] };
    const routes = [
      { to: ['hook'] },
      { to: ['hook'], when: { cause: ['private-dns-unlinked', 'private-dns-unlinkd'] } },
    ];
    const incidents = { systems: { hook }, routes };
    const started = startUp(
      { ...settings, HOOK: 'whsec_x', PULLMEDIC_SETTINGS: JSON.stringify({ incidents }) },
      () => undefined,
    );

    expect(started).toMatchObject({
      ok: false,
      problems: ['PULLMEDIC_SETTINGS at incidents.routes.1.when.cause: private-dns-unlinkd is not a cause'],
    });
  });

  it('with a broken connection string never show it: it holds a key', () => {
    const printed: string[] = [];
    const broken = { ...settings, AzureWebJobsStorage: 'AccountName=x;AccountKey=c2VjcmV0' };
    const started = startUp(broken, (line) => printed.push(line));

    expect(started).toMatchObject({ ok: false, problems: ['AzureWebJobsStorage is not a connection string'] });
    expect(printed.join('')).not.toContain('c2VjcmV0');
  });

  it('ask for the address of blobs only where old histories are archived', () => {
    const { AzureWebJobsStorage: _, ...others } = settings;
    const uris = {
      AzureWebJobsStorage__tableServiceUri: 'https://t.example',
      AzureWebJobsStorage__queueServiceUri: 'https://q.example',
    };
    const on = { PULLMEDIC_SETTINGS: '{"history":{"archiveAfterDays":90}}' };
    const blobs = { AzureWebJobsStorage__blobServiceUri: 'https://b.example' };

    expect(startUp({ ...others, ...uris }, () => undefined).ok).toBe(true);
    expect(startUp({ ...others, ...uris, ...on, ...blobs }, () => undefined).ok).toBe(true);
    expect(startUp({ ...others, ...uris, ...on }, () => undefined)).toMatchObject({
      problems: [expect.stringContaining('set AzureWebJobsStorage__blobServiceUri') as string],
    });
  });

  it('say whether the platform signs callers in', () => {
    const started = (more: Record<string, string>): unknown => startUp({ ...settings, ...more }, () => undefined);
    const clientId = '0f0f0f0f-1111-4222-8333-444444444444';

    expect(started({ WEBSITE_AUTH_ENABLED: 'True' })).toMatchObject({ pullmedic: { callers: { state: 'on' } } });
    expect(started({ WEBSITE_AUTH_ENABLED: '1' })).toMatchObject({ pullmedic: { callers: { state: 'off' } } });
    expect(started({ PULLMEDIC_SIGN_IN: clientId })).toMatchObject({
      pullmedic: { callers: { state: 'on-by-setting', clientId } },
    });
    expect(started({ PULLMEDIC_SIGN_IN: 'yes' })).toMatchObject({
      ok: false,
      problems: ['PULLMEDIC_SIGN_IN must be the client id of the app registration, or empty'],
      callers: { state: 'off' },
    });
  });
});
