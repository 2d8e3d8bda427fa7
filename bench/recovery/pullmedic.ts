// Plays one run with pullmedic itself: its intake, looks, diagnosis, decision and history run as they are, on ports in memory. Azure is
// the model of the platform; each request to it and each message takes a while.
import type { ReplicaFacts } from '../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../src/lib/evidence/evidence.ts';
import { handleSignal } from '../../src/lib/intake/intake.ts';
import type { LastCheck, Ports } from '../../src/lib/ports/ports.ts';
import { handleStep } from '../../src/lib/remediation/handle-step.ts';
import type { Config } from '../../src/lib/settings/config.ts';
import { known } from '../../src/lib/words/fact.ts';
import {
  assignment,
  config as configOf,
  image,
  revision,
  roleMissing,
  signal,
  nowMs as startMs,
  stuckReplica,
  unauthorizedRow,
} from '../../test/lib/facts.ts';
import { type Memory, memory } from '../../test/lib/memory-ports.ts';
import { between, chanceFrom } from './chance.ts';
import { type Course, courseOf, longestMs } from './course.ts';
import type { Draw } from './draws.ts';
import { Platform, type Replica, type Row } from './platform.ts';

const second = 1000;
/** How long one request to Azure takes. */
const requestMs = second / 5;
/** A message waits for the next poll of its queue: `maxPollingInterval` of host.json at most. */
const longestPollMs = 5 * second;

export interface Played extends Course {
  /** When the grant was made; the other ways to recover begin from the same grant. Milliseconds since the failure. */
  readonly grantMs: number;
}

/** Plays a run. Throws if no grant was made, because there would be nothing to measure. */
export async function playPullmedic(draw: Draw, settings: Record<string, string> = {}): Promise<Played> {
  const run = new Run(draw, configOf(settings));
  await run.play();
  return run.played();
}

class Run {
  readonly #draw: Draw;
  readonly #config: Config;
  readonly #platform: Platform;
  readonly #memory: Memory;
  readonly #ports: Ports;
  #grantMs: number | undefined;
  #looks = 0;
  #asked = false;

  constructor(draw: Draw, config: Config) {
    this.#draw = draw;
    this.#config = config;
    this.#platform = new Platform(draw);
    this.#memory = memory(config, roleMissing, startMs);
    this.#ports = this.#portsOver(this.#memory.ports);
  }

  /** From the alert to the recovery, or to the end of the run. */
  async play(): Promise<void> {
    const { world } = this.#memory;
    const late = chanceFrom(this.#draw.seed + 4_000_000);
    world.nowMs = startMs + this.#draw.alertMs;
    await handleSignal(this.#ports, this.#config, { ...signal, atMs: world.nowMs });
    for (;;) {
      const next = world.steps.sort((a, b) => a.dueAtMs - b.dueAtMs).shift();
      if (next === undefined) return;
      const handledMs = Math.max(world.nowMs, next.dueAtMs) + between(late, 0, longestPollMs);
      this.#platform.advance(handledMs - startMs);
      if (this.#isOver(handledMs - startMs)) return;
      world.nowMs = handledMs;
      this.#looks += 1;
      await handleStep(this.#ports, this.#config, next.step, false);
      this.#asked ||= [...this.#memory.rows.values()].some(({ needsPerson }) => needsPerson);
    }
  }

  played(): Played {
    const grantMs = this.#grantMs;
    if (grantMs === undefined) throw new Error(`Seed ${this.#draw.seed}: no grant was made.`);
    this.#platform.advance(grantMs + longestMs);
    const told = { looks: this.#looks, leftToAPerson: this.#asked };
    return { ...courseOf(this.#draw, this.#platform, grantMs, told), grantMs };
  }

  /** What comes after the recovery is not measured. */
  #isOver(nowMs: number): boolean {
    return this.#platform.replica().state === 'ready' || nowMs > (this.#grantMs ?? nowMs) + longestMs;
  }

  #portsOver(ports: Ports): Ports {
    const { world } = this.#memory;
    return {
      ...ports,
      azure: {
        ...ports.azure,
        probe: async (probe) => {
          world.nowMs += requestMs;
          this.#platform.advance(world.nowMs - startMs);
          return { facts: { [probe]: this.#evidence()[probe] }, calls: 1 };
        },
      },
      actions: {
        ...ports.actions,
        grant: async (_grant, _by, lastCheck) => {
          await expectNoKillSwitch(lastCheck);
          world.nowMs += requestMs;
          this.#grantMs = world.nowMs - startMs;
          this.#platform.roleWorksAt(this.#grantMs + this.#draw.propagationMs);
          return { outcome: 'done', undo: 'x' };
        },
        restart: async (_app, _revision, lastCheck) => {
          await expectNoKillSwitch(lastCheck);
          world.nowMs += requestMs;
          this.#platform.restart(world.nowMs - startMs);
          return { outcome: 'done' };
        },
      },
    };
  }

  #evidence(): Evidence {
    const { nowMs } = this.#memory.world;
    const grantMs = this.#grantMs;
    return {
      ...roleMissing,
      atMs: nowMs,
      revisions: known([{ ...revision, createdAtMs: startMs }]),
      replicas: known([replicaFacts(this.#platform.replica())]),
      logs: known(this.#platform.rows().map(rowFacts)),
      roles: known(grantMs === undefined ? [] : [assignment(0, { createdAtMs: startMs + grantMs })]),
    };
  }
}

async function expectNoKillSwitch(lastCheck: LastCheck): Promise<void> {
  if ((await lastCheck()) !== undefined) throw new Error('The model never sets the kill switch.');
}

const detailsOf: Readonly<Record<Replica['state'], string>> = {
  pulling: 'Container is waiting with reason: PullingImage on legion.',
  waiting: 'Container is waiting with reason: ImagePullBackOff on legion.',
  starting: 'Container is waiting with reason: ContainerCreating on legion.',
  ready: '',
};

function replicaFacts({ name, createdMs, state }: Replica): ReplicaFacts {
  const isReady = state === 'ready';
  const container = { name: 'app', image, ready: isReady, state: isReady ? 'Running' : 'Waiting' };
  return {
    ...stuckReplica,
    name,
    createdAtMs: startMs + createdMs,
    containers: [{ ...container, details: detailsOf[state] }],
  };
}

const textOf: Readonly<Record<Row['reason'], string>> = {
  PullingImage: `Pulling image '${image}'`,
  ImagePullUnauthorized: unauthorizedRow.text,
  PulledImage: `Successfully pulled image "${image}" in 1.92s. Image size: 49283072 bytes.`,
};

function rowFacts({ atMs, replica, reason }: Row): typeof unauthorizedRow {
  return { ...unauthorizedRow, atMs: startMs + atMs, replica, reason, text: textOf[reason] };
}
