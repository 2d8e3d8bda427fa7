// Plays one scenario: a simulated Azure, an app process of its own, and what happens until everything has settled.

import { z } from 'zod';
import type { Authority } from '../azure/seam/certificates.ts';
import type { Spoilt } from '../azure/seam/proxy.ts';
import { type Simulation, startSimulatedAzure } from '../azure/simulation.ts';
import type { SimRequest } from '../azure/wire/request.ts';
import { clockEnvironment } from '../clock.ts';
import type { RunClock } from '../conductor.ts';
import { visitorHeaders } from '../host/sign-in.ts';
import { type PlayedSystems, startPlayed } from '../incidents/played.ts';
import { startSystem } from '../incidents/server.ts';
import { BadScenario, type Scenario } from '../scenarios/schema.ts';
import type { Storage } from '../storage.ts';
import { type Histories, readHistories, readStories, saidIn } from './answers.ts';
import { type AppProcess, startApp } from './app-process.ts';
import { type Door, hasVisitDue, settingsOf, settled, visit } from './course.ts';
import { judge } from './judge.ts';
import { incidentSettings } from './people.ts';
import type { Told } from './told.ts';

export interface Played extends Told {
  readonly app: AppProcess;
  /** What a process needs to reach this scenario's Azure, while that is kept. */
  readonly env: Readonly<Record<string, string>>;
  /** App settings with the secrets of incident systems. */
  readonly secrets: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface Stage {
  readonly clock: RunClock;
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

async function pause(realMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, realMs));
}

function scheduleKills(scenario: Scenario, app: AppProcess, { scheduler }: Simulation['sim']): void {
  const beganMs = scheduler.now();
  for (const event of scenario.events) {
    if (event.do !== 'kill-pullmedic') continue;
    scheduler.at(beganMs + event.at, () => void app.kill());
    scheduler.at(beganMs + event.at + event.for, () => void app.start());
  }
}

/** How often it is looked whether pullmedic has done something, in real milliseconds. Its histories are read only where it has. */
const lookEachMs = 100;

async function watch(
  scenario: Scenario,
  app: AppProcess,
  systems: Pick<PlayedSystems, 'seen'>,
  stage: Stage,
): Promise<Histories> {
  const beganMs = Date.now();
  const done = new Set<number>();
  let histories: Histories = { remediations: [], incidents: [] };
  let seen: number | undefined;
  const door: Omit<Door, 'seen'> = {
    base: app.base,
    post: (route, body, by) => app.post(route, body, by),
    get: (route) => app.get(route),
    open: async (url, by) => (await fetch(url, { headers: visitorHeaders(by) })).status,
  };
  for (;;) {
    await pause(lookEachMs);
    const worked = app.worked();
    const sinceMs = Date.now() - beganMs;
    if (worked === undefined || worked !== seen || hasVisitDue(scenario, done, sinceMs)) {
      try {
        histories = await readHistories(app.base);
        stage.onProgress(scenario, histories);
        await visit(scenario, { ...door, seen: systems.seen() }, histories, done, sinceMs);
        seen = worked;
      } catch {
        // The process is down for a moment: the scenario may have killed it.
      }
    }
    const sinceBeginMs = Date.now() - beganMs;
    const unseen = app.worked() !== seen;
    const isQuiet = !unseen && settled(scenario, histories, systems.seen(), sinceBeginMs);
    if (sinceBeginMs > scenario.until || isQuiet) return histories;
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
  const systems = await startPlayed(scenario.pullmedic.incidentSystems, startSystem, Date.now);
  const simulation = await startSimulatedAzure({
    guests: systems.inAzure,
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
    ...settingsOf(scenario, simulation, incidentSettings(systems, `http://127.0.0.1:${port}`)),
    ...systems.env,
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
    await Promise.all([app.kill(), simulation.stop(), systems.stop()]);
    throw new BadScenario(`${scenario.file}: pullmedic cannot use these settings.\n${mistakes.join('\n')}`);
  }
  stage.disturbs?.started(app);
  simulation.deliverTo(app.urls);
  simulation.begin();
  const beganMs = Date.now();
  scheduleKills(scenario, app, simulation.sim);
  const histories = await watch(scenario, app, systems, stage);
  const behindMs = clock.behindSince(beganMs);
  const azure = simulation.state();
  // The process may be down at this very moment: then the record tells of Azure alone.
  const stories = await readStories(app.base, histories).catch(() => undefined);
  const failures = judge(scenario, { histories, stories, sim: simulation.sim, state: azure, seen: systems.seen() });
  if (stage.keep !== 'azure-and-app') await Promise.all([app.kill(), systems.stop()]);
  if (stage.keep === 'nothing') await simulation.stop();
  return {
    scenario,
    app,
    histories,
    azure,
    failures,
    behindMs,
    timeline: [...simulation.sim.timeline, ...saidIn(stories ?? [])].sort((a, b) => a.atMs - b.atMs),
    env: { ...simulation.env, ...clockEnvironment(clock) },
    secrets: systems.env,
    async stop() {
      if (stage.keep === 'azure-and-app') await Promise.all([app.kill(), systems.stop()]);
      if (stage.keep !== 'nothing') await simulation.stop();
    },
  };
}
