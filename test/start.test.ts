// The start: every mistake in the settings at once and without its value, or an app that can run.
import { describe, expect, it } from 'vitest';
import { startUp } from '../src/start.ts';

const settings = {
  PULLMEDIC_SCOPES: '["/subscriptions/5f0c1d2e-0000-4000-8000-000000000001"]',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};

describe('settings', () => {
  it('without mistakes make an app, and nothing is printed', () => {
    const printed: string[] = [];
    const started = startUp(settings, (line) => printed.push(line));

    expect(started).toMatchObject({ ok: true, pullmedic: { config: { mode: 'observe' }, signInByPlatform: false } });
    expect(printed).toEqual([]);
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

  it('with a broken connection string never show it: it holds a key', () => {
    const printed: string[] = [];
    const broken = { ...settings, AzureWebJobsStorage: 'AccountName=x;AccountKey=c2VjcmV0' };
    const started = startUp(broken, (line) => printed.push(line));

    expect(started).toMatchObject({ ok: false, problems: ['AzureWebJobsStorage is not a connection string'] });
    expect(printed.join('')).not.toContain('c2VjcmV0');
  });

  it('say whether the platform signs callers in', () => {
    const signedIn = (value: string): unknown => startUp({ ...settings, WEBSITE_AUTH_ENABLED: value }, () => undefined);

    expect(signedIn('True')).toMatchObject({ pullmedic: { signInByPlatform: true } });
    expect(signedIn('1')).toMatchObject({ pullmedic: { signInByPlatform: false } });
  });
});
