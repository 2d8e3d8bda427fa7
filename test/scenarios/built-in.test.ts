// `npm start` with nothing chosen: the tour on real parts, everything else on virtual time.
import { execFile } from 'node:child_process';
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

let given = 0;

/** The histories take the ports after the first. Below the range from which the system gives ports to connections. */
async function port(): Promise<string> {
  given += 1;
  return String(20_000 + (process.pid % 100) * 100 + (given % 2) * 50);
}

describe('npm start -- --exit', () => {
  it('plays the tour on real parts and every other scenario on virtual time, as the files expect', {
    timeout: 240_000,
  }, async () => {
    const { code, stdout, stderr } = await play('--exit', '--port', await port());

    expect(stderr).toBe('');
    expect(stdout).not.toContain('NOT as expected');
    expect(stdout).toMatch(/missing-acrpull-user-assigned .* pull-role-missing +recovered /);
    expect(stdout.match(/ as expected$/gm)?.length).toBeGreaterThan(80);
    expect(code).toBe(0);
  });
});
