// Plays scenarios on real parts: the deployed bundle in processes of its own, Azurite, TLS and a clock that runs faster than real time.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../azure/seam/certificates.ts';
import { type Conductor, type Pace, startConductor } from '../conductor.ts';
import type { Scenario } from '../scenarios/schema.ts';
import { startStorage } from '../storage.ts';
import type { Histories } from './answers.ts';
import { startFront } from './front.ts';
import type { Options } from './options.ts';
import { accountOf, type Played, play, type Stage } from './play.ts';
import type { Told } from './told.ts';

/** How many scenarios run at once, each in its own process: all scenarios of the tour, and fewer of a longer list. */
const sideBySide = { few: 8, many: 6 };

/** What is told while scenarios are played. */
export interface Reports {
  onProgress(scenario: Scenario, histories: Histories): void;
  onLog(scenario: Scenario, line: string): void;
  /** Called when a scenario is over, with its place in the list. */
  onTold(told: Told, index: number): void;
}

export interface RealParts {
  /** Plays all scenarios. Answers in their order. */
  play(): Promise<Played[]>;
  /** Lists these on the start page too: scenarios that were played without real parts, and have no history to open. */
  alsoPlayed(others: readonly Told[]): void;
  /** How far the clock had to wait for the work. */
  pace(): Pace;
  /** What goes on after the scenarios. */
  readonly keep: Stage['keep'];
  stop(): Promise<void>;
}

/** Each app that goes on is a process: only a few of them may stay. */
const mostKept = 6;

function whatToKeep(scenarios: readonly Scenario[], options: Options): Stage['keep'] {
  if (!options.keep) return 'nothing';
  return scenarios.length > mostKept ? 'azure' : 'azure-and-app';
}

/** One clock for everything: the earliest start of the scenarios' worlds. */
function startClock(scenarios: readonly Scenario[], speed: number): Conductor {
  return startConductor(Math.min(...scenarios.map((scenario) => Date.parse(scenario.world.start))), speed);
}

async function inTurns<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  async function worker(): Promise<void> {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) await work(item, index);
    }
  }
  const width = items.length <= sideBySide.few ? items.length : sideBySide.many;
  await Promise.all(Array.from({ length: width }, worker));
}

/** Starts storage, the page of the histories and an authority. From here on `Date` of this process runs faster. */
export async function startRealParts(
  scenarios: readonly Scenario[],
  options: Options,
  reports: Reports,
): Promise<RealParts> {
  const addressOf = (index: number): string => `http://127.0.0.1:${options.port + 1 + index}/api/now`;
  const keep = whatToKeep(scenarios, options);
  const front = await startFront(options.port, scenarios, addressOf, keep === 'azure-and-app');
  const temporary = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  const conductor = startClock(scenarios, options.speed);
  const { clock } = conductor;
  const storage = await startStorage(
    scenarios.map((_, index) => accountOf(index)),
    { clock },
  );
  const authority = await createAuthority();
  const authorityFile = join(temporary, 'authority.pem');
  await writeFile(authorityFile, authority.pem);
  const { functionKey } = options;
  const onProgress: Reports['onProgress'] = (scenario, histories) => {
    front.answers(scenarios.indexOf(scenario));
    reports.onProgress(scenario, histories);
  };
  const stage: Stage = { clock, storage, authority, authorityFile, keep, functionKey, ...reports, onProgress };
  const all: Played[] = [];
  return {
    keep,
    async play() {
      await inTurns(scenarios, async (scenario, index) => {
        const played = await play(scenario, index, options.port + 1 + index, stage);
        all[index] = played;
        front.isOver(index, played, keep === 'azure-and-app' ? undefined : played.app);
        if (options.keep) front.keeps(index, played.env);
        reports.onTold(played, index);
      });
      return all;
    },
    alsoPlayed: (others) => front.alsoPlayed(others),
    pace: () => conductor.pace(),
    async stop() {
      await front.stop();
      await Promise.all(all.map((played) => played.stop()));
      await storage.stop();
      conductor.stop();
      await rm(temporary, { recursive: true, force: true });
    },
  };
}
