// `npm start` as a process: what it answers and with which code it ends. Nothing here waits for a scaled clock.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);

async function play(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await run(process.execPath, ['local/main.ts', ...args], { maxBuffer: 10_000_000 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

describe('npm start', () => {
  it('plays a scenario by its name or its file, on virtual time', async () => {
    const { code, stdout } = await play('--scenario', 'tag-missing', '--scenario', 'docs/examples/by-hand.yaml');

    expect(stdout).toMatch(/tag-missing .* as expected/);
    expect(stdout).toMatch(/by-hand .* as expected/);
    expect(stdout).not.toContain('http://127.0.0.1');
    expect(code).toBe(0);
  });

  it('ends with code 1 and says what was expected and seen when an expectation does not hold', async () => {
    const { code, stdout } = await play('--scenario', 'test/scenarios/expects-too-much.yaml');

    expect(stdout).toContain('expected recovered; seen withdrawn');
    expect(code).toBe(1);
  });

  it.each([
    ['an unknown option', ['--fast'], /--fast/],
    ['a bad number', ['--speed', 'quick'], /--speed takes a whole number/],
    ['a name that is none', ['--scenario', 'tag-mising'], /tag-mising: .*no built-in scenario of this name/],
    ['a tour of chosen scenarios', ['--tour', '--scenario', 'tag-missing'], /--tour and --scenario do not go together/],
    ['a file that is not there', ['--scenario', 'nowhere.yaml'], /nowhere\.yaml: this file cannot be read/],
    [
      'a file with mistakes',
      ['--scenario', 'test/scenarios/mistakes.yaml'],
      /mistakes\.yaml:4: .*there is no vnet|mistakes\.yaml:\d+:/,
    ],
  ])('answers %s with one clear sentence', async (_, args, sentence) => {
    const { code, stderr } = await play(...args);

    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('    at ');
  });

  it('says every mistake in settings that pullmedic cannot use', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pullmedic-'));
    const file = join(folder, 'mistaken.yaml');
    const example = readFileSync('docs/examples/by-hand.yaml', 'utf8');
    writeFileSync(file, example.replace('stableMinutes: 3', 'stableMinutes: 0, nonsense: 1'));

    const { code, stderr } = await play('--exit', '--scenario', file);
    rmSync(folder, { recursive: true });

    expect(code).toBe(2);
    expect(stderr).toContain('stableMinutes');
    expect(stderr).toContain('nonsense');
  });
});
