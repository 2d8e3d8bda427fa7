// The command line against the deployed bundle: real storage, the embedded host, a process for each command.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort, type Storage, startStorage } from '../../local/storage.ts';
import type { Clients } from '../../src/lib/azure/clients/clients.ts';
import { indexOf } from '../../src/lib/azure/store/index-rows.ts';
import { connectQueues, type Queues } from '../../src/lib/azure/store/queue.ts';
import { storageConnection } from '../../src/lib/azure/store/storage-connection.ts';
import { connectTables, createTables, ledger, type Tables } from '../../src/lib/azure/store/store.ts';
import { azureUpkeep } from '../../src/lib/azure/store/upkeep.ts';
import { parseQuery } from '../../src/lib/console/query.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { IndexRow } from '../../src/lib/history/index-row.ts';
import type { Upkeep } from '../../src/lib/ports/upkeep.ts';
import { readStep, type Step } from '../../src/lib/signals/step.ts';
import { remediationIdOf } from '../../src/lib/words/target.ts';
import { acrPull, appId, nowMs, principal, registryId, signal, target, targetId } from '../lib/facts.ts';
import { deadStep } from '../lib/memory-upkeep.ts';
import { countOf, keys, patience, put, queueOf } from '../local/host/harness.ts';

let storage: Storage;
let connection: string;
let host: ChildProcess;
let url: string;
let upkeep: Upkeep;
let tables: Tables;
let queues: Queues;
let said = '';

/** The steps stay in their queue, where the tests count them; only signals that cannot be read are handled. */
const withoutWork = { 'AzureWebJobs.on-step.Disabled': 'true', 'AzureWebJobs.on-poison.Disabled': 'true' };

async function startHost(): Promise<void> {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    PULLMEDIC_PORT: String(port),
    PULLMEDIC_HOST_KEYS: JSON.stringify(keys),
    PULLMEDIC_SCOPES: '["/subscriptions/5f0c1d2e-0000-4000-8000-000000000001"]',
    AzureWebJobsStorage: connection,
    // Nothing of this leaves the machine: there is no proxy at this address.
    HTTPS_PROXY: 'http://127.0.0.1:9',
    NO_PROXY: '127.0.0.1,localhost',
    NODE_USE_ENV_PROXY: '1',
    ...withoutWork,
  };
  const started = spawn(process.execPath, ['local/host/main.ts'], { env });
  host = started;
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  await vi.waitUntil(() => /^\{"ready"/m.test(said), patience);
}

beforeAll(async () => {
  storage = await startStorage(['cli']);
  connection = storage.connection('cli');
  const account = storageConnection({ S: connection }, 'S');
  tables = connectTables(account);
  queues = connectQueues(account);
  await Promise.all([createTables(tables), queues.create()]);
  upkeep = azureUpkeep({ clients: {} as Clients, tables, queues });
  await startHost();
});
afterAll(async () => {
  const exit = host.exitCode === null ? once(host, 'exit') : undefined;
  host.kill('SIGKILL');
  await exit;
  await storage.stop();
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

async function pullmedic(args: readonly string[], input = '', env: Record<string, string> = {}): Promise<Ran> {
  const all = [...args, '--url', url];
  const child = spawn(process.execPath, ['tools/pullmedic.cjs', ...all], {
    env: { PATH: process.env['PATH'], PULLMEDIC_KEY: keys.function, ...env },
  });
  child.stdin.end(input);
  const exit = once(child, 'exit');
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await exit) as [number | null];
  return { code, out, error };
}

async function sentSteps(): Promise<(Step | undefined)[]> {
  const { peekedMessageItems } = await queueOf(connection, 'pullmedic-steps').peekMessages({ numberOfMessages: 32 });
  return peekedMessageItems.map(({ messageText }) =>
    readStep(JSON.parse(Buffer.from(messageText, 'base64').toString())),
  );
}

describe('pullmedic replay', () => {
  it('sends every dead letter again, and says which it cannot', async () => {
    await upkeep.letters.put(deadStep);
    await put(connection, 'pullmedic-signals', '<script>alert(1)</script>');
    await vi.waitUntil(async () => (await upkeep.letters.all()).length === 2, patience);

    const { code, out, error } = await pullmedic(['replay', '--all']);

    expect(out).toContain(`Sent again: ${deadStep.id}`);
    expect(error).toContain('1 of 2 were not sent');
    expect(error).toContain('This message cannot be read');
    expect(code).toBe(1);
    const [step] = (await sentSteps()).filter((one) => one?.targetId === targetId);
    expect(step).toMatchObject({ seq: 1, wake: true });
  });

  it('asks for health with the wrong key, and says what is needed', async () => {
    const { code, error } = await pullmedic(['health'], '', { PULLMEDIC_KEY: 'not-the-key-of-this-app' });

    expect(code).toBe(1);
    expect(error).toContain('signed in with "az login"');
  });

  it('never says the key', async () => {
    const wrong = await pullmedic(['replay', '--id', `d${'0'.repeat(24)}`]);

    expect(wrong).toMatchObject({
      code: 1,
      error: expect.stringContaining('There is no dead letter of this id.') as string,
    });
    expect(wrong.out + wrong.error + said).not.toContain(keys.function);
  });

  it('sends events of a dead-letter file, from standard input', async () => {
    const event = JSON.parse(
      readFileSync('test/fixtures/signals/resourcewritefailure-containerapp.cloudevents.derived.json', 'utf8'),
    ) as object;
    const file = JSON.stringify([{ ...event, deadLetterReason: 'MaxDeliveryAttemptsExceeded' }]);

    expect(await pullmedic(['replay', '-'], file)).toMatchObject({
      code: 0,
      out: 'Items sent: 1. Signals that pullmedic made from them: 1.\n',
    });
  });

  it('sends an alert from a file', async () => {
    expect(await pullmedic(['replay', 'test/fixtures/signals/log-alert-v2-fired.doc.json'])).toMatchObject({ code: 0 });
  });

  it('refuses what is neither, and more than one thing', async () => {
    expect((await pullmedic(['replay', '-'], '{}')).code).toBe(2);
    expect((await pullmedic(['replay', '--all', '-'])).code).toBe(2);
  });
});

describe('people and their answers', () => {
  const remediation = remediationIdOf(targetId, 1);
  const grant = { registryId, principalId: principal, roleId: acrPull };

  beforeAll(async () => {
    const entries: Entry[] = [
      { kind: 'opened', target, signal, mode: 'act' },
      {
        kind: 'decided',
        decision: {
          do: 'ask',
          grant,
          cause: 'pull-role-removed',
          because: 'needs-approval',
          expiresAtMs: Date.now() + 3_600_000,
        },
        dueAtMs: Date.now() + 3_600_000,
        refusals: [{ guard: 'role-removed', why: 'taken-away' }],
      },
      { kind: 'outcome', action: 'grant', outcome: 'done', undo: 'x' },
    ];
    const history = ledger<Entry>(tables.history, ['opened', 'decided', 'outcome'], () => nowMs);
    for (const [index, entry] of entries.entries()) await history.append(targetId, index, entry);
    const row: IndexRow = {
      remediation,
      targetId,
      appId,
      closed: false,
      needsPerson: true,
      asks: true,
      asleep: false,
      dueAtMs: Date.now() + 3_600_000,
      seq: 3,
      updatedAtMs: nowMs,
    };
    await indexOf(tables.index).put(row);
  });

  it('history and show print what the signed-in reader may see', async () => {
    const all = await pullmedic(['history']);
    expect(all).toMatchObject({ code: 0 });
    expect(all.out).toContain(`${remediation}  needs-approval  ca-orders`);

    const one = await pullmedic(['show', remediation]);
    expect(one.out).toContain('Asks for approval to grant AcrPull');
    expect(one.out).toContain('withheld, because another person or system removed this role');
    expect((await pullmedic(['show', remediation.slice(0, 9)])).out).toBe(one.out);
    expect((await pullmedic(['show', remediation, '--json'])).out).toContain('"kind": "opened"');
    expect(await pullmedic(['open', remediation.slice(0, 9), '--print'])).toMatchObject({
      code: 0,
      out: `${url}/api/history/${remediation}\n`,
    });
  });

  it('status says that a person is asked, and history finds it by the terms of the page', async () => {
    const status = await pullmedic(['status']);
    expect(status).toMatchObject({ code: 0 });
    expect(status.out).toContain('Problems for a person: 1; questions: 1;');
    expect(status.out).toContain(`${remediation}  needs-approval  ca-orders`);

    const found = await pullmedic(['history', 'needs:person']);
    expect(found).toMatchObject({ code: 0 });
    expect(found.out).toContain(`${remediation}  needs-approval  ca-orders`);
    for (const end of [[], ['--watch']])
      expect(await pullmedic(['history', 'app:payments', ...end])).toMatchObject({
        code: 0,
        out: 'Nothing was found.\n',
      });
  });

  it('history refuses a bad term with the sentence of the page, and prints no row', async () => {
    const [sentence = ''] = parseQuery('state:broken', nowMs).problems;
    const { code, out, error } = await pullmedic(['history', 'app:ca', 'state:broken']);

    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(sentence);
  });

  it('incidents says that none is open, and takes no words', async () => {
    expect(await pullmedic(['incidents'])).toMatchObject({ code: 0, out: 'No incident is open.\n' });
    expect(await pullmedic(['incidents', 'open'])).toMatchObject({ code: 2 });
  });

  it('approve answers once', async () => {
    const before = await countOf(connection, 'pullmedic-steps');

    const shown = await pullmedic(['approve', 'ca-orders']);
    expect(await pullmedic(['approve', 'ca-orders', '--question', '1'])).toMatchObject({ code: 2 });
    expect(shown).toMatchObject({ code: 1, out: expect.stringContaining('may pullmedic grant AcrPull') as string });
    const [, question = ''] = /--question (\d+)/.exec(shown.error) ?? [];
    expect(await pullmedic(['approve', remediation, '--question', question])).toMatchObject({ code: 0 });
    expect((await pullmedic(['reject', remediation])).error).toContain('pullmedic asks nothing here now');
    expect(await countOf(connection, 'pullmedic-steps')).toBe(before + 1);
    expect((await pullmedic(['show', remediation])).out).toContain('The grant was approved by local operator (');
  });

  it('undo says that it is off', async () => {
    const { code, error } = await pullmedic(['undo', remediation.slice(0, 9)]);

    expect(code).toBe(1);
    expect(error).toContain('Set "undo": true');
  });
});

describe('history', () => {
  it('goes on with the next page where the one before ends', async () => {
    const index = indexOf(tables.index);
    for (let at = 0; at < 51; at += 1) {
      const id = remediationIdOf(targetId, 100 + at);
      const row = { remediation: id, targetId, appId, needsPerson: false, asleep: false, dueAtMs: nowMs, seq: 3 };
      await index.put({ ...row, closed: true, openedAtMs: nowMs, closedAtMs: nowMs + at, updatedAtMs: nowMs + at });
    }
    const first = await pullmedic(['history', 'state:closed']);
    const [, after = ''] = /--after (\S+)$/m.exec(first.out) ?? [];
    const second = await pullmedic(['history', 'state:closed', '--after', after.replaceAll("'", '')]);
    const idsIn = (text: string): string[] => text.match(/t[0-9a-f]{24}\.\d+/g) ?? [];

    expect(idsIn(first.out)).toHaveLength(50);
    expect(idsIn(second.out)).toEqual([remediationIdOf(targetId, 100)]);
    expect(second.out).not.toContain('--after');
  });
});

describe('the kill switch', () => {
  it('is turned on and off, and health says who did', async () => {
    expect((await pullmedic(['kill-switch', 'on'])).out).toContain('on: nothing is changed');
    const { out } = await pullmedic(['health']);
    expect(out).toContain('kill switch   on, set by local operator (');
    const [, seen = ''] = /\(version ([0-9a-f]{12})\)/.exec(out) ?? [];
    expect((await pullmedic(['kill-switch', 'off'])).code).toBe(1);
    expect((await pullmedic(['kill-switch', 'off', '--seen', seen])).code).toBe(0);
    expect((await pullmedic(['health'])).out).toContain('kill switch   off');
  });

  it('is not touched by a command that does not say what it wants, nor by one that says who somebody is', async () => {
    expect((await pullmedic(['kill-switch'])).code).toBe(2);
    expect((await pullmedic(['kill-switch', 'maybe'])).code).toBe(2);
    expect((await pullmedic(['kill-switch', 'on', '--by', 'anna'])).code).toBe(2);
  });
});

describe('what could not be handled', () => {
  it('is on the page, as text, and in the list', async () => {
    const page = await (await fetch(`${url}/api/messages`)).text();
    const list = await (await fetch(`${url}/api/dead-letters`)).json();

    expect(page).toContain('Messages that did not arrive');
    expect(page).not.toContain('<script');
    expect(list).toMatchObject({ deadLetters: [{ kind: 'unreadable', state: 'dead', queue: 'signals' }] });
  });

  it('makes health unwell until somebody has seen it', async () => {
    const key = { headers: { 'x-functions-key': keys.function } };
    const [id] = (await upkeep.letters.all()).filter((letter) => letter.kind === 'unreadable').map((one) => one.id);
    const health = async () => (await (await fetch(`${url}/api/health`, key)).json()) as object;
    expect(await health()).toMatchObject({ well: false, deadLetters: [id], dependencies: { signIn: 'down' } });

    const said = await pullmedic(['health']);
    expect(said).toMatchObject({ code: 3, out: expect.stringContaining(`dead letters: ${id}`) as string });
    expect((await pullmedic(['health', '--json'])).out).toContain('"signIn": "down"');

    expect(await pullmedic(['dismiss', id ?? ''])).toMatchObject({ code: 0 });
    expect(await health()).toMatchObject({ deadLetters: [] });
  });

  it.each([`dead-letters/${deadStep.id}/replay`, `dead-letters/${deadStep.id}/dismiss`, 'events', 'kill-switch'])(
    'is not touched for a page of another site that posts to %s, with a key or without',
    async (route) => {
      const site = { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' };
      for (const key of [{}, { 'x-functions-key': keys.function }]) {
        const headers = { ...site, ...key };
        const { status } = await fetch(`${url}/api/${route}`, { method: 'POST', headers, body: '{"on":true}' });
        expect(status).toBe(401);
      }
    },
  );
});

describe('pullmedic look', () => {
  it('takes the id of a container app, or what names one that has a remediation, and nothing else', async () => {
    expect((await pullmedic(['look', appId])).code).toBe(0);
    expect((await pullmedic(['look', remediationIdOf(targetId, 1).slice(0, 9)])).code).toBe(0);
    expect((await pullmedic(['look', 'ca-order'])).code).toBe(1);
    for (const wrong of [[], ['ca orders'], [registryId]]) expect((await pullmedic(['look', ...wrong])).code).toBe(2);
  });
});
