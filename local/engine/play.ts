// Plays one scenario on virtual time, in this thread. Nothing here waits for a real clock: time jumps to what is due next.
import { randomBytes } from 'node:crypto';
import { identityTokens } from '../azure/identity/endpoint.ts';
import type { Scheduler } from '../azure/model/scheduler.ts';
import { type SimulatedAzure, simulateAzure } from '../azure/simulation.ts';
import { type Histories, readHistories, readStories, saidIn } from '../demo/answers.ts';
import { type Door, hasVisitDue, settingsOf, settled, visit } from '../demo/course.ts';
import { judge } from '../demo/judge.ts';
import { incidentSettings } from '../demo/people.ts';
import type { Told } from '../demo/told.ts';
import { eventGridPath } from '../host/eventgrid.ts';
import type { Keys } from '../host/keys.ts';
import type { HostSettings } from '../host/settings.ts';
import { visitorHeaders } from '../host/sign-in.ts';
import { type MemoryNetwork, memoryNetwork } from '../incidents/in-memory.ts';
import { type PlayedSystems, startPlayed } from '../incidents/played.ts';
import { BadScenario, type Scenario } from '../scenarios/schema.ts';
import { forgetApp, type Surroundings, startApp } from './app.ts';
import { captured, capturedDelivery, type OnExchange } from './capture.ts';
import { type CrawledPage, crawl } from './crawl.ts';
import { type Disturbance, type Disturber, disturbing, type Met } from './disturb.ts';
import { type EngineHost, startHost } from './host.ts';
import { type MemoryStorage, memoryStorage } from './storage.ts';
import { fetchThrough, identityIn, transportTo } from './transport.ts';
import { virtualTime } from './virtual-time.ts';

export interface Audience {
  /** Called whenever the histories were read again. */
  onProgress(histories: Histories): void;
  onLog(line: string): void;
  /** Called with everything that goes over the wire between pullmedic and Azure. */
  readonly onExchange?: OnExchange | undefined;
  /** Called with each call of a table or a queue, by the name of the client's method, and with the name of each function that ran. */
  readonly onStorage?: ((call: string) => void) | undefined;
  readonly onInvocation?: ((name: string) => void) | undefined;
  /** Called at the end with every page that links lead to from the first one. */
  readonly onPages?: ((pages: readonly CrawledPage[]) => void) | undefined;
}

/** Where the app is reached in this thread. The port is never opened. */
export const base = 'http://127.0.0.1:7071';
/** The page that a person sees first. */
const firstPage = '/api/now';
/** The first port of the incident systems of a scenario; none of them is opened either. */
const firstSystemPort = 7100;
/** How long after a change of the histories people and the judge look at them, in virtual milliseconds. */
const lookMs = 15_000;
const watchedTables = ['pullmedichistory', 'pullmedicincidents'];

function madeUpKeys(): Keys {
  const key = (): string => randomBytes(24).toString('base64url');
  return { function: key(), master: key(), eventgrid: key() };
}

/** The app's process: it can die, and start again over the same storage. */
export class Process {
  readonly #start: () => Promise<EngineHost>;
  #host: EngineHost | undefined;
  /** Ends each wait for an answer of the process that runs now. */
  readonly #waits = new Set<() => void>();

  constructor(start: () => Promise<EngineHost>) {
    this.#start = start;
  }

  async start(): Promise<void> {
    this.#host = await this.#start();
  }

  isUp(): boolean {
    return this.#host !== undefined;
  }

  kill(): void {
    this.#host?.disconnect();
    this.#host = undefined;
    forgetApp();
    virtualTime.dropApp();
    for (const end of this.#waits) end();
    this.#waits.clear();
  }

  /** Time stands still while a person waits for an answer of the app: then a process that dies ends the wait. */
  isAsked = false;

  /** Kills it as soon as nothing is under way, and starts it again after `downMs`. */
  killFor(downMs: number): void {
    if (this.isAsked) void virtualTime.settle().then(() => this.kill());
    else virtualTime.at(virtualTime.now(), () => this.kill());
    virtualTime.at(virtualTime.now() + downMs, () => void this.start());
  }

  /** What `fetch` of this thread does at the address of the app: there is no answer from a process that is down or dies meanwhile. */
  async fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    virtualTime.note();
    const host = this.#host;
    const url = new URL(input instanceof Request ? input.url : input);
    if (host === undefined || url.origin !== base) throw new TypeError('fetch failed');
    const answer = await this.#unlessItDies(host.fetch(url, init));
    virtualTime.note();
    if (answer === undefined) throw new TypeError('fetch failed');
    return answer;
  }

  /** `undefined` where the process dies first. A race against one long-lived promise would keep every answer until the process ends. */
  async #unlessItDies<T>(answer: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const end = (): void => resolve(undefined);
      this.#waits.add(end);
      answer.then(resolve, reject).finally(() => this.#waits.delete(end));
    });
  }
}

/** What `fetch` of this thread does: it reaches the app, the incident systems and the simulated Azure, and nothing else. */
async function reach(
  process: Process,
  { network, surroundings }: Pick<Stage, 'network' | 'surroundings'>,
  input: string | URL | Request,
  init: RequestInit,
) {
  virtualTime.note();
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.protocol === 'https:') return fetchThrough(surroundings.transport, url, init);
  return (await network.answer(url, init)) ?? process.fetch(input, init);
}

export interface Stage {
  readonly systems: PlayedSystems;
  readonly network: MemoryNetwork;
  readonly scenario: Scenario;
  readonly settings: HostSettings;
  readonly keys: Keys;
  readonly storage: MemoryStorage;
  readonly azure: SimulatedAzure;
  readonly surroundings: Surroundings;
  readonly disturber: Disturber;
}

async function setStage(
  scenario: Scenario,
  settings: HostSettings,
  audience: Audience,
  disturber: Disturber,
): Promise<Stage> {
  const { world, events, name } = scenario;
  virtualTime.reset(Date.parse(world.start), name);
  const scheduler: Scheduler = {
    now: virtualTime.now,
    at: (at, task) => virtualTime.at(at, task),
    stop: () => undefined,
  };
  const network = memoryNetwork(firstSystemPort);
  const systems = await startPlayed(scenario.pullmedic.incidentSystems, network.start, virtualTime.now);
  const options = { world, events, speed: 1, seed: name, guests: systems.inAzure };
  const azure = simulateAzure(options, scheduler, (authorization, audience) => tokens.accepts(authorization, audience));
  const { clientId } = azure.sim.self;
  const tokens = identityTokens(clientId);
  const transport = transportTo(azure, (request) => disturber.azure(request));
  const { onExchange } = audience;
  const storage = memoryStorage(virtualTime.now, () => disturber.storage(), audience.onStorage);
  const own = settingsOf(scenario, azure, incidentSettings(systems, base));
  const env = { ...own, ...systems.env, AZURE_CLIENT_ID: clientId, WEBSITE_AUTH_ENABLED: 'True' };
  const surroundings = {
    env,
    storage: storage.connection,
    credential: identityIn(azure, tokens),
    transport: onExchange === undefined ? transport : captured(transport, onExchange),
    print: (line: string) => audience.onLog(line),
  };
  return { systems, network, scenario, settings, keys: madeUpKeys(), storage, azure, surroundings, disturber };
}

async function startProcess({ scenario, settings, keys, storage, surroundings }: Stage, audience: Audience) {
  const started = await startApp(surroundings);
  if (!started.ok)
    throw new BadScenario(`${scenario.file}: pullmedic cannot use these settings.\n${started.problems.join('\n')}`);
  const log = (level: string, message: string): void => audience.onLog(`${level}: ${message}`);
  const { onInvocation: invoked } = audience;
  return startHost({ app: started.app, settings, env: surroundings.env, keys, queues: storage, log, invoked });
}

function scheduleKills({ events }: Scenario, process: Process): void {
  const beganMs = virtualTime.now();
  for (const event of events) {
    if (event.do !== 'kill-pullmedic') continue;
    virtualTime.at(beganMs + event.at, () => process.killFor(event.for));
  }
}

/** Lets time pass until the scenario is over. People look a while after something changed, and act when their time has come. */
async function watch(
  { scenario, keys, storage, systems }: Stage,
  process: Process,
  audience: Audience,
): Promise<Histories> {
  const beganMs = virtualTime.now();
  const done = new Set<number>();
  let histories: Histories = { remediations: [], incidents: [] };
  let seen = -1;
  let due = beganMs;
  const changes = (): number => watchedTables.reduce((sum, table) => sum + storage.changes(table), 0);
  const post = async (route: string, body: unknown, by?: string): Promise<number> => {
    const headers = visitorHeaders(by);
    return (await fetch(`${base}/api/${route}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };
  const get = async (route: string): Promise<unknown> =>
    (await fetch(`${base}/api/${route}`, { headers: { 'x-functions-key': keys.function } })).json();
  const open: Door['open'] = async (url, by) =>
    (await virtualTime.goOnUntil(fetch(url, { headers: visitorHeaders(by) }))).status;
  for (;;) {
    if (!(await virtualTime.jump())) return histories;
    const sinceMs = virtualTime.now() - beganMs;
    const changed = changes() !== seen;
    if (virtualTime.now() >= due && (changed || hasVisitDue(scenario, done, sinceMs))) {
      due = virtualTime.now() + lookMs;
      virtualTime.at(due, () => undefined);
      seen = changes();
      process.isAsked = true;
      try {
        histories = await readHistories(base);
        audience.onProgress(histories);
        await visit(scenario, { post, get, open, base, seen: systems.seen() }, histories, done, sinceMs);
      } catch {
        // The process is down for a moment: the scenario may have killed it.
        seen = -1;
      } finally {
        process.isAsked = false;
      }
      await virtualTime.settle();
    }
    const isQuiet = changes() === seen && settled(scenario, histories, systems.seen(), sinceMs);
    const over = sinceMs > scenario.until || isQuiet;
    // A process that is down says nothing until it is up again.
    if (over && process.isUp()) return histories;
  }
}

/** What a scenario came to, and what it met on the way. */
export interface Course {
  readonly told: Told;
  readonly met: Met;
}

/** A scenario that is under way: its app runs, and its world has begun. */
export interface Playing {
  readonly stage: Stage;
  readonly process: Process;
}

/** Starts a scenario, whose time the caller lets pass. Throws {@link BadScenario} where pullmedic cannot use its settings. */
export async function startPlay(
  scenario: Scenario,
  settings: HostSettings,
  audience: Audience,
  disturbance?: Disturbance,
): Promise<Playing> {
  const disturber = disturbing(disturbance, (downMs) => process.killFor(downMs));
  const stage = await setStage(scenario, settings, audience, disturber);
  const { azure, keys } = stage;
  const process = new Process(() => startProcess(stage, audience));
  globalThis.fetch = (input, init = {}) => {
    if (audience.onExchange !== undefined) capturedDelivery(init, audience.onExchange);
    return reach(process, stage, input, init);
  };
  await process.start();
  azure.deliverTo({
    alerts: `${base}/api/alerts?code=${keys.function}`,
    events: `${base}${eventGridPath}?functionName=on-event&code=${keys.eventgrid}`,
  });
  azure.begin();
  scheduleKills(scenario, process);
  await virtualTime.settle();
  return { stage, process };
}

/** Plays a scenario to its end. Throws {@link BadScenario} where pullmedic cannot use its settings. */
export async function playOnVirtualTime(
  scenario: Scenario,
  settings: HostSettings,
  audience: Audience,
  disturbance?: Disturbance,
): Promise<Course> {
  const { stage, process } = await startPlay(scenario, settings, audience, disturbance);
  const { azure, systems, disturber } = stage;
  const histories = await watch(stage, process, audience);
  const state = azure.state();
  // The process may be down at this very moment: then the record tells of Azure alone.
  const stories = await readStories(base, histories).catch(() => undefined);
  const failures = judge(scenario, { histories, stories, sim: azure.sim, state, seen: systems.seen() });
  if (audience.onPages !== undefined) audience.onPages(await virtualTime.goOnUntil(crawl(base, firstPage)));
  process.kill();
  const timeline = [...azure.sim.timeline, ...saidIn(stories ?? [])].sort((a, b) => a.atMs - b.atMs);
  return { told: { scenario, histories, azure: state, failures, timeline }, met: disturber.met() };
}
