// What a deployment lacks: told from the outside, with a forged sign-in, and from its own health.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkDeployment } from '../../src/cli/check-deployment.ts';
import { Declined } from '../../src/cli/declined.ts';
import type { Deployed } from '../../src/cli/deployed.ts';

const well = {
  well: true,
  callerSignIn: 'on-by-setting',
  dependencies: { tables: 'up', queues: 'up', signIn: 'up', logs: 'not-asked' },
  heartbeat: { state: 'beats' },
  sweep: { state: 'complete' },
};

function deployedSaying(health: unknown): Deployed {
  const get = (): Promise<unknown> => (health instanceof Error ? Promise.reject(health) : Promise.resolve(health));
  return { get, post: get, healthPath: 'health/signed' };
}

/** The app at a far address: requests to it are answered here. */
let answers: (headers: Headers) => number;
beforeEach(() => {
  answers = () => 401;
  vi.stubGlobal(
    'fetch',
    async (_: string, { headers }: { headers: Record<string, string> }) =>
      new Response('{}', { status: answers(new Headers(headers)) }),
  );
});
afterEach(() => vi.unstubAllGlobals());

const far = 'https://func.example';

async function found(health: unknown): Promise<Record<string, string>> {
  const checks = await checkDeployment(far, deployedSaying(health));
  return Object.fromEntries(checks.map((one) => [one.name, one.found]));
}

describe('a deployment', () => {
  it('in which nothing is missing passes every check', async () => {
    expect(Object.values(await found(well)).every((one) => one === 'good')).toBe(true);
  });

  it('that believes a forged sign-in is found out', async () => {
    answers = (headers) => (headers.has('x-ms-client-principal') ? 200 : 401);

    expect((await found(well))['a forged sign-in']).toBe('missing');
  });

  it.each<[string, object, string]>([
    ['the sign-in of callers', { callerSignIn: 'off' }, 'sign-in of callers'],
    ['a dependency', { dependencies: { tables: 'up', signIn: 'down' } }, 'storage, Azure, logs'],
    ['the timer', { heartbeat: { state: 'late' } }, 'the timer'],
    ['the right to see workloads', { sweep: { state: 'unreadable', why: 'forbidden' } }, 'the right to see workloads'],
    ['settings', { settings: ['PULLMEDIC_SCOPES is missing'] }, 'the settings'],
  ])('without %s lacks that and nothing else', async (_, change, name) => {
    const all = await found({ ...well, ...change });

    expect(Object.keys(all).filter((one) => all[one] !== 'good')).toEqual([name]);
    expect(all[name]).toBe('missing');
  });

  it('that refuses the caller lacks the sign-in, and the rest was not read', async () => {
    const all = await found(new Declined('The app refuses the caller (401).'));

    expect(all['your sign-in']).toBe('missing');
    expect([all['the timer'], all['the settings']]).toEqual(['unreadable', 'unreadable']);
  });

  it('without functions says so', async () => {
    answers = () => 404;

    expect((await found(well))['the app']).toBe('missing');
  });
});
