// `pullmedic diagnose` against a running simulation: the same facts, read-only, with an exit code for each kind of trouble.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeptDemo, keepDemo } from './kept-demo.ts';

const port = 20_000 + (process.pid % 100) * 100 + 80;
const app =
  '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-apps/providers/Microsoft.App/containerApps';
let simulation: KeptDemo;

beforeAll(async () => {
  const scenarios = ['role-removed-under-healthy-revision', 'firewall-says-not-found', 'tag-missing'];
  const files = scenarios.flatMap((name) => ['--scenario', `local/scenarios/${name}.yaml`]);
  simulation = await keepDemo(port, files);
});
afterAll(() => simulation.process.kill('SIGINT'));

function diagnose(index: number, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const all = ['diagnose', '--simulation', `http://127.0.0.1:${port}/simulations/${index}`, ...args];
  return spawnSync(process.execPath, ['tools/pullmedic.cjs', ...all], { encoding: 'utf8' });
}

describe('pullmedic diagnose', () => {
  it('names the cause with what was read, and ends with the code of its family', () => {
    const { status, stdout, stderr } = diagnose(0, '--app', `${app}/ca-basket`);

    expect(status).toBe(10);
    expect(stdout).toContain('another person or system removed the pull role (confirmed)');
    expect(stdout).toContain('mallory@contoso.example');
    expect(stdout).toContain('az role assignment create');
    expect(stderr).toContain('✓ read the roles of its identity');
  });

  it('says that an app which has recovered can pull', () => {
    const { status, stdout } = diagnose(2, '--app', `${app}/ca-ship`);

    expect(stdout).toContain('can be pulled');
    expect(status).toBe(0);
  });

  it('is a gate before a rollout: would this image pull?', () => {
    expect(diagnose(2, '--app', `${app}/ca-ship`, '--image', 'acrshop.azurecr.io/shop/ship:v1').status).toBe(0);
    const missing = diagnose(2, '--app', `${app}/ca-ship`, '--image', 'acrshop.azurecr.io/shop/ship:v9');
    expect(missing.status).toBe(12);
    expect(missing.stdout).toContain('latest tags are v3, v2, v1');
  });

  it('does not say that it pulls where it could not read whether the image exists', () => {
    const { status, stdout } = diagnose(1, '--app', `${app}/ca-images`, '--json');

    expect(status).toBe(16);
    expect(JSON.parse(stdout)).toMatchObject({
      images: [{ verdict: { kind: 'cannot-tell' }, unread: expect.arrayContaining(['manifest']) as unknown }],
    });
  });

  it.each([
    ['an app that is not there', ['--app', `${app}/ca-none`], 1],
    ['no resource id', ['--app', 'ca-ship'], 2],
    ['an unknown option', ['--app', `${app}/ca-ship`, '--fix'], 2],
  ])('%s ends with its own code and one sentence', (_what, args, code) => {
    const { status, stderr } = diagnose(2, ...args);

    expect(status).toBe(code);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
