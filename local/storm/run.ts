// Runs a storm: thousands of alerts at once, through the deployed bundle, real queues and tables, against the simulated Azure.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { createAuthority } from '../azure/seam/certificates.ts';
import { type Simulation, startSimulatedAzure } from '../azure/simulation.ts';
import { clockEnvironment, realNow } from '../clock.ts';
import { type RunClock, steadyClock } from '../conductor.ts';
import { type AppProcess, startApp } from '../demo/app-process.ts';
import { type Storage, startStorage } from '../storage.ts';
import { postAlerts, stormAlerts } from './alerts.ts';
import { type Backlog, backlog, mostPeeked } from './backlog.ts';
import { type Found, readAll } from './found.ts';
import { judge, type Verdict } from './judge.ts';
import { type StormWorld, stormWorld } from './world.ts';

export interface StormOptions {
  readonly signals: number;
  readonly apps: number;
  readonly registries: number;
  readonly instances: number;
  readonly port: number;
  /** The longest time to wait for the end of the storm, in milliseconds. */
  readonly patienceMs: number;
  /** The app's PULLMEDIC_SETTINGS. */
  readonly settings: unknown;
  readonly onProgress: (line: string) => void;
  readonly onLog: (line: string) => void;
}

/** Memory of one instance at one moment. */
export interface Sample {
  readonly atMs: number;
  readonly instance: number;
  readonly rssMb: number;
}

export interface Minute {
  readonly arm: number;
  readonly logs: number;
  readonly graph: number;
  readonly throttled: number;
}

export interface Figures {
  readonly acceptedMs: number;
  /** When each remediation had been decided once; `undefined` if that was not in time. Since the first alert, as the next one. */
  readonly decidedMs: number | undefined;
  /** `undefined` if the queues had not drained in time. */
  readonly drainedMs: number | undefined;
  readonly minutes: readonly Minute[];
  /** ARM reads by the type of what was read, the most frequent first. */
  readonly reads: Readonly<Record<string, number>>;
  readonly samples: readonly Sample[];
  /** Memory of the largest instance before the first alert, in MB. `undefined` where the system does not tell it. */
  readonly idleMb: number | undefined;
  readonly events: Readonly<Record<string, number>>;
  /** Processor time in seconds: of all instances, and of the storage; and of the instances until the last alert was accepted. */
  readonly cpu: { readonly instances: number; readonly storage: number; readonly untilAccepted: number };
  readonly found: Found;
  readonly verdict: Verdict;
}

const account = 'pullmedicstorm';
const queues = ['pullmedic-signals', 'pullmedic-steps'];

function settingsOf(simulation: Simulation, options: StormOptions): Record<string, string> {
  const subscription = `/subscriptions/${simulation.sim.world.subscription}`;
  const registries = [...simulation.sim.registries.values()].map(({ id }) => ({
    id,
    consumers: [`${subscription}/resourceGroups/rg-apps`],
  }));
  return {
    PULLMEDIC_MODE: 'act',
    PULLMEDIC_SCOPES: JSON.stringify([subscription]),
    PULLMEDIC_REGISTRIES: JSON.stringify(registries),
    PULLMEDIC_SETTINGS: JSON.stringify(options.settings),
  };
}

/** Resident memory of a process in MB; `undefined` on a system without Linux's /proc. */
async function rssOf(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const match = /^VmRSS:\s+(\d+) kB/m.exec(status);
  return match?.[1] === undefined ? undefined : Math.round(Number(match[1]) / 1024);
}

/** Processor time of a process in seconds. On a machine with other work it tells more than the elapsed time. */
async function cpuOf(pid: number | undefined): Promise<number> {
  const stat = pid === undefined ? '' : await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

async function cpuOfAll(apps: readonly AppProcess[]): Promise<number> {
  const each = await Promise.all(apps.map((app) => cpuOf(app.pid)));
  return each.reduce((sum, one) => sum + one, 0);
}

interface Watch {
  readonly events: Record<string, number>;
  /** The remediations that were opened, and the ones that were decided at least once. */
  readonly opened: Set<string>;
  readonly decided: Set<string>;
}

function count(watch: Watch, line: string): void {
  if (!line.startsWith('{')) return;
  const entry = parsed(line);
  if (typeof entry['event'] !== 'string') return;
  watch.events[entry['event']] = (watch.events[entry['event']] ?? 0) + 1;
  const remediation = entry['remediation'];
  if (typeof remediation !== 'string') return;
  if (entry['event'] === 'remediation-opened') watch.opened.add(remediation);
  if (entry['event'] === 'decided' && entry['because'] !== 'looking-again') watch.decided.add(remediation);
}

function parsed(line: string): Record<string, unknown> {
  try {
    const message: unknown = JSON.parse(line);
    if (typeof message !== 'object' || message === null) return {};
    // The host wraps the app's own log lines.
    const text = 'message' in message && typeof message.message === 'string' ? message.message : undefined;
    return text?.startsWith('{') ? parsed(text) : (message as Record<string, unknown>);
  } catch {
    return {};
  }
}

interface Queue {
  readonly client: QueueClient;
  readonly backlog: Backlog;
}

/** True if no message waits on a queue. Looks at open remediations go on for ever, so a queue that is passed through is never quite empty. */
async function arePassing(watched: readonly Queue[]): Promise<boolean> {
  const passing = await Promise.all(
    watched.map(async ({ client, backlog: waiting }) => {
      const { peekedMessageItems } = await client.peekMessages({ numberOfMessages: mostPeeked });
      return waiting.isPassing(
        peekedMessageItems.map(({ messageId }) => messageId),
        performance.now(),
      );
    }),
  );
  return passing.every(Boolean);
}

function minutesOf(simulation: Simulation, sinceMs: number): Minute[] {
  const minutes: { arm: number; logs: number; graph: number; throttled: number }[] = [];
  for (const call of simulation.sim.calls) {
    const at = Math.floor((call.atMs - sinceMs) / 60_000);
    if (at < 0) continue;
    while (minutes.length <= at) minutes.push({ arm: 0, logs: 0, graph: 0, throttled: 0 });
    const minute = minutes[at];
    if (minute === undefined) continue;
    if (call.status === 429) minute.throttled += 1;
    if (call.host === 'api.loganalytics.io') minute.logs += 1;
    else if (call.path.toLowerCase().includes('microsoft.resourcegraph')) minute.graph += 1;
    else if (call.host === 'management.azure.com' && call.method === 'GET') minute.arm += 1;
  }
  return minutes;
}

function readsOf(simulation: Simulation): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { host, method, path } of simulation.sim.calls) {
    if (host !== 'management.azure.com' || method !== 'GET') continue;
    const type = typeOf(path);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

/** The type of the last resource in a path: every second part after the provider. */
function typeOf(path: string): string {
  const [, ...parts] = path.toLowerCase().split('?')[0]?.split('/providers/').at(-1)?.split('/') ?? [];
  return parts.filter((_, at) => at % 2 === 0).join('/');
}

async function untilDrained(
  options: StormOptions,
  storm: StormWorld,
  watch: Watch,
  service: QueueServiceClient,
  tick: () => Promise<void>,
): Promise<Drained> {
  const beganMs = performance.now();
  const watched = queues.map((name) => ({ client: service.getQueueClient(name), backlog: backlog() }));
  let decidedMs: number | undefined;
  let quiet = 0;
  let said = 0;
  while (performance.now() - beganMs < options.patienceMs) {
    await pause(500);
    await tick();
    const seconds = Math.round((performance.now() - beganMs) / 1000);
    if (seconds >= said + 15) {
      said = seconds;
      options.onProgress(
        `  ${seconds} s: ${watch.opened.size} opened, ${watch.decided.size} decided, ${JSON.stringify(watch.events)}`,
      );
    }
    if (watch.decided.size >= storm.apps.length) decidedMs ??= performance.now() - beganMs;
    const passing = await arePassing(watched);
    quiet = decidedMs !== undefined && passing ? quiet + 1 : 0;
    // Twice in a row, because a message that is still being handled may send another one.
    if (quiet >= 2) return { decidedMs, drainedMs: performance.now() - beganMs };
  }
  return { decidedMs, drainedMs: undefined };
}

/** Since all alerts were accepted; `undefined` where it did not come to that in time. Milliseconds. */
interface Drained {
  readonly decidedMs: number | undefined;
  readonly drainedMs: number | undefined;
}

interface Stage {
  readonly simulation: Simulation;
  readonly storage: Storage;
  readonly apps: readonly AppProcess[];
}

async function startInstances(
  options: StormOptions,
  simulation: Simulation,
  storage: Storage,
  clock: RunClock,
  onLog: (line: string) => void,
): Promise<AppProcess[]> {
  const env = {
    ...simulation.env,
    ...settingsOf(simulation, options),
    AzureWebJobsStorage: storage.connection(account),
  };
  const apps: AppProcess[] = [];
  for (let index = 0; index < options.instances; index += 1)
    apps.push(
      await startApp({ port: options.port + index, env: index === 0 ? env : { ...env, ...noTimers }, clock, onLog }),
    );
  return apps;
}

/** A timer runs in one instance of an app at a time (Azure Functions, "Timer trigger": scale-out). Here it is the first one. */
const noTimers = { 'AzureWebJobs.on-schedule.Disabled': 'true', 'AzureWebJobs.on-sweep.Disabled': 'true' };

async function play(options: StormOptions, storm: StormWorld, stage: Stage, watch: Watch): Promise<Figures> {
  const { simulation, storage, apps } = stage;
  const samples: Sample[] = [];
  const service = QueueServiceClient.fromConnectionString(storage.connection(account));
  const alerts = stormAlerts(storm.apps, simulation.sim, { count: options.signals, firedMs: Date.now() });
  const sinceMs = Date.now();
  let sampledMs = 0;
  const tick = async (): Promise<void> => {
    if (performance.now() - sampledMs < 5000) return;
    sampledMs = performance.now();
    for (const [instance, app] of apps.entries()) {
      const rssMb = await rssOf(app.pid);
      if (rssMb !== undefined) samples.push({ atMs: Date.now() - sinceMs, instance, rssMb });
    }
  };
  const idle = (await Promise.all(apps.map((app) => rssOf(app.pid)))).filter((rssMb) => rssMb !== undefined);
  const beganMs = performance.now();
  const refused = await postAlerts(
    apps.map((app) => app.urls.alerts),
    alerts,
  );
  const acceptedMs = Math.round(performance.now() - beganMs);
  const untilAccepted = await cpuOfAll(apps);
  options.onProgress(
    `  accepted ${alerts.length - refused} of ${alerts.length} in ${(acceptedMs / 1000).toFixed(1)} s`,
  );
  const { decidedMs, drainedMs } = await untilDrained(options, storm, watch, service, tick);
  const minutes = minutesOf(simulation, sinceMs);
  const cpu = { instances: await cpuOfAll(apps), storage: await cpuOf(storage.process.pid), untilAccepted };
  const found = await readAll(apps[0]?.base ?? '');
  return {
    cpu,
    acceptedMs,
    decidedMs: decidedMs === undefined ? undefined : Math.round(decidedMs) + acceptedMs,
    drainedMs: drainedMs === undefined ? undefined : Math.round(drainedMs) + acceptedMs,
    minutes,
    reads: readsOf(simulation),
    samples,
    idleMb: idle.length === 0 ? undefined : Math.max(...idle),
    events: watch.events,
    found,
    verdict: judge({ storm, alerts, refused, found, simulation }),
  };
}

/** How long the pulls fail and are logged before the alerts come. */
const warmUpMs = 8000;

/** Runs a storm and returns the measured figures. */
export async function runStorm(options: StormOptions): Promise<Figures> {
  const storm = stormWorld(options.apps, options.registries);
  const clock = steadyClock({ startMs: realNow(), realStartMs: realNow(), speed: 1 });
  Object.assign(process.env, clockEnvironment(clock));
  const temporary = await mkdtemp(join(tmpdir(), 'pullmedic-storm-'));
  const authority = await createAuthority();
  const authorityFile = join(temporary, 'authority.pem');
  await writeFile(authorityFile, authority.pem);
  const storage = await startStorage([account]);
  const simulation = await startSimulatedAzure({
    world: storm.world,
    events: [],
    authority,
    authorityFile,
    speed: 1,
    seed: 'storm',
  });
  const watch: Watch = { events: {}, opened: new Set(), decided: new Set() };
  const apps: AppProcess[] = [];
  try {
    simulation.begin();
    const onLog = (line: string): void => {
      count(watch, line);
      options.onLog(line);
    };
    apps.push(...(await startInstances(options, simulation, storage, clock, onLog)));
    await pause(warmUpMs);
    return await play(options, storm, { simulation, storage, apps }, watch);
  } finally {
    await Promise.all(apps.map((app) => app.kill()));
    await simulation.stop();
    await storage.stop();
    await rm(temporary, { recursive: true, force: true });
  }
}
