// What holds for every command that asks an app: exit codes, and that neither a terminal obeys nor a token leaves with what the app answers.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commandNames } from '../../src/cli/commands.ts';
import { specOf } from '../../src/cli/help.ts';
import { ran } from './ran.ts';

const id = `t${'0'.repeat(24)}.1`;
const letter = `d${'0'.repeat(24)}`;

/** A whole way to write each command, so that it asks the app. */
const written: Readonly<Record<string, readonly string[]>> = {
  status: [],
  incidents: [],
  history: [],
  show: [id],
  open: ['ca-orders'],
  report: [id],
  health: [],
  route: ['--cause', 'custom-dns', '--registry', 'x.example'],
  approve: [id, '--question', '1'],
  reject: [id, '--question', '1'],
  ask: [id],
  undo: [id],
  'forget-refusal': [id, '--why', 'w'],
  look: [
    '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.App/containerApps/a',
  ],
  'kill-switch': ['on'],
  replay: ['--id', letter],
  dismiss: [letter],
  incident: ['test', '--to', 'pager'],
};
const ofApp = commandNames.filter((name) => specOf(name).needs === 'app');

const secrets = { PULLMEDIC_TOKEN: 'eyJ-a-token-of-the-person', PULLMEDIC_KEY: 'a-key-of-the-function-app' };
const hostile = '\u001b[2J\u009b31m\u202e\u0007\r\nTrust me';

/** An app that repeats what it was sent, and answers with texts that a terminal would obey. */
async function repeating(status: number): Promise<string> {
  const server = createServer((request, response) => {
    const heard = `${hostile} ${JSON.stringify(request.headers)}`;
    response.writeHead(status, { connection: 'close' }).end(JSON.stringify({ error: heard, [heard]: heard }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What of the text a terminal would obey, and which secrets it holds. */
function harmsIn(text: string): readonly string[] {
  return [...(text.match(/(?!\n)\p{C}/gu) ?? []), ...Object.values(secrets).filter((secret) => text.includes(secret))];
}

it('is every command of the table that needs an app', () => {
  expect(Object.keys(written).toSorted()).toEqual([...ofApp].toSorted());
});

describe.each(ofApp)('%s', (name) => {
  const args = [name, ...(written[name] ?? [])];

  it('ends with 1 and one sentence where the app declines or answers something else', async () => {
    for (const status of [409, 200]) {
      const { code, out, error } = await ran([...args, '--url', await repeating(status)], { env: secrets });
      // What the app answers to a request is not needed for its sentence.
      const isDone = status === 200 && code === 0;

      expect([0, 1]).toContain(code);
      expect(isDone || (out === '' && /^pullmedic: [^\n]+\n$/.test(error))).toBe(true);
      expect(harmsIn(out + error)).toEqual([]);
    }
  });

  it('prints JSON that no terminal obeys and that holds no secret', async () => {
    const { out, error } = await ran([...args, '--json', '--url', await repeating(200)], { env: secrets });

    expect(harmsIn(out + error)).toEqual([]);
  });

  it('ends with 1 where nothing answers, and with 2 without an address or with an option that it has not', async () => {
    expect(await ran([...args, '--url', 'http://127.0.0.1:9'])).toMatchObject({ code: 1, out: '' });
    expect(await ran(args)).toMatchObject({ code: 2, out: '' });
    expect(await ran([...args, '--no-such-option'])).toMatchObject({ code: 2, out: '' });
  });

  it('says these codes in its help', () => {
    expect(Object.keys(specOf(name).exits)).toEqual(expect.arrayContaining(['0', '1', '2']));
  });
});
