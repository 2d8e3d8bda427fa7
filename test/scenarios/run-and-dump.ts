// Plays scenarios, calls on the app as rude people do, and prints everything that was written anywhere, as JSON: for the scan for secrets.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient, TableServiceClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';
import { createAuthority } from '../../local/azure/seam/certificates.ts';
import { startConductor } from '../../local/conductor.ts';
import { accountOf, type Played, play } from '../../local/demo/play.ts';
import { readScenario } from '../../local/scenarios/schema.ts';
import { startStorage } from '../../local/storage.ts';

interface Text {
  readonly where: string;
  readonly text: string;
}

const texts: Text[] = [];
const known: Record<string, string> = {};

function keep(where: string, text: string): void {
  texts.push({ where, text });
}

async function page(where: string, url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) });
  const text = await response.text();
  keep(`${where} (${response.status})`, text);
  return text;
}

/** Tokens, links with keys and claims in payloads; bodies that are none; a key in the address of a page that is not there. */
async function visitRudely({ app }: Played): Promise<void> {
  const token = 'eyJhbGciOiJub25lIn0.eyJhcHBpZCI6ImZvcmdlZCJ9.c2ln';
  const link = 'https://evil.example/x?sig=abcdefghijklmnop&code=abcdefghijklmnop';
  const claims = { aud: link, name: `Bearer ${token}`, 'http://schemas.xmlsoap.org/claims/upn': token };
  const operationName = 'Microsoft.ContainerRegistry/registries/write';
  const subject =
    '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/acrshop';
  const event = {
    id: 'rude',
    source: link,
    specversion: '1.0',
    type: 'Microsoft.Resources.ResourceWriteSuccess',
    subject,
  };
  const time = '2026-06-01T02:00:00Z';
  const send = async (where: string, url: string, body: unknown, type = 'application/json'): Promise<string> =>
    page(where, url, {
      method: 'POST',
      headers: { 'content-type': type, 'aeg-event-type': 'Notification' },
      body: JSON.stringify(body),
    });
  await send('alert: no alert', app.urls.alerts, { schemaId: token, data: { link, claims } });
  await page('alert: no JSON', app.urls.alerts, { method: 'POST', body: `{"${link} ${token}` });
  const events = 'application/cloudevents+json';
  await send('event', app.urls.events, { ...event, time, data: { operationName, claims, link } }, events);
  await send(
    'event: unreadable',
    app.urls.events,
    { ...event, time: token, data: { operationName: 5, claims } },
    events,
  );
  await page('no such page', `${app.base}/api/nowhere?code=${app.keys.function}`);
  await page('no such remediation', `${app.base}/api/remediations/${encodeURIComponent(link)}`);
  await app.post('signals', { app: link, claims });
}

async function readPages({ app, histories }: Played): Promise<void> {
  for (const path of [
    'history',
    'remediations',
    'incidents',
    'messages',
    'settings',
    'messages?as=json',
    'settings?as=json',
  ])
    await page(path, `${app.base}/api/${path}`);
  for (const { id } of histories.incidents) await page(id, `${app.base}/api/incidents/${id}`);
  for (const { id } of histories.remediations) {
    await page(id, `${app.base}/api/history/${id}`);
    await page(id, `${app.base}/api/remediations/${id}`);
  }
}

async function readStorage(connection: string): Promise<void> {
  const options = { allowInsecureConnection: true };
  for await (const { name } of TableServiceClient.fromConnectionString(connection, options).listTables()) {
    const rows = TableClient.fromConnectionString(connection, name ?? '', options).listEntities();
    for await (const row of rows) keep(`table ${name ?? ''}`, JSON.stringify(row));
  }
  const queues = QueueServiceClient.fromConnectionString(connection);
  for await (const { name } of queues.listQueues()) {
    const { peekedMessageItems } = await queues.getQueueClient(name).peekMessages({ numberOfMessages: 32 });
    for (const { messageText } of peekedMessageItems)
      keep(`queue ${name}`, Buffer.from(messageText, 'base64').toString('utf8'));
  }
}

const [port = '', ...files] = process.argv.slice(2);
const scenarios = await Promise.all(files.map(readScenario));
const conductor = startConductor(Date.parse('2026-06-01T02:00:00Z'), 60);
const { clock } = conductor;
const folder = await mkdtemp(join(tmpdir(), 'pullmedic-'));
const storage = await startStorage(
  scenarios.map((_, index) => accountOf(index)),
  { clock },
);
try {
  const authority = await createAuthority();
  const authorityFile = join(folder, 'authority.pem');
  await writeFile(authorityFile, authority.pem);
  const onLog = (_: unknown, line: string): void => keep('log', line);
  const stage = {
    clock,
    storage,
    authority,
    authorityFile,
    keep: 'nothing' as const,
    onProgress: () => undefined,
    onLog,
  };
  await Promise.all(
    scenarios.map(async (scenario, index) => {
      const played = await play(scenario, index, Number(port) + index, stage);
      const connection = storage.connection(accountOf(index));
      for (const { text } of played.timeline) keep('timeline', text);
      await played.app.startToRead();
      await visitRudely(played);
      await readPages(played);
      await readStorage(connection);
      await played.app.kill();
      for (const [name, key] of Object.entries(played.app.keys)) known[`the ${name} key of ${scenario.name}`] = key;
      for (const [name, secret] of Object.entries(played.secrets)) known[`${name} of ${scenario.name}`] = secret;
      known[`the storage key of ${scenario.name}`] = /AccountKey=([^;]+)/.exec(connection)?.[1] ?? '';
      known[`the identity header of ${scenario.name}`] = played.env['IDENTITY_HEADER'] ?? '';
    }),
  );
} finally {
  await storage.stop();
  conductor.stop();
  await rm(folder, { recursive: true, force: true });
}
process.stdout.write(JSON.stringify({ texts, known }), () => process.exit(0));
