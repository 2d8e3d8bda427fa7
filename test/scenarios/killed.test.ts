// The short form of `npm run faults -- --kills`: the deployed bundle gets SIGKILL at one of its requests and ends all the same.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);

/** Killed when the grant took effect and before its answer; and when something was about to be written. */
const kills = [
  {
    scenario: 'missing-acrpull-user-assigned',
    wire: 'azure',
    request: 1,
    like: '^PUT .*/roleassignments/',
    when: 'after',
    downSeconds: 30,
  },
  { scenario: 'person-approves', wire: 'storage', request: 14, when: 'before', downSeconds: 60 },
];

describe('a host that gets SIGKILL', () => {
  it.each(kills)('$when $wire request $request of $scenario', { timeout: 900_000 }, async (kill) => {
    const port = String(24_000 + (process.pid % 100) * 10);
    const { stdout } = await run(process.execPath, ['tools/faults.ts', '--kill', JSON.stringify(kill), '--port', port]);

    expect(stdout).toContain('as it should');
    expect(stdout).toMatch(/1 runs \(killed .* 0 violations/);
  });
});
