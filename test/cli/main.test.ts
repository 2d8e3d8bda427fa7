// The command line as a process: it finds the command, explains itself and refuses in one sentence.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { deployedCommands } from '../../src/cli/deployed-commands.ts';
import { version } from '../../src/cli/version.ts';

function pullmedic(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: process.env['PATH'] };
  return spawnSync(process.execPath, ['tools/pullmedic.cjs', ...args], { encoding: 'utf8', env });
}

describe('pullmedic', () => {
  it.each([
    ['without arguments', []],
    ['with --help', ['--help']],
    ['with help', ['help']],
  ])('%s lists every command on a line, in at most 30 lines', (_how, args) => {
    const { status, stdout } = pullmedic(args);

    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(30);
    for (const command of ['classify', 'diagnose', 'incident', 'report', 'route', ...deployedCommands])
      expect(stdout).toMatch(new RegExp(`^  ${command}  +\\S`, 'm'));
  });

  it.each([
    ['classify', 'pullmedic classify [FILE]'],
    ['diagnose', 'pullmedic diagnose --app ID'],
    ['kill-switch', 'pullmedic kill-switch on|off'],
    ['report', 'pullmedic report --since 30d'],
  ])('explains %s, by help COMMAND as by COMMAND --help', (command, words) => {
    const { status, stdout } = pullmedic(['help', command]);

    expect(status).toBe(0);
    expect(stdout).toContain(words);
    expect(stdout).toContain('xit codes');
    expect(stdout).toBe(pullmedic([command, '--help']).stdout);
  });

  it('says its version', () => {
    expect(pullmedic(['--version'])).toMatchObject({ status: 0, stdout: `pullmedic ${version()}\n` });
  });

  it('has no help for what is not a command', () => {
    const { status, stdout, stderr } = pullmedic(['help', 'clasify']);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^pullmedic: "clasify" is not a command\.[^\n]*\n$/);
  });

  it('refuses an unknown command in one sentence', () => {
    const { status, stdout, stderr } = pullmedic(['clasify']);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^pullmedic: "clasify" is not a command\.[^\n]*\n$/);
  });
});
