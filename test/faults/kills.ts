// Real kills: the deployed bundle in its host, on real storage and a simulated Azure, gets SIGKILL at the N-th request that it sends and
// is started again. Seed, wire and number say when, so that a line of the report plays a violation again.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../../local/azure/seam/certificates.ts';
import { chanceFromState } from '../../local/chance.ts';
import { realDelay } from '../../local/clock.ts';
import { startConductor } from '../../local/conductor.ts';
import type { Histories } from '../../local/demo/answers.ts';
import type { AppProcess } from '../../local/demo/app-process.ts';
import { accountOf, type Played, play, type Stage } from '../../local/demo/play.ts';
import { parseScenario, type Scenario } from '../../local/scenarios/schema.ts';
import { startStorage } from '../../local/storage.ts';
import { grantViolations } from './grant-count.ts';
import { startStorageProxy } from './storage-proxy.ts';

/** Scenarios with a grant, an approval, a restart, an incident that resolves, one that is withdrawn. */
const names = [
  'missing-acrpull-user-assigned',
  'person-approves',
  'tag-missing',
  'dns-link-missing-says-unauthorized',
  'superseded-by-new-deploy',
] as const;

export interface Kill {
  readonly scenario: string;
  /** Counted are requests to Azure, and requests that change storage; polls come as often as time allows. */
  readonly wire: 'azure' | 'storage';
  readonly request: number;
  /** Counted are only those whose method and path look like this: around the very change. */
  readonly like?: string;
  readonly when: 'before' | 'after';
  /** How long the process is down, in simulated seconds. */
  readonly downSeconds: number;
}

export interface KillOutcome {
  readonly kill: Kill;
  /** Whether the run came to that request at all. */
  readonly struck: boolean;
  readonly violations: readonly string[];
  readonly seconds: number;
}

export interface KillOptions {
  readonly kills: readonly Kill[];
  readonly speed: number;
  /** First of the ports that the processes listen at. */
  readonly port: number;
  readonly sideBySide: number;
  readonly onRun?: (outcome: KillOutcome) => void;
}

/** Requests of an undisturbed run, at least: a kill is put at one of them. */
const room: Readonly<Record<Kill['wire'], number>> = { azure: 60, storage: 70 };

const grants = '^PUT .*/roleassignments/';

/** The change that a scenario comes to in any case. */
const changes: Readonly<Record<(typeof names)[number], readonly string[]>> = {
  'missing-acrpull-user-assigned': [grants],
  'person-approves': [grants],
  'tag-missing': [],
  'dns-link-missing-says-unauthorized': [],
  'superseded-by-new-deploy': [],
};

/** As many kills as asked for; each follows from the seed and its place. */
export function killsOf(count: number, seed: number): Kill[] {
  return Array.from({ length: count }, (_, index): Kill => {
    const chance = chanceFromState(seed * 7919 + index);
    const scenario = names[index % names.length] ?? names[0];
    const rest = {
      scenario,
      when: chance() < 0.5 ? 'before' : 'after',
      downSeconds: 10 + Math.floor(chance() * 110),
    } as const;
    const [change] = changes[scenario];
    if (change !== undefined && chance() < 0.3) return { ...rest, wire: 'azure', request: 1, like: change };
    const wire = chance() < 0.5 ? 'azure' : 'storage';
    return { ...rest, wire, request: 1 + Math.floor(chance() * room[wire]) };
  });
}

/**
 * The app recovered by itself, or went, while the process was down, so nobody saw it fail: the cause was never found, nothing was done and
 * nobody was told. That is an end as good as the scenario's own; an incident that says "unexplained" would not be.
 */
function overUnseen({ closed, times, actions, incident }: Histories['remediations'][number]): boolean {
  const quiet = actions.length === 0 && incident === undefined && times.diagnosedAtMs === undefined;
  return quiet && (closed?.how === 'recovered' || closed?.how === 'withdrawn');
}

/** What a kill may change: how often and how soon a restart was tried. Everything else ends as the scenario says. */
function violationsOf({ failures, azure, histories, scenario }: Played): string[] {
  const unseen = histories.remediations.filter(overUnseen).map(({ target }) => `${target.appName}: `);
  const found = failures
    .filter(({ what }) => !what.endsWith(': actions') && !unseen.some((app) => what.startsWith(app)))
    .map(({ what, expected, seen }) => `${what}: expected ${expected}, seen ${seen}`);
  // As many as the retries after one grant (`retry.atMost`).
  if (azure.restarts > 6) found.push(`restarts: expected at most 6, seen ${azure.restarts}`);
  return [...found, ...grantViolations(azure.writes, histories.remediations, scenario.expect.remediations)];
}

interface Ground {
  readonly stage: Omit<Stage, 'disturbs'>;
  readonly speed: number;
}

async function readNamed(name: string): Promise<Scenario> {
  const file = `local/scenarios/${name}.yaml`;
  return parseScenario(await readFile(new URL(`../../${file}`, import.meta.url), 'utf8'), file);
}

/** Kills the process at the request that was asked for, once, and starts it again later. */
function killer(kill: Kill): {
  meets(wire: Kill['wire'], method: string, path: string): 'before' | 'after' | undefined;
  started(app: AppProcess): void;
  readonly struck: () => boolean;
  over(): Promise<void>;
} {
  const like = kill.like === undefined ? undefined : new RegExp(kill.like, 'i');
  let app: AppProcess | undefined;
  let seen = 0;
  let struck = false;
  let timer: NodeJS.Timeout | undefined;
  let starting: Promise<void> = Promise.resolve();
  return {
    struck: () => struck,
    started(process) {
      app = process;
    },
    meets(wire, method, path) {
      if (wire !== kill.wire || app === undefined) return undefined;
      if (like !== undefined && !like.test(`${method} ${path}`)) return undefined;
      seen += 1;
      if (struck || seen !== kill.request) return undefined;
      struck = true;
      const killed = app;
      // The signal is sent before anything else happens; the answer to this request finds nobody.
      const dead = killed.kill();
      timer = setTimeout(
        () => {
          starting = dead.then(() => killed.start());
          starting.catch(() => undefined);
        },
        realDelay(kill.downSeconds * 1000),
      );
      return kill.when;
    },
    async over() {
      clearTimeout(timer);
      await starting.catch(() => undefined);
      await app?.kill();
    },
  };
}

async function playKilled(ground: Ground, kill: Kill, index: number, port: number): Promise<KillOutcome> {
  const began = performance.now();
  const scenario = await readNamed(kill.scenario);
  const death = killer(kill);
  const proxy = await startStorageProxy(({ method, path }) => {
    const when = method === 'GET' ? undefined : death.meets('storage', method, path);
    return when === undefined ? undefined : { do: 'reset', when };
  });
  const { storage } = ground.stage;
  const stage: Stage = {
    ...ground.stage,
    storage: { ...storage, connection: (account) => proxy.through(storage.connection(account)) },
    disturbs: {
      started: (app) => death.started(app),
      spoils: ({ method, url }) => {
        const when = death.meets('azure', method, url.pathname);
        return when === undefined ? undefined : { do: 'reset', when };
      },
    },
  };
  try {
    const played = await play(scenario, index, port, stage);
    await played.stop();
    const seconds = Math.round((performance.now() - began) / 1000);
    return { kill, struck: death.struck(), violations: violationsOf(played), seconds };
  } finally {
    await death.over();
    await proxy.stop();
  }
}

/** Plays every kill. Must be the only one in its process: it sets the process's clock. */
export async function playKills({ kills, speed, port, sideBySide, onRun }: KillOptions): Promise<KillOutcome[]> {
  const first = await readNamed(names[0]);
  const conductor = startConductor(Date.parse(first.world.start), speed);
  const { clock } = conductor;
  const folder = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  const storage = await startStorage(
    kills.map((_, index) => accountOf(index)),
    { clock },
  );
  const outcomes: KillOutcome[] = [];
  try {
    const authority = await createAuthority();
    const authorityFile = join(folder, 'authority.pem');
    await writeFile(authorityFile, authority.pem);
    const quiet = (): void => undefined;
    const ground: Ground = {
      speed,
      stage: { clock, storage, authority, authorityFile, keep: 'nothing', onProgress: quiet, onLog: quiet },
    };
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let index = next++; index < kills.length; index = next++) {
        const kill = kills[index];
        if (kill === undefined) return;
        const outcome = await playKilled(ground, kill, index, port + index);
        outcomes.push(outcome);
        onRun?.(outcome);
      }
    };
    await Promise.all(Array.from({ length: Math.min(sideBySide, kills.length) }, lane));
  } finally {
    await storage.stop();
    conductor.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return outcomes;
}
