// Opens an address in the browser of the person at the terminal, with what the system has for that.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Opens the address. Resolves to false where there is no browser. */
export type Open = (address: string) => Promise<boolean>;

/** The program that opens an address, and its arguments before the address; `undefined` where no screen can show a browser. */
export function browserOf(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): readonly [string, ...string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open'] : undefined;
}

/** No shell reads the address. The browser goes on when the command has ended. */
export const openInBrowser: Open = async (address) => {
  const browser = browserOf(process.platform, process.env);
  if (browser === undefined) return false;
  const [program, ...args] = browser;
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  child.unref();
  return once(child, 'spawn').then(
    () => true,
    () => false,
  );
};
