// The script of the sign-in, over an `az` that behaves as documented: new objects are not there at first, and nothing can be made twice.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Directory } from './fake-az.ts';

let folder: string;

async function program(name: string, script: string): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  // Without its types it starts in a third of the time, and a script calls it fifteen times.
  await writeFile(join(folder, 'az.mjs'), stripTypeScriptTypes(readFileSync('test/infra/fake-az.ts', 'utf8')));
  await program('az', `exec "${process.execPath}" "${join(folder, 'az.mjs')}" "$@"`);
  // azd writes what it is told to set; it is not asked for anything else.
  await program('azd', `[ "$1 $2" = "env set" ] && echo "$3=$4" >> "${join(folder, 'azd-env')}"`);
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function shell(command: string, args: readonly string[], env: Record<string, string> = {}): Ran {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      FAKE_AZ_STATE: join(folder, 'directory.json'),
      PULLMEDIC_RETRY_SECONDS: '0',
      ...env,
    },
  });
  return { status, out: stdout, err: stderr };
}

function signIn(args: readonly string[], env?: Record<string, string>): Ran {
  return shell('infra/sign-in.sh', args, env);
}

function directory(): Directory {
  return JSON.parse(readFileSync(join(folder, 'directory.json'), 'utf8')) as Directory;
}

/** The one that the script made. */
function registration(): Directory['apps'][number] {
  const [made] = directory().apps;
  if (made === undefined) throw new Error('There is no registration.');
  return made;
}

const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const actionGroup = '461e8683-5575-4561-ac7f-899cc907d62a';
const person = '77777777-7777-4777-8777-777777777777';

describe('register', () => {
  it('lets the Azure CLI ask for a token with the scope user_impersonation, without a consent', () => {
    expect(signIn(['register', 'pullmedic'])).toMatchObject({ status: 0 });
    const { api, identifierUris, appId, tokenVersion } = registration();
    const [scope] = api.oauth2PermissionScopes ?? [];

    expect(scope?.value).toBe('user_impersonation');
    expect(api.preAuthorizedApplications).toEqual([{ appId: azureCli, delegatedPermissionIds: [scope?.id] }]);
    expect(identifierUris).toEqual([`api://${appId}`]);
    expect(tokenVersion).toBe(2);
  });

  it('lets only those in who have a role, and gives Azure Monitor the role of alerts', () => {
    signIn(['register', 'pullmedic']);
    const { principals, apps } = directory();
    const own = principals.find((one) => one.appId === apps[0]?.appId);
    const monitor = principals.find((one) => one.appId === actionGroup);
    const alerts = apps[0]?.appRoles.find((role) => role.value === 'ActionGroupsSecureWebhook');

    expect(own?.assignmentRequired).toBe(true);
    expect(own?.assignedTo).toEqual([{ principalId: monitor?.id, resourceId: own?.id, appRoleId: alerts?.id }]);
  });

  it('prints the ids that the template asks for, and the same ones when it is repeated', () => {
    const first = signIn(['register', 'pullmedic']);
    const second = signIn(['register', 'pullmedic']);
    const { apps, principals } = directory();

    expect(first.out).toBe(
      `PULLMEDIC_SIGN_IN_CLIENT_ID=${apps[0]?.appId}\nPULLMEDIC_SIGN_IN_OBJECT_ID=${apps[0]?.id}\n`,
    );
    expect(second).toEqual({ status: 0, out: first.out, err: '' });
    expect([apps.length, principals.length]).toEqual([1, 2]);
  });

  it('waits for new objects, and for nothing else', () => {
    signIn(['register', 'pullmedic']);
    const shows = directory().asked.filter((one) => one.startsWith('ad app show'));
    expect(shows.length).toBe(3);

    const updates = (): number => directory().asked.filter((one) => one.startsWith('ad app update')).length;
    const before = updates();
    const refused = signIn(['register', 'other'], { FAKE_AZ_FAILS: 'ad app update' });
    expect(refused.status).not.toBe(0);
    expect(refused.err).toContain('Insufficient privileges');
    expect(refused.out).toBe('');
    expect(updates() - before).toBe(1);
  });

  it.each([
    ['2.67.1', 1],
    ['2.9.0', 1],
    ['2.68.0', 0],
    ['3.0.0', 0],
  ])('with az %s ends with %i, because an older one lacks an option', async (version, status) => {
    await writeFile(join(folder, 'directory.json'), JSON.stringify({ version }));
    const ran = signIn(['register', 'pullmedic']);

    expect(ran.status).toBe(status);
    expect(ran.err.includes('needs az 2.68.0 or later')).toBe(status === 1);
  });
});

describe('connect', () => {
  it('lets the app sign in by its identity, once, and sends people back to the app', () => {
    signIn(['register', 'pullmedic']);
    const args = ['connect', 'pullmedic', 'func.example', person];

    expect([signIn(args).status, signIn(args).status]).toEqual([0, 0]);
    expect(directory().apps[0]).toMatchObject({
      redirectUris: ['https://func.example/.auth/login/aad/callback'],
      credentials: [{ subject: person, name: 'pullmedic' }],
    });
  });

  it('says what comes first where nothing is registered', () => {
    expect(signIn(['connect', 'pullmedic', 'func.example', person])).toMatchObject({
      status: 1,
      err: expect.stringContaining('sign-in.sh register pullmedic') as string,
    });
  });
});

describe('owner', () => {
  it('makes one an owner, and may be repeated', () => {
    signIn(['register', 'pullmedic']);
    const args = ['owner', 'pullmedic', person];

    expect([signIn(args).status, signIn(args).status]).toEqual([0, 0]);
    expect(directory().apps[0]?.owners).toEqual([person]);
  });

  it('fails where that is refused', () => {
    signIn(['register', 'pullmedic']);

    expect(signIn(['owner', 'pullmedic', person], { FAKE_AZ_FAILS: 'owner add' }).status).toBe(1);
  });
});

describe('anything else', () => {
  it('shows how it is used, with the least version of az, and asks nothing', () => {
    const ran = signIn(['owner', 'pullmedic']);

    expect(ran.status).toBe(2);
    expect(ran.out).toContain('sign-in.sh owner NAME OBJECT_ID');
    expect(ran.out).toContain('az 2.68.0');
    expect(existsSync(join(folder, 'directory.json'))).toBe(false);
  });
});

describe('the hook of azd before a deployment', () => {
  const hooks = (parse(readFileSync('azure.yaml', 'utf8')) as { hooks: Record<string, { run: string }> }).hooks;
  const hook = (env?: Record<string, string>): Ran => shell('sh', ['-c', hooks['preprovision']?.run ?? ''], env);

  it('keeps the ids of the registration', () => {
    expect(hook()).toMatchObject({ status: 0 });
    const { appId, id } = registration();

    expect(readFileSync(join(folder, 'azd-env'), 'utf8')).toBe(
      `PULLMEDIC_SIGN_IN_CLIENT_ID=${appId}\nPULLMEDIC_SIGN_IN_OBJECT_ID=${id}\n`,
    );
  });

  it.each(['ad app create', 'appRoleAssignedTo --output none'])('fails where the registration fails: %s', (step) => {
    expect(hook({ FAKE_AZ_FAILS: step }).status).not.toBe(0);
    expect(existsSync(join(folder, 'azd-env'))).toBe(false);
  });

  it('fails where an id cannot be kept', async () => {
    await program('azd', 'exit 3');

    expect(hook().status).not.toBe(0);
  });
});
