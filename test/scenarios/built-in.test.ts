// `npm start` with nothing chosen: the tour on real parts, everything else on virtual time. And a quarter of the other scenarios on real
// parts, another one each day, because all of them take too long for one run of the tests.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { builtInNames, fileOf, tour } from '../../local/scenarios/built-in.ts';
import { readScenario } from '../../local/scenarios/schema.ts';

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
    timeout: 1_500_000,
  }, async () => {
    const { code, stdout, stderr } = await play('--exit', '--port', await port());

    expect(stderr).toBe('');
    expect(stdout).not.toContain('NOT as expected');
    expect(stdout).toMatch(/^Expectations that failed +0$/m);
    expect(stdout).toMatch(/^pull-role-missing +[1-9]\d* +[1-9]\d* .* \d+m\d\ds$/m);
    expect(stdout.match(/: over, as expected$/gm)).toHaveLength(tour.length);
    expect(stdout).toContain(`Plays ${(await builtInNames()).length - tour.length} scenarios more on virtual time.`);
    expect(code).toBe(0);
  });
});

/** In so many runs every scenario was played on real parts. PULLMEDIC_ROTATION says which of them this is; without it, the day does. */
const rotations = 4;

/**
 * A replica becomes ready in the seconds between two requests, or the file counts retries that are due some seconds before or after an
 * event. Only a clock that stands still between events hits them each time.
 */
const onlyOnVirtualTime = new Set([
  'alert-id-forged',
  'grant-removed-then-new-image',
  'kill-switch-stops-retries',
  // Which of two suspicions is told first hangs on whether a row comes some seconds before or after the first look.
  'old-token-after-abac',
  'propagates-slowly',
  'pulling-while-looking',
  'ready-while-looking',
  'scaled-to-zero',
  'token-may-be-stale',
  'wakes-up-later',
  // Fifty apps at once take longer than the clock of real parts allows.
  'dns-link-missing-in-fifty-apps',
]);

function rotation(): number {
  const given = process.env['PULLMEDIC_ROTATION'];
  return given === undefined ? Math.floor(Date.now() / 86_400_000) % rotations : Number(given) % rotations;
}

/** A clock that runs sixty times as fast as real time needs three hours for a week. Milliseconds. */
const longestOnRealParts = 4 * 3_600_000;

async function isShort(name: string): Promise<boolean> {
  const { until } = await readScenario(fileOf(name));
  return until <= longestOnRealParts;
}

describe('npm start -- --real', () => {
  it(`plays scenarios beside the tour as their files expect: PULLMEDIC_ROTATION=${rotation()} plays the same ones`, {
    timeout: 3_000_000,
  }, async ({ skip }) => {
    const others = (await builtInNames()).filter((name) => !tour.some((one) => one === name));
    const inTurn = others.filter((_, index) => index % rotations === rotation());
    const short = await Promise.all(inTurn.map(isShort));
    const chosen = inTurn.filter((name, index) => !onlyOnVirtualTime.has(name) && short[index]);
    const names = chosen.flatMap((name) => ['--scenario', name]);
    const { code, stdout, stderr } = await play('--real', '--exit', '--port', await port(), ...names);

    expect(stderr).toBe('');
    skip(code === 3, 'This machine fell behind the clock: npm start says by how much.');
    expect(stdout).not.toContain('NOT as expected');
    expect(stdout.match(/: over, as expected$/gm)).toHaveLength(chosen.length);
    expect(code).toBe(0);
  });
});
