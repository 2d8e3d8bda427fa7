// The profile: where it is, what it says, and that every mistake in it is named by its line.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseProfile, profilePath, readProfile } from '../../src/cli/profile.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { appAnswering, ran } from './ran.ts';

/** A folder of settings with this profile. */
function home(profile: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pullmedic-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'pullmedic'));
  writeFileSync(join(folder, 'pullmedic', 'profile'), profile);
  return folder;
}

describe('the place of the profile', () => {
  it.each([
    ['linux', { XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/x/pullmedic/profile'],
    ['linux', { XDG_CONFIG_HOME: 'x', HOME: '/h' }, '/h/.config/pullmedic/profile'],
    ['darwin', { HOME: '/h' }, '/h/.config/pullmedic/profile'],
    ['win32', { APPDATA: '/a', HOME: '/h' }, '/a/pullmedic/profile'],
    ['linux', {}, undefined],
    ['win32', {}, undefined],
  ] as const)('on %s with %j is %s', (platform, env, path) => {
    expect(profilePath(env, platform)).toBe(path);
  });
});

describe('a profile', () => {
  it('has an address and a way to sign in; comments and empty lines say nothing', () => {
    const text = '# mine\r\n\n url = https://func.example \nsign-in=token\n';

    expect(parseProfile(text, 'P')).toEqual({
      url: { text: 'https://func.example', at: 'P, line 3' },
      signIn: 'token',
    });
    expect(parseProfile('', 'P')).toEqual({ signIn: 'az' });
  });

  it.each([
    ['url https://x', 'P, line 1: a line is written as name = value.'],
    ['\nurll = https://x', 'P, line 2: this is no setting; there are url and sign-in.'],
    ['url =', 'P, line 1: url has no value.'],
    ['url = a\nurl = b', 'P, line 2: url stands there twice.'],
    ['sign-in = browser', 'P, line 1: sign-in takes az or token.'],
    ['token = hunter2-hunter2', 'P, line 1: a secret does not belong into this file'],
    ['a\nb', 'P, line 1: a line is written as name = value. P, line 2: a line'],
  ])('with %j is refused by its line, without what stands there', (text, sentence) => {
    expect(() => parseProfile(text, 'P')).toThrow(UsageError);
    expect(() => parseProfile(text, 'P')).toThrow(sentence);
    expect(() => parseProfile(text, 'P')).not.toThrow('hunter2');
  });

  it('that is not there says nothing, and one that cannot be read is no silence', () => {
    expect(readProfile({ HOME: '/nowhere' }, 'linux')).toEqual({ signIn: 'az' });
    const folder = home('');
    expect(() => readProfile({ XDG_CONFIG_HOME: folder, HOME: folder }, 'linux')).not.toThrow();
    rmSync(join(folder, 'pullmedic', 'profile'));
    mkdirSync(join(folder, 'pullmedic', 'profile'));
    expect(() => readProfile({ XDG_CONFIG_HOME: folder }, 'linux')).toThrow('cannot be read (EISDIR)');
  });
});

describe.skipIf(process.platform === 'win32')('a command', () => {
  const incidents = { incidents: [] };

  it('asks the app of the profile, unless the environment or the option names another', async () => {
    const [profile, environment, option] = [
      await appAnswering({ incidents }),
      await appAnswering({ incidents }),
      await appAnswering({ incidents }),
    ];
    const env = { XDG_CONFIG_HOME: home(`url = ${profile.url}\n`) };

    await ran(['incidents'], { env });
    await ran(['incidents'], { env: { ...env, PULLMEDIC_URL: environment.url } });
    await ran(['incidents', '--url', option.url], { env: { ...env, PULLMEDIC_URL: environment.url } });

    expect([profile, environment, option].map(({ asked }) => asked.length)).toEqual([1, 1, 1]);
  });

  it('names the line of the profile where the address there is not one', async () => {
    const env = { XDG_CONFIG_HOME: home('\nurl = http://func.example\n') };
    const { code, error } = await ran(['status'], { env });

    expect(code).toBe(2);
    expect(error).toContain('profile, line 2: url takes an https address');
  });

  it('asks no Azure CLI for a token where the profile says that a token is given', async () => {
    const env = { XDG_CONFIG_HOME: home('url = https://127.0.0.2:1\nsign-in = token\n') };

    expect((await ran(['status'], { env })).error).toContain('"sign-in = token", and PULLMEDIC_TOKEN is not set');
    expect((await ran(['status'], { env: { ...env, PULLMEDIC_TOKEN: 't' } })).error).toContain('does not answer');
  });
});
