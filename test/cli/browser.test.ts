// Which program opens a browser, and where there is none.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserOf, openInBrowser } from '../../src/cli/browser.ts';

afterEach(() => vi.unstubAllEnvs());

describe('a browser', () => {
  it.each([
    ['darwin', {}, 'open'],
    ['win32', {}, 'rundll32'],
    ['linux', { DISPLAY: ':0' }, 'xdg-open'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
    ['linux', { DISPLAY: '' }, undefined],
    ['linux', {}, undefined],
  ] as const)('on %s with %j is opened by %s', (platform, env, program) => {
    expect(browserOf(platform, env)?.[0]).toBe(program);
  });

  it.runIf(process.platform === 'linux')('that the system cannot start is none', async () => {
    vi.stubEnv('DISPLAY', ':0');
    vi.stubEnv('PATH', '/nowhere');

    expect(await openInBrowser('https://x.example/')).toBe(false);
    vi.stubEnv('DISPLAY', undefined);
    vi.stubEnv('WAYLAND_DISPLAY', undefined);
    expect(await openInBrowser('https://x.example/')).toBe(false);
  });
});
