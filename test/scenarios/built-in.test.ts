import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { documentedCosts, exceeded, readCosts } from '../../tools/costs.ts';

const run = promisify(execFile);

async function play(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await run(process.execPath, ['local/main.ts', ...args], { maxBuffer: 10_000_000 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

let given = 0;

/** The histories take the ports after the first. Below the range from which the system gives ports to connections. */
async function port(): Promise<string> {
  given += 1;
  return String(20_000 + (process.pid % 100) * 100 + (given % 2) * 50);
}

describe('npm start -- --exit', () => {
  it('plays the examples of the documentation', { timeout: 240_000 }, async () => {
    const files = readdirSync('docs/examples').flatMap((file) => ['--scenario', `docs/examples/${file}`]);
    const { code, stdout } = await play('--exit', '--port', await port(), ...files);

    expect(files.length).toBeGreaterThan(2);
    expect(stdout).not.toContain('NOT as expected');
    expect(code).toBe(0);
  });

  it('plays every built-in scenario as its file expects, and no look takes more than the table of costs says', {
    timeout: 400_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pullmedic-'));
    const costs = join(folder, 'costs.json');
    const { code, stdout, stderr } = await play('--exit', '--port', await port(), '--costs', costs);

    expect(stderr).toBe('');
    expect(stdout).not.toContain('NOT as expected');
    expect(stdout).toMatch(/missing-acrpull-user-assigned .* pull-role-missing +confirmed +grant done/);
    expect(code).toBe(0);
    expect(exceeded(documentedCosts(readFileSync('docs/costs.md', 'utf8')), readCosts(costs))).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('finishes a remediation whose host was killed in the middle of a wait', { timeout: 120_000 }, async () => {
    const { code, stdout } = await play(
      '--exit',
      '--record',
      '--port',
      await port(),
      '--scenario',
      'local/scenarios/killed-while-waiting.yaml',
    );

    expect(stdout).toContain('as expected');
    expect(code).toBe(0);
  });

  it('ends with code 1 and says what was expected and seen when an expectation does not hold', {
    timeout: 120_000,
  }, async () => {
    const { code, stdout } = await play(
      '--exit',
      '--port',
      await port(),
      '--scenario',
      'test/scenarios/expects-too-much.yaml',
    );

    expect(stdout).toContain('expected recovered; seen withdrawn');
    expect(code).toBe(1);
  });

  it.each([
    ['an unknown option', ['--fast'], /--fast/],
    ['a bad number', ['--speed', 'quick'], /--speed takes a whole number/],
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
});
