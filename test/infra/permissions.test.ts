// The roles allow what the code calls: no less, or it could not work, and no more, or it could do what nobody wrote.
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataOperations, operations } from './azure-operations.ts';
import { type Deployed, deploy, textOf, type Value } from './bicep.ts';
import { actionsOf, imageActionsOf } from './operations.ts';
import { type Asked, type Recording, record } from './recording.ts';

const subscription = '11111111-1111-4111-8111-111111111111';
const registry = `/subscriptions/${subscription}/resourceGroups/rg-images/providers/Microsoft.ContainerRegistry/registries/acrshop`;

interface Options {
  readonly mode: 'observe' | 'approve' | 'act';
  readonly newRevision: boolean;
  readonly startJobs: boolean;
  readonly restartGroups: boolean;
  readonly undo: boolean;
  readonly setAlertState: boolean;
  readonly readImages: boolean;
}

const options: Options[] = (['observe', 'approve', 'act'] as const).flatMap((mode) =>
  Array.from({ length: 64 }, (_, bits) => ({
    mode,
    newRevision: (bits & 1) !== 0,
    undo: (bits & 2) !== 0,
    setAlertState: (bits & 4) !== 0,
    readImages: (bits & 8) !== 0,
    startJobs: (bits & 16) !== 0,
    restartGroups: (bits & 32) !== 0,
  })),
);

function roles(chosen: Options, more: { [name: string]: Value } = {}): readonly Deployed[] {
  return deploy('infra/permissions.bicep', subscription, {
    name: 'pullmedic',
    principalId: 'the-identity',
    wholeSubscription: true,
    groups: [],
    registries: [registry],
    ...chosen,
    ...more,
  });
}

interface Assigned {
  readonly at: string;
  readonly actions: string[];
  readonly dataActions: string[];
  readonly condition: string | undefined;
}

interface RoleBody {
  roleDefinitionId: string;
  condition?: string;
  permissions: { actions: string[]; dataActions: string[]; notActions: string[]; notDataActions: string[] }[];
}

function propertiesOf(one: Deployed): RoleBody {
  return one.body['properties'] as unknown as RoleBody;
}

/** What the identity holds: each assignment with the lists of its role. */
function assigned(deployed: readonly Deployed[]): Assigned[] {
  const definitions = new Map(
    deployed.filter((one) => one.type.endsWith('/roleDefinitions')).map((one) => [one.id, propertiesOf(one)]),
  );
  return deployed
    .filter((one) => one.type.endsWith('/roleAssignments'))
    .map((one) => {
      const { roleDefinitionId, condition } = propertiesOf(one);
      const [permissions] = definitions.get(textOf(roleDefinitionId))?.permissions ?? [];
      if (permissions === undefined) throw new Error(`An assignment of a role that is not defined: ${one.id}`);
      return { at: one.at, actions: permissions.actions, dataActions: permissions.dataActions, condition };
    });
}

const sorted = (values: Iterable<string>): string[] =>
  [...new Set([...values].map((value) => value.toLowerCase()))].sort();

/** Which of the recorded requests the app makes with these options. A refusal of the rest comes from the mode or from the settings. */
function made(
  { asked }: Recording,
  { mode, readImages, undo, newRevision, startJobs, restartGroups, setAlertState }: Options,
): Asked[] {
  return asked.filter(({ method, path, host }) => {
    // The app asks workspaces only. An environment is asked for its logs by the command line, with the rights of its caller.
    if (path.startsWith('/v1/subscriptions/')) return false;
    // In observe an alert is not even read.
    if (/\/microsoft\.alertsmanagement\//i.test(path)) return setAlertState && mode !== 'observe';
    if (host.endsWith('.azurecr.io')) return readImages;
    if (method === 'PATCH') return newRevision && mode !== 'observe';
    if (/\/jobs\/[^/]+\/start$/i.test(path)) return startJobs && mode !== 'observe';
    if (/\/containerGroups\/[^/]+\/restart$/i.test(path)) return restartGroups && mode !== 'observe';
    if (method === 'DELETE') return undo && mode !== 'observe';
    const reads = method === 'GET' || host === 'api.loganalytics.io' || path.endsWith('/resources');
    return reads || mode !== 'observe';
  });
}

let recording: Recording;

beforeAll(async () => {
  recording = await record();
});

describe('the recording', () => {
  it('holds every request: all facts were read, and all actions were done', () => {
    expect(recording.said.unread).toEqual([]);
    expect(recording.said.did).toEqual([
      expect.objectContaining({ outcome: 'done' }),
      expect.objectContaining({ value: expect.objectContaining({ kind: 'ours' }) as unknown }),
      expect.objectContaining({ outcome: 'removed' }),
      expect.objectContaining({ outcome: 'done' }),
      expect.objectContaining({ outcome: 'done' }),
      expect.objectContaining({ because: 'accepted' }),
      { outcome: 'done' },
      expect.objectContaining({ value: expect.objectContaining({ state: 'New' }) as unknown }),
      { outcome: 'done' },
    ]);
  });

  it('comes from every file that can send one', async () => {
    const files = (await readdir('src', { recursive: true }))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `src/${name}`);
    const senders = files.filter((file) => /from '(?:\.|.*\/clients)\/clients\.ts'/.test(readFileSync(file, 'utf8')));
    // Wiring hands the clients over (that of the terminal with the caller's own sign-in), health only gets a token, and the command line asks with the rights of its caller.
    const asks = [...readFileSync('src/lib/azure/store/upkeep.ts', 'utf8').matchAll(/clients\.(\w+)/g)].map(
      ([, name]) => name ?? '',
    );
    expect([...new Set(asks.filter((name) => name !== 'ts'))].sort()).toEqual(['lastLogsAnswer', 'signIn']);
    const wiring = [
      'src/start.ts',
      'src/lib/azure/clients/callers-sign-in.ts',
      'src/lib/azure/ports.ts',
      'src/lib/azure/store/upkeep.ts',
      ...senders.filter((file) => file.startsWith('src/cli/')),
    ];

    expect(senders.filter((file) => !wiring.includes(file) && !recording.notRun.has(file))).toEqual([]);
    expect(senders.filter((file) => recording.notRun.has(file)).length).toBeGreaterThan(6);
  });

  it('leaves no line out that touches a client', () => {
    const left = [...recording.notRun].filter(([file]) => file !== 'src/lib/azure/clients/clients.ts');
    // What is remembered of a client is no request.
    const touches = left.flatMap(([file, text]) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          /\b(?:clients|api|session|abort)\b/.test(
            line.replace(/\b(?:configured\.set|foundBy|knowRegistries|older\.(?:has|add))\(clients\b/, ''),
          )
            ? [`${file}:${index + 1}`]
            : [],
        ),
    );

    expect(touches).toEqual([]);
  });

  it('is made by the only files that make clients of Azure', async () => {
    const files = (await readdir('src', { recursive: true }))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `src/${name}`);
    const makes = files.filter((file) =>
      /new \w+(?:Client|Credential)\b\(|\bfetch\(|from 'node:https?'/.test(readFileSync(file, 'utf8')),
    );

    // The command line checks a name with the rights of its caller, and `outside.ts` and `topic.ts` reach incident systems.
    expect(makes.filter((file) => !file.startsWith('src/cli/')).sort()).toEqual([
      'src/lib/azure/clients/callers-sign-in.ts',
      'src/lib/azure/clients/credential.ts',
      'src/lib/azure/clients/outside.ts',
      'src/lib/azure/clients/sdk-clients.ts',
      'src/lib/azure/clients/topic.ts',
      'src/lib/azure/store/storage-connection.ts',
    ]);
  });
});

describe('the roles', () => {
  it.each(options)('allow exactly what is called: %o', (chosen) => {
    const allowed = assigned(roles(chosen));
    const requests = made(recording, chosen);
    const images = requests.map(imageActionsOf);
    const needed = [...requests.flatMap(actionsOf), ...images.flatMap((one) => one.actions)];

    expect(sorted(allowed.flatMap((one) => one.actions))).toEqual(sorted(needed));
    expect(sorted(allowed.flatMap((one) => one.dataActions))).toEqual(sorted(images.flatMap((one) => one.dataActions)));
  });

  it('name only operations that Azure publishes, because it refuses a role with any other', () => {
    const all = options.flatMap((chosen) => assigned(roles(chosen)));
    const unknown = (actions: readonly string[], published: ReadonlySet<string>): string[] =>
      actions.filter((action) => !published.has(action.toLowerCase()));

    expect(
      unknown(
        all.flatMap((one) => one.actions),
        operations,
      ),
    ).toEqual([]);
    expect(
      unknown(
        all.flatMap((one) => one.dataActions),
        dataOperations,
      ),
    ).toEqual([]);
    // Near misses: a table that has no operation of its own, and a data operation among the others.
    expect(
      unknown(
        [
          'Microsoft.Insights/logs/ContainerAppSystemLogs/read',
          'Microsoft.ContainerRegistry/registries/repositories/content/read',
        ],
        operations,
      ),
    ).toHaveLength(2);
  });

  it('name each operation: no wildcard, and nothing that shows a secret', () => {
    const all = options.flatMap((chosen) =>
      assigned(roles(chosen)).flatMap((one) => [...one.actions, ...one.dataActions]),
    );

    // A federated credential holds no secret: an issuer, a subject and an audience that the identity trusts.
    const trust = 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read';
    // A credential set names secrets of a Key Vault and holds none (REST specification of registries/credentialSets).
    const named = 'Microsoft.ContainerRegistry/registries/credentialSets/read';
    // A list of what a job ran. It opens no shell.
    const ran = 'Microsoft.App/jobs/executions/read';

    expect(
      all.filter(
        (action) =>
          action !== trust &&
          action !== named &&
          action !== ran &&
          /\*|list(?:Keys|Secrets|Credentials)|credential|exec|logstream|authtoken/i.test(action),
      ),
    ).toEqual([]);
  });

  it('change nothing in observe mode, whatever the options', () => {
    const held = options
      .filter((chosen) => chosen.mode === 'observe')
      .flatMap((chosen) => assigned(roles(chosen)).flatMap((one) => one.actions));

    expect(held.filter((action) => !action.endsWith('/read'))).toEqual([]);
  });

  it('let grant only on a registry that is opted in, and only under a condition', () => {
    const grants = options
      .flatMap((chosen) => assigned(roles(chosen)))
      .filter((one) => one.actions.some((action) => /roleAssignments\/(?:write|delete)$/.test(action)));

    expect(grants.length).toBeGreaterThan(0);
    expect(grants.filter((one) => one.at !== registry || one.condition === undefined)).toEqual([]);
    expect(
      assigned(roles({ ...act, undo: true }, { registries: [] }))
        .flatMap((one) => one.actions)
        .filter((action) => /roleAssignments\/(?:write|delete)$/.test(action)),
    ).toEqual([]);
  });

  it('touch alerts only where their state is set, and then no more than to read one and to set it', () => {
    const held = (chosen: Options): string[] =>
      assigned(roles(chosen))
        .flatMap((one) => one.actions)
        .filter((action) => /alertsmanagement/i.test(action));

    expect(held(act)).toEqual([]);
    expect(held({ ...act, setAlertState: true }).toSorted()).toEqual([
      'Microsoft.AlertsManagement/alerts/changestate/action',
      'Microsoft.AlertsManagement/alerts/read',
    ]);
  });

  it('let restart only in the resource groups that are looked after', () => {
    const at = assigned(roles(act, { wholeSubscription: false, groups: ['rg-shop', 'rg-bar'] }))
      .filter((one) => one.actions.some((action) => action.endsWith('restart/action')))
      .map((one) => one.at);

    expect(at).toEqual(['rg-shop', 'rg-bar'].map((group) => `/subscriptions/${subscription}/resourceGroups/${group}`));
  });
});

const act: Options = {
  mode: 'act',
  newRevision: false,
  startJobs: false,
  restartGroups: false,
  undo: false,
  setAlertState: false,
  readImages: false,
};

describe('the condition', () => {
  const pull = '7f951dda-4ed3-4680-a7ca-43fe172d538d, b93aa761-3e63-49ed-ac28-beffa264f7ac';
  const half = (verb: string, from: string): string =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${verb}'})) OR (${from}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${pull}} AND ${from}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`;
  const conditionOf = (undo: boolean): string | undefined =>
    assigned(roles({ ...act, undo })).find((one) => one.condition !== undefined)?.condition;

  it('allows the two pull roles for service principals, and nothing else', () => {
    expect(conditionOf(false)).toBe(half('write', '@Request'));
  });

  it('limits what may be removed in the same way, where something may be', () => {
    expect(conditionOf(true)).toBe(`${half('write', '@Request')} AND ${half('delete', '@Resource')}`);
  });

  it('would let pass what the code really sends', () => {
    const put = recording.asked.find((one) => one.method === 'PUT' && /roleAssignments/i.test(one.path));
    const sent = JSON.parse(put?.body ?? '{}') as { properties: { roleDefinitionId: string; principalType: string } };

    expect(pull.split(', ')).toContain(sent.properties.roleDefinitionId.split('/').at(-1));
    expect(sent.properties.principalType).toBe('ServicePrincipal');
  });
});
