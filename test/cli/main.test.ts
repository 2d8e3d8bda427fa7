// The command line as a process: its output and exit code reach the shell, and it starts on the Node that came with the packages.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { version } from '../../src/cli/version.ts';

const env = { PATH: process.env['PATH'] };

function pullmedic(args: readonly string[], more = {}): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['tools/pullmedic.cjs', ...args], { encoding: 'utf8', env: { ...env, ...more } });
}

describe('pullmedic', () => {
  it('says its version', () => {
    expect(pullmedic(['--version'])).toMatchObject({ status: 0, stdout: `pullmedic ${version()}\n` });
  });

  it('finds a file beside the person who names it, where npm starts it in the root of the project', () => {
    const docs = new URL('../../docs', import.meta.url).pathname;
    const byNpm = { npm_lifecycle_event: 'pullmedic', INIT_CWD: docs };

    expect(pullmedic(['classify', 'classify.md'], byNpm).status).toBe(0);
    expect(pullmedic(['classify', 'classify.md']).stderr).toContain('no such file');
  });

  it('refuses in one sentence, on standard error', () => {
    const { status, stdout, stderr } = pullmedic(['clasify']);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^pullmedic: "clasify" is not a command\.[^\n]*\n$/);
  });

  it('does not fail where its reader closes the pipe early', async () => {
    const child = spawn(process.execPath, ['tools/pullmedic.cjs', 'help'], { env });
    child.stdout.destroy();
    const [code] = (await once(child, 'exit')) as [number | null];

    expect(code).toBe(0);
  });
});
