// Plays one scenario: a simulated Azure, an app process of its own, and what happens until everything has settled.
import { z } from 'zod';
import type { Authority } from '../azure/certificates.ts';
import type { SimRequest, Spoilt } from '../azure/network.ts';
import { type AzureState, type Simulation, startSimulatedAzure } from '../azure/simulation.ts';
import { type ClockSettings, clockEnvironment, realDelay } from '../clock.ts';
import { BadScenario, type Scenario } from '../scenarios/schema.ts';
import type { Storage } from '../storage.ts';
import { type Histories, type Remediation, readHistories, readSaid, type Said } from './answers.ts';
import { type AppProcess, startApp } from './app-process.ts';
import { type Failure, judge } from './judge.ts';

export interface Played {
  readonly scenario: Scenario;
  readonly app: AppProcess;
  readonly histories: Histories;
  readonly azure: AzureState;
  readonly failures: readonly Failure[];
  /** What happened in Azure and what pullmedic did, in order. */
  readonly timeline: readonly Said[];
  /** What a process needs to reach this scenario's Azure, while that is kept. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface Stage {
  readonly clock: ClockSettings;
  readonly storage: Storage;
  readonly authority: Authority;
  readonly authorityFile: string;
  /** What goes on after the scenario: nothing, its simulated Azure, or pullmedic in it as well. */
  readonly keep: 'nothing' | 'azure' | 'azure-and-app';
  /** What a person at the terminal answers with, while the app goes on. */
  readonly functionKey?: string | undefined;
  /** Called whenever the histories were read again. */
  onProgress(scenario: Scenario, histories: Histories): void;
  onLog(scenario: Scenario, line: string): void;
  /** For tests that disturb a run: sees every request to Azure first, and is given the app's process. */
  readonly disturbs?: {
    spoils(request: SimRequest): Spoilt | undefined;
    started(app: AppProcess): void;
  };
}

/** A storage account's name for a scenario: 3 to 24 lower-case letters and digits. */
export function accountOf(index: number): string {
  return `pullmedic${String(index).padStart(3, '0')}`;
}

const subscriptionOf = (scenario: Scenario): string => `/subscriptions/${scenario.world.subscription}`;

function consumerId(scenario: Scenario, simulation: Simulation, consumer: string): string {
  const [kind, name = ''] = consumer.split(':');
  if (kind === 'group') return `${subscriptionOf(scenario)}/resourceGroups/${name}`;
  const id =
    kind === 'environment' ? simulation.sim.environments.get(name)?.id : simulation.sim.identities.get(consumer)?.id;
  if (id === undefined) throw new Error(`${scenario.file}: there is no consumer "${consumer}" in this world.`);
  return id;
}

/** The settings of pullmedic in a scenario, as environment variables. */
export function settingsOf(scenario: Scenario, simulation: Simulation): Record<string, string> {
  const { pullmedic } = scenario;
  const registries = Object.entries(pullmedic.registries).map(([name, consumers]) => ({
    id: simulation.sim.registries.get(name)?.id ?? name,
    consumers: consumers.map((consumer) => consumerId(scenario, simulation, consumer)),
    grantWhenNetworkUnknown: pullmedic.grantWhenNetworkUnknown,
  }));
  return {
    PULLMEDIC_MODE: pullmedic.mode,
    PULLMEDIC_SCOPES: JSON.stringify([subscriptionOf(scenario)]),
    PULLMEDIC_REGISTRIES: JSON.stringify(registries),
    PULLMEDIC_SETTINGS: JSON.stringify(pullmedic.settings),
  };
}

/** A person who has to act is left in peace for this long before the scenario ends; what follows an event takes as long. */
const quietMs = 4 * 60_000;

/**
 * Waiting for a person is rest only where that is how the scenario ends: else an answer will come, or the end of the time to give one,
 * or the app recovers by itself.
 */
function waitsForPerson({ expect }: Scenario, { state, target }: Remediation): boolean {
  const expected = expect.remediations.filter((one) => one.app === target.appName);
  if (state === 'needs-person') return expected.length === 0 || expected.some((one) => one.ended === 'open');
  return state === 'needs-approval' && expected.some((one) => one.approval === 'pending');
}

/** An alert is closed after its remediation. */
function alertsAreDone({ expect }: Scenario, { alerts, target }: Remediation): boolean {
  const expected = expect.remediations.filter((one) => one.app === target.appName);
  const known = alerts.every(({ outcome }) => outcome !== 'unknown');
  return known && expected.every((one) => alerts.length >= one.alerts.length);
}

/** Whether nothing more is going to happen: all events are over and every remediation is closed or waits for a person. */
function settled(scenario: Scenario, histories: Histories, sinceBeginMs: number): boolean {
  const lastEvent = Math.max(0, ...scenario.events.map((event) => event.at ?? 0));
  if (sinceBeginMs < lastEvent + quietMs || histories.remediations.length === 0) return false;
  return histories.remediations.every(
    (one) =>
      (one.state === 'closed' && alertsAreDone(scenario, one)) ||
      (waitsForPerson(scenario, one) && Date.now() - one.updatedAtMs > quietMs / 2),
  );
}

async function pause(realMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, realMs));
}

function scheduleKills(scenario: Scenario, app: AppProcess): NodeJS.Timeout[] {
  return scenario.events.flatMap((event) => {
    if (event.do !== 'kill-pullmedic') return [];
    const kill = setTimeout(() => void app.kill(), realDelay(event.at));
    const start = setTimeout(() => void app.start(), realDelay(event.at + event.for));
    return [kill, start];
  });
}

/** What people do to pullmedic itself, at its own door. Repeated until it is taken: the process may be down for a moment. */
async function visit(
  scenario: Scenario,
  app: AppProcess,
  histories: Histories,
  done: Set<number>,
  sinceBeginMs: number,
) {
  for (const [index, event] of scenario.events.entries()) {
    if (done.has(index) || !('at' in event) || sinceBeginMs < (event.at ?? 0)) continue;
    if (event.do === 'ask-pullmedic') {
      const id = `${subscriptionOf(scenario)}/resourceGroups/${groupOf(scenario, event.app)}/providers/Microsoft.App/containerApps/${event.app}`;
      if ((await app.post('signals', { app: id })) === 202) done.add(index);
    }
    if (event.do === 'kill-switch' && (await app.post('kill-switch', { on: event.on, by: event.by })) === 200)
      done.add(index);
    if (event.do !== 'approve' && event.do !== 'reject' && event.do !== 'undo') continue;
    const asked = histories.remediations.find(
      (one) =>
        one.target.appName === event.app &&
        (event.do === 'undo' ? one.undo?.state === 'possible' : one.approval?.state === 'pending'),
    );
    if (asked === undefined) continue;
    const status = await app.post(`remediations/${asked.id}/${event.do}`, { by: event.by });
    if (status === 202) done.add(index);
  }
}

function groupOf(scenario: Scenario, name: string): string {
  return scenario.world.apps.find((one) => one.name === name)?.group ?? '';
}

async function watch(scenario: Scenario, app: AppProcess, stage: Stage): Promise<Histories> {
  const beganMs = Date.now();
  const done = new Set<number>();
  let histories: Histories = { remediations: [], incidents: [] };
  for (;;) {
    await pause(250);
    try {
      histories = await readHistories(app.base);
      stage.onProgress(scenario, histories);
      await visit(scenario, app, histories, done, Date.now() - beganMs);
    } catch {
      // The process is down for a moment: the scenario may have killed it.
    }
    const sinceBeginMs = Date.now() - beganMs;
    if (sinceBeginMs > scenario.until || settled(scenario, histories, sinceBeginMs)) return histories;
  }
}

const unusable = z.object({ settings: z.array(z.string()) });

/** What pullmedic itself says of the settings; without this a wrong one would look like a scenario in which nothing happens. */
async function settingMistakes({ base, keys }: AppProcess): Promise<readonly string[]> {
  // Health reads all it depends on, the sign-in too: asked only where nothing else is there.
  if ((await fetch(`${base}/api/incidents`)).status !== 404) return [];
  const response = await fetch(`${base}/api/health`, { headers: { 'x-functions-key': keys.function } });
  const read = unusable.safeParse(await response.json());
  return read.success ? read.data.settings : [];
}

/** Plays a scenario to its end and stops what is not to be kept. Its history stays in the storage, and `app.startToRead` shows it. */
export async function play(scenario: Scenario, index: number, port: number, stage: Stage): Promise<Played> {
  const { clock, authority, authorityFile } = stage;
  const simulation = await startSimulatedAzure({
    world: scenario.world,
    events: scenario.events,
    authority,
    authorityFile,
    speed: clock.speed,
    seed: scenario.name,
    spoils: stage.disturbs === undefined ? undefined : (request) => stage.disturbs?.spoils(request),
  });
  const env = {
    ...simulation.env,
    ...settingsOf(scenario, simulation),
    AzureWebJobsStorage: stage.storage.connection(accountOf(index)),
  };
  const app = await startApp({
    port,
    env,
    clock,
    functionKey: stage.functionKey,
    onLog: (line) => stage.onLog(scenario, line),
  });
  const mistakes = await settingMistakes(app);
  if (mistakes.length > 0) {
    await Promise.all([app.kill(), simulation.stop()]);
    throw new BadScenario(`${scenario.file}: pullmedic cannot use these settings.\n${mistakes.join('\n')}`);
  }
  stage.disturbs?.started(app);
  simulation.deliverTo(app.urls);
  simulation.begin();
  const kills = scheduleKills(scenario, app);
  const histories = await watch(scenario, app, stage);
  for (const timer of kills) clearTimeout(timer);
  const azure = simulation.state();
  // The process may be down at this very moment: then the record tells of Azure alone.
  const said = await readSaid(app.base, histories).catch(() => []);
  const failures = judge(scenario, histories, simulation.sim, azure);
  if (stage.keep !== 'azure-and-app') await app.kill();
  if (stage.keep === 'nothing') await simulation.stop();
  return {
    scenario,
    app,
    histories,
    azure,
    failures,
    timeline: [...simulation.sim.timeline, ...said].sort((a, b) => a.atMs - b.atMs),
    env: { ...simulation.env, ...clockEnvironment(clock) },
    async stop() {
      if (stage.keep === 'azure-and-app') await app.kill();
      if (stage.keep !== 'nothing') await simulation.stop();
    },
  };
}
