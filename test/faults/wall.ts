// Faults at the Azure wall: the pipeline with the real SDK clients, through proxy and TLS, against the simulated Azure, which moves on
// the run's own clock. One request is spoilt, once or for all its tries.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type IdentityEndpoint, startIdentity } from '../../local/azure/identity/endpoint.ts';
import { createSim } from '../../local/azure/model/create.ts';
import { manualScheduler } from '../../local/azure/model/scheduler.ts';
import { type Authority, createAuthority } from '../../local/azure/seam/certificates.ts';
import type { Spoilt } from '../../local/azure/seam/proxy.ts';
import { type Simulation, startSimulatedAzure } from '../../local/azure/simulation.ts';
import type { SimRequest } from '../../local/azure/wire/request.ts';
import { chanceFromState } from '../../local/chance.ts';
import { settingsOf } from '../../local/demo/course.ts';
import { parseScenario, type Scenario } from '../../local/scenarios/schema.ts';
import {
  askNewRevision,
  findGrant,
  grantPullRole,
  readAlert,
  readMade,
  removeGrant,
  restartRevision,
  setAlertState,
  startJob,
} from '../../src/lib/azure/actions/actions.ts';
import { connect } from '../../src/lib/azure/clients/clients.ts';
import { appFinder } from '../../src/lib/azure/facts/app-finder.ts';
import { graphApps, listApps } from '../../src/lib/azure/facts/apps.ts';
import { probesOf } from '../../src/lib/azure/facts/evidence.ts';
import { recalling } from '../../src/lib/look/recall.ts';
import { parseConfig } from '../../src/lib/settings/config.ts';
import type { Signal } from '../../src/lib/signals/signal.ts';
import { parseArmId } from '../../src/lib/words/arm-id.ts';
import { unreadable } from '../../src/lib/words/fact.ts';
import { nowMs, roleMissing } from '../lib/facts.ts';
import type { Azure } from './azure-model.ts';
import type { Model } from './model.ts';
import { type Outcome, World } from './run.ts';
import { type Steered, steerDate } from './steered-date.ts';
import { memoryStore } from './store.ts';

/** Spoils the request of this number, and the same one again as often as `tries` says. */
export interface WallFault {
  readonly request: number;
  readonly spoilt: Spoilt;
  readonly tries: number;
}

export interface WallRun {
  readonly scenario: (typeof wallScenarios)[number];
  readonly fault: WallFault | undefined;
}

export interface WallOutcome extends Outcome {
  readonly requests: number;
  readonly story: readonly string[];
}

/** A grant, a grant with a condition, a role on its way, a private network, a registry that is asked itself. */
export const wallScenarios = [
  'missing-acrpull-user-assigned',
  'missing-acrpull-system-assigned',
  'already-propagating',
  'dns-link-missing-says-unauthorized',
  'tag-missing',
] as const;

const why = { code: 'ServiceUnavailable', message: 'Try again later.' };

const answer = (status: number, headers: Record<string, string> = {}): Spoilt => ({
  do: 'answer',
  answer: { status, headers, body: { error: why, errors: [why] } },
});

export const spoils: readonly Spoilt[] = [
  answer(429, { 'retry-after': '1' }),
  answer(500),
  answer(503),
  { do: 'reset', when: 'before' },
  { do: 'reset', when: 'after' },
  { do: 'silence', when: 'before' },
  { do: 'silence', when: 'after' },
];

/** What a fault is called in the count. */
export function nameOfSpoilt(spoilt: Spoilt): string {
  return spoilt.do === 'answer' ? `azure ${spoilt.answer.status}` : `azure ${spoilt.do} ${spoilt.when}`;
}

/** One for all runs, because the identity of pullmedic follows from it. */
const seed = 'wall';

/** Patience with Azure is real time; a run that is full of silence need not take as long. */
const hurry = 10;

/** What a process is told once: whom to trust, which time it is, how long twenty seconds are. */
export interface Ground {
  readonly authority: Authority;
  readonly authorityFile: string;
  readonly date: Steered;
  readonly identity: IdentityEndpoint;
  stop(): Promise<void>;
}

function shortenPatience(): () => void {
  const [wait, limit] = [globalThis.setTimeout, AbortSignal.timeout.bind(AbortSignal)];
  const shorter = (ms = 0): number => (ms >= 5000 ? ms / hurry : ms);
  globalThis.setTimeout = Object.assign(
    (run: () => void, ms?: number, ...args: []) => wait(run, shorter(ms), ...args),
    wait,
  );
  AbortSignal.timeout = (ms) => limit(shorter(ms));
  return () => {
    globalThis.setTimeout = wait;
    AbortSignal.timeout = limit;
  };
}

/** Prepares this process: it trusts the simulation's authority, its clock jumps and its patience is short. */
export async function prepare(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  const authority = await createAuthority();
  const authorityFile = join(folder, 'authority.pem');
  await writeFile(authorityFile, authority.pem);
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, authority.pem]);
  const restorePatience = shortenPatience();
  const { clientId } = createSim((await readNamed(wallScenarios[0])).world, manualScheduler(nowMs), 1, seed).self;
  const identity = await startIdentity(clientId, () => undefined);
  const date = steerDate(nowMs);
  return {
    authority,
    authorityFile,
    date,
    identity,
    async stop() {
      await identity.stop();
      date.restore();
      restorePatience();
      setDefaultCACertificates(trusted);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function readNamed(name: string): Promise<Scenario> {
  const file = `local/scenarios/${name}.yaml`;
  return parseScenario(await readFile(new URL(`../../${file}`, import.meta.url), 'utf8'), file);
}

/** Reads tell nothing about the fault; changes are counted as they are sent, whether they arrive or not. */
function watching(fault: WallFault | undefined) {
  const restarts: string[] = [];
  let requests = 0;
  let struck: { readonly what: string; left: number } | undefined;
  return {
    restarts,
    requests: () => requests,
    spoils({ method, host, url }: SimRequest): Spoilt | undefined {
      requests += 1;
      const restart = /^(\/.+\/containerapps\/[^/]+)\/revisions\/[^/]+\/restart$/i.exec(url.pathname);
      if (method === 'POST' && restart?.[1] !== undefined) restarts.push(restart[1]);
      const what = `${method} ${host}${url.pathname}`;
      if (fault?.request === requests) struck = { what, left: fault.tries };
      if (struck?.what !== what || struck.left === 0) return undefined;
      struck.left -= 1;
      return fault?.spoilt;
    },
  };
}

function simulatedAzure(
  simulation: Simulation,
  scenario: Scenario,
  time: ReturnType<typeof manualScheduler>,
  { date }: Ground,
  watched: ReturnType<typeof watching>,
): Azure {
  Object.assign(process.env, simulation.env);
  const clients = connect(simulation.env['AZURE_CLIENT_ID'], 'public');
  const subscription = scenario.world.subscription;
  const scope = parseArmId(`/subscriptions/${subscription}`);
  if (scope === undefined) throw new Error('no subscription');
  return {
    ports: {
      azure: recalling(
        {
          probe: probesOf({ clients, subscriptions: [subscription] }),
          findApps: appFinder(
            (names) => graphApps(clients, [subscription], names),
            () => time.now(),
          ),
          listApps: () => listApps(clients, [scope]),
          listed: async () => undefined,
          assignee: async () => unreadable('not-asked'),
          scarce: () => false,
        },
        () => time.now(),
      ),
      actions: {
        grant: (grant, by, lastCheck) => grantPullRole(clients, grant, by, lastCheck),
        readMade: (grant, by) => readMade(clients, grant, by),
        removeGrant: (grant, by, lastCheck) => removeGrant(clients, grant, by, lastCheck),
        findGrant: (grant) => findGrant(clients, grant),
        restart: (appId, revision, lastCheck) => restartRevision(clients, appId, revision, lastCheck),
        newRevision: (appId, suffix, template, lastCheck) =>
          askNewRevision(clients, appId, suffix, template, lastCheck),
        start: (appId, lastCheck) => startJob(clients, appId, lastCheck),
        readAlert: (alert) => readAlert(clients, alert),
        setAlert: (alert, state, lastCheck) => setAlertState(clients, alert, state, lastCheck),
      },
    },
    async advance(untilMs) {
      time.advance(untilMs - time.now());
      date.put(untilMs);
    },
    forget: () => undefined,
    alertsSet: () => [],
    grants: () => {
      const count = simulation.state().assigned.length;
      return { made: count, left: count };
    },
    restarts: () => watched.restarts,
    newRevisions: () => 0,
  };
}

/** The alert comes two and a half minutes after the app was deployed. */
const alertMs = nowMs + 150_000;

function modelOf(scenario: Scenario, simulation: Simulation): Model {
  const [app] = [...simulation.sim.apps.values()];
  const id = parseArmId(app?.id ?? '');
  if (id === undefined) throw new Error('no app');
  const signal: Signal = { id: 'alert|wall', via: 'log-alert', about: { kind: 'app', id }, atMs: alertMs };
  const [expected] = scenario.expect.remediations;
  return {
    name: scenario.name,
    config: parseConfig(settingsOf(scenario, simulation)),
    signals: [{ atMs: alertMs, signal }],
    read: () => roleMissing,
    ends: [expected?.ended === 'withdrawn' ? 'withdrawn' : 'recovered'],
    grants: scenario.expect.azure.assigned.length,
    incident: expected?.incident === 'resolved' ? 'resolved' : 'none',
  };
}

/** Plays one run. */
export async function playWall(ground: Ground, { scenario: name, fault }: WallRun): Promise<WallOutcome> {
  const scenario = await readNamed(name);
  ground.date.put(nowMs);
  const time = manualScheduler(nowMs);
  const watched = watching(fault);
  const simulation = await startSimulatedAzure({
    world: scenario.world,
    events: scenario.events,
    authority: ground.authority,
    authorityFile: ground.authorityFile,
    speed: 1,
    seed,
    identity: ground.identity,
    spoils: (request) => watched.spoils(request),
    scheduler: time,
  });
  try {
    simulation.begin();
    const model = modelOf(scenario, simulation);
    const azure = simulatedAzure(simulation, scenario, time, ground, watched);
    const world = new World({ model, fault: { kind: 'none' }, seed: 1 }, memoryStore(nowMs), azure);
    const outcome = await world.play();
    const strange = simulation
      .state()
      .refused.map((call) => `a request that Azure does not know: ${call.refused ?? ''}`);
    const violations = [...outcome.violations, ...strange];
    return { ...outcome, violations, requests: watched.requests(), story: await world.story() };
  } finally {
    await simulation.stop();
  }
}

export interface WallSwept {
  readonly runs: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly violations: readonly { readonly run: WallRun; readonly what: readonly string[] }[];
}

export interface WallSweepOptions {
  readonly runs: number;
  readonly seed: number;
  readonly onRun?: (played: number, run: WallRun, outcome: Outcome) => void;
}

/** Every scenario without a fault first, then each in turn with one that follows from the seed. */
export async function sweepWall({ runs: count, seed: from, onRun }: WallSweepOptions): Promise<WallSwept> {
  const ground = await prepare();
  const room = new Map<string, number>();
  const faults: Record<string, number> = {};
  const violations: { run: WallRun; what: readonly string[] }[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const scenario = wallScenarios[index % wallScenarios.length] ?? wallScenarios[0];
      const chance = chanceFromState(from * 104_729 + index);
      const requests = room.get(scenario);
      const spoilt = spoils[Math.floor(chance() * spoils.length)];
      const place = 1 + Math.floor(chance() * (requests ?? 1));
      const fault =
        requests === undefined || spoilt === undefined
          ? undefined
          : { request: place, spoilt, tries: chance() < 0.4 ? 1 : 3 };
      const run = { scenario, fault };
      const outcome = await playWall(ground, run);
      if (requests === undefined) room.set(scenario, outcome.requests);
      const name = fault === undefined ? 'none' : nameOfSpoilt(fault.spoilt);
      faults[name] = (faults[name] ?? 0) + 1;
      if (outcome.violations.length > 0) violations.push({ run, what: outcome.violations });
      onRun?.(index + 1, run, outcome);
    }
  } finally {
    await ground.stop();
  }
  return { runs: count, faults, violations };
}
