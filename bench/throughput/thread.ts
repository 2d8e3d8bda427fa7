// A thread that plays loads on virtual time, one after the other. The clock is loaded first: every module loaded after it uses virtual time.

import { identityTokens } from '../../local/azure/identity/endpoint.ts';
import type { Scheduler } from '../../local/azure/model/scheduler.ts';
import { simulateAzure } from '../../local/azure/simulation.ts';
import type { EngineHost } from '../../local/engine/host.ts';
import { memoryStorage } from '../../local/engine/storage.ts';
import { identityIn, transportTo } from '../../local/engine/transport.ts';
import { virtualTime } from '../../local/engine/virtual-time.ts';
import { readHostJson } from '../../local/host/settings.ts';
import { stormAlerts } from '../../local/storm/alerts.ts';
import { stormWorld } from '../../local/storm/world.ts';
import { answerOrders } from '../thread/orders.ts';
import { assumedTimes, type Load, type Rates } from './figures.ts';
import { sharedQueues, startInstance } from './instance.ts';

const registries = 5;
const keys = { function: 'f', master: 'm', eventgrid: 'e' };
/** How many requests of the sender are under way at the same time for each instance, and when it gives up, in virtual milliseconds. */
const sideBySide = 16;
const patienceMs = 3_600_000;

answerOrders(played);

async function played(load: Load): Promise<Rates> {
  virtualTime.reset(Date.UTC(2026, 0, 5, 2), `throughput ${load.instances}`);
  const ground = setGround(load);
  const hosts: EngineHost[] = [];
  const shared = sharedQueues(ground.storage);
  const settings = await readHostJson('host.json');
  for (let at = 0; at < load.instances; at += 1)
    hosts.push(await virtualTime.goOnUntil(startInstance({ ...ground, settings }, shared)));
  ground.begin();
  // Pulls fail for a while before the alerts come, as in a storm.
  await until(virtualTime.now() + 10_000, () => false);
  return measured(load, ground, hosts);
}

function setGround({ apps }: Load) {
  const storm = stormWorld(apps, registries);
  const world = { ...storm.world, delays: { ...storm.world.delays, answers: assumedTimes.azureMs } };
  const scheduler: Scheduler = {
    now: virtualTime.now,
    at: (at, task) => virtualTime.at(at, task),
    stop: () => undefined,
  };
  const azure = simulateAzure(
    { world, events: [], speed: 1, seed: 'throughput', guests: [] },
    scheduler,
    (header, of) => tokens.accepts(header, of),
  );
  const { clientId } = azure.sim.self;
  const tokens = identityTokens(clientId);
  const counts = { requests: 0, events: new Map<string, number>() };
  const storage = memoryStorage(virtualTime.now, undefined, () => {
    counts.requests += 1;
  });
  const env = {
    PULLMEDIC_MODE: 'observe',
    PULLMEDIC_SCOPES: JSON.stringify([`/subscriptions/${world.subscription}`]),
    AZURE_CLIENT_ID: clientId,
    WEBSITE_AUTH_ENABLED: 'True',
  };
  return {
    storm,
    azure,
    counts,
    storage,
    keys,
    surroundings: { env, credential: identityIn(azure, tokens), transport: transportTo(azure, () => undefined) },
    onEvent: (event: string) => void counts.events.set(event, (counts.events.get(event) ?? 0) + 1),
    begin: () => azure.begin(),
  };
}

async function measured(
  load: Load,
  { storm, azure, counts }: ReturnType<typeof setGround>,
  hosts: readonly EngineHost[],
): Promise<Rates> {
  const { apps } = storm;
  const count = apps.length + load.alerts;
  const fired = stormAlerts(apps, azure.sim, { count, firedMs: virtualTime.now(), delivered: 'each-once' });
  const bodies = fired.map(({ body }) => body);
  const of = (event: string): number => counts.events.get(event) ?? 0;
  // The first alert of each app opens its remediation: how fast that goes, the budget of requests to Azure decides, not the instances.
  void send(hosts, bodies.slice(0, apps.length));
  await until(virtualTime.now() + patienceMs, () => of('decided') >= apps.length);
  const beganMs = virtualTime.now();
  const before = counts.requests;
  let acceptedAtMs = 0;
  let failed = 0;
  void send(hosts, bodies.slice(apps.length)).then((refused) => {
    failed = refused;
    acceptedAtMs = virtualTime.now();
  });
  const has = (share: number) => (): boolean => of('remediation-joined') >= share * load.alerts;
  const untilHandled = async (share: number): Promise<number> => {
    await until(beganMs + patienceMs, has(share));
    return virtualTime.now();
  };
  const [fromMs, toMs] = [await untilHandled(0.1), await untilHandled(0.9)];
  await until(beganMs + patienceMs, () => acceptedAtMs > 0 && has(1)());
  if (failed > 0 || !has(1)()) throw new Error(`${failed} alerts were refused, or not all were handled in an hour`);
  return {
    ...load,
    accepted: Math.round((load.alerts * 1000) / (acceptedAtMs - beganMs)),
    handled: Math.round((0.8 * load.alerts * 1000) / (toMs - fromMs)),
    lastAfterMs: virtualTime.now() - beganMs,
    requestsAnAlert: Math.round(((counts.requests - before) * 10) / load.alerts) / 10,
    later: of('signal-later'),
  };
}

/** Posts the alerts to the instances in turn, and answers how many were not accepted. */
async function send(hosts: readonly EngineHost[], bodies: readonly string[]): Promise<number> {
  let next = 0;
  let refused = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < bodies.length; at = next++) {
      const url = new URL(`http://127.0.0.1:7071/api/alerts?code=${keys.function}`);
      const answer = await hosts[at % hosts.length]?.fetch(url, { method: 'POST', body: bodies[at] ?? '' });
      if (answer?.status !== 202) refused += 1;
    }
  };
  await Promise.all(Array.from({ length: sideBySide * hosts.length }, worker));
  return refused;
}

/** Lets time pass until an instant, or until this holds. */
async function until(atMs: number, holds: () => boolean): Promise<void> {
  virtualTime.at(atMs, () => undefined);
  await virtualTime.settle();
  while (!holds() && virtualTime.now() < atMs && (await virtualTime.jump()));
}
