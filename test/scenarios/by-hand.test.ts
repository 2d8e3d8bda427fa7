// What docs/operations.md lets somebody try without Azure: the app goes on after its scenario, and a person answers it.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { demoPort, type KeptDemo, keepDemo } from './kept-demo.ts';

const port = await demoPort();
const url = `http://127.0.0.1:${port + 1}`;
const key = 'a-key-of-the-person-at-the-terminal';
let demo: KeptDemo;

beforeAll(async () => {
  demo = await keepDemo(port, ['--scenario', 'docs/examples/by-hand.yaml'], { PULLMEDIC_KEY: key });
});
afterAll(async () => {
  const ended = once(demo.process, 'exit');
  demo.process.kill('SIGINT');
  await ended;
});

function pullmedic(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/pullmedic.cjs', ...args, '--url', url], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
  return { status, stdout, stderr };
}

async function until(words: string, id: string): Promise<string> {
  return vi.waitUntil(
    () => {
      const { stdout } = pullmedic(['show', id]);
      return stdout.includes(words) ? stdout : undefined;
    },
    { timeout: 120_000, interval: 1000 },
  );
}

describe('an app that goes on after its scenario', { timeout: 1_800_000 }, () => {
  it('says where it is, and not its key', () => {
    expect(demo.said()).toContain(`by-hand goes on: --url ${url}`);
    expect(demo.said()).toContain('Their function key is your PULLMEDIC_KEY.');
    expect(demo.said()).not.toContain(key);
  });

  it.each([
    ['the function key', { PULLMEDIC_KEY: key }],
    ['the local sign-in', {}],
  ])('is well, as it says to %s', (_, env) => {
    expect(pullmedic(['health'], env)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Well\./) as unknown,
    });
  });

  it('does not answer another key', () => {
    expect(pullmedic(['health'], { PULLMEDIC_KEY: `${key}2` }).status).toBe(1);
  });

  it('withholds a grant under the kill switch, makes it after a yes to the question that is open then, and takes it back', async () => {
    const [id = ''] = /t[0-9a-f]{24}\.1/.exec(pullmedic(['history']).stdout) ?? [];
    const [app = ''] = /\/subscriptions\/\S+ca-forms/.exec(demo.said()) ?? [];

    expect(pullmedic(['kill-switch', 'on']).status).toBe(0);
    expect(pullmedic(['look', app]).status).toBe(0);
    const withheld = await until('withheld, because the kill switch is on', id);
    expect(withheld).toContain('Would grant AcrPull');
    expect(withheld).not.toContain('grant: done');

    const [, seen = ''] = /\(version ([0-9a-f]{12})\)/.exec(pullmedic(['health']).stdout) ?? [];
    expect(pullmedic(['kill-switch', 'off', '--seen', seen]).status).toBe(0);
    expect(pullmedic(['look', app]).status).toBe(0);
    expect(pullmedic(['approve', id, '--question', await openQuestion(id)]).status).toBe(0);
    await until('grant: done', id);
    // A restart would need a yes of its own; without one the platform's next try pulls the image.
    await until('Closed as recovered', id);

    expect(pullmedic(['undo', id]).status).toBe(0);
    await until('undo: the assignment is removed', id);
  });
});

/** The number of the question that is open. Without a terminal to say yes at, `approve` shows the question and answers nothing. */
async function openQuestion(id: string): Promise<string> {
  return vi.waitUntil(
    () => {
      const { status, stderr } = pullmedic(['approve', id]);
      return status === 1 ? /--question (\d+)/.exec(stderr)?.[1] : undefined;
    },
    { timeout: 120_000, interval: 1000 },
  );
}
