// `pullmedic diagnose` against a simulation: the same facts, read-only, with an exit code for each kind of trouble.
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandingAzures, standingAzures } from './standing-azure.ts';

const app =
  '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-apps/providers/Microsoft.App/containerApps';
let azures: StandingAzures;

beforeAll(async () => {
  azures = await standingAzures(['role-removed-under-healthy-revision', 'firewall-says-not-found', 'tag-missing']);
});
afterAll(() => azures.stop());

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function diagnose(index: number, ...args: string[]): Promise<Ended> {
  const all = ['tools/pullmedic.cjs', 'diagnose', '--simulation', azures.address(index), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, (error, stdout, stderr) => {
      resolve({
        status: typeof error?.code === 'number' ? error.code : error === null ? 0 : Number.NaN,
        stdout,
        stderr,
      });
    });
  });
}

describe('pullmedic diagnose', () => {
  it('names the cause with what was read, and ends with the code of its family', async () => {
    const { status, stdout, stderr } = await diagnose(0, '--app', `${app}/ca-basket`);

    expect(status).toBe(10);
    expect(stdout).toContain('another person or system removed the pull role (confirmed)');
    expect(stdout).toContain('mallory@contoso.example');
    expect(stdout).toContain('az role assignment create');
    expect(stderr).toContain('✓ read the roles of its identity');
  });

  it('finds the app by its name, and by the id as a word', async () => {
    const byId = await diagnose(2, `${app}/ca-ship`);

    expect(byId.status).toBe(0);
    // What is read at the same time is said in the order in which it arrives.
    expect(await diagnose(2, 'ca-ship')).toMatchObject({ status: 0, stdout: byId.stdout });
    expect((await diagnose(2, 'ca-ship', '--subscription', '00000000-0000-0000-0000-000000000001')).stderr).toContain(
      'pullmedic: not found: ',
    );
  });

  it('says that an app which has recovered can pull', async () => {
    const { status, stdout } = await diagnose(2, '--app', `${app}/ca-ship`);

    expect(stdout).toContain('can be pulled');
    expect(status).toBe(0);
  });

  it('is a gate before a rollout: would this image pull?', async () => {
    const there = await diagnose(2, '--app', `${app}/ca-ship`, '--image', 'acrshop.azurecr.io/shop/ship:v1');
    expect(there.status).toBe(0);
    const missing = await diagnose(2, '--app', `${app}/ca-ship`, '--image', 'acrshop.azurecr.io/shop/ship:v9');
    expect(missing.status).toBe(12);
    expect(missing.stdout).toContain('latest tags of the repository are v3, v2, v1');
  });

  it('does not say that it pulls where it could not read whether the image exists', async () => {
    const { status, stdout } = await diagnose(1, '--app', `${app}/ca-images`, '--json');

    expect(status).toBe(16);
    expect(JSON.parse(stdout)).toMatchObject({
      images: [{ verdict: { kind: 'cannot-tell' }, unread: expect.arrayContaining(['manifest']) as unknown }],
    });
  });

  it.each([
    ['an id that is not there', ['--app', `${app}/ca-none`], 1],
    ['a name that no app has', ['ca-none'], 1],
    ['what is no name', ['ca ship'], 2],
    ['an unknown option', ['--app', `${app}/ca-ship`, '--fix'], 2],
  ])('%s ends with its own code and one sentence', async (_what, args, code) => {
    const { status, stderr } = await diagnose(2, ...args);

    expect(status).toBe(code);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
