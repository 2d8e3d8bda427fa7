// The command line as a process: it finds the command, explains itself and refuses in one sentence.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

function pullmedic(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: process.env['PATH'] };
  return spawnSync(process.execPath, ['tools/pullmedic.cjs', ...args], { encoding: 'utf8', env });
}

describe('pullmedic', () => {
  it('explains every command', () => {
    const { status, stdout } = pullmedic(['--help']);

    expect(status).toBe(0);
    for (const command of ['classify [FILE]', 'diagnose --app ID', 'replay --url URL', 'kill-switch on|off'])
      expect(stdout).toContain(`pullmedic ${command}`);
  });

  it('explains one command', () => {
    expect(pullmedic(['classify', '-h']).stdout).toContain('Exit codes');
  });

  it('refuses an unknown command in one sentence', () => {
    const { status, stdout, stderr } = pullmedic(['clasify']);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^pullmedic: "clasify" is not a command\.[^\n]*\n$/);
  });
});
