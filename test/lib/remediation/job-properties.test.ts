// For every order of executions, roles that are given and taken, starts by people, deaths of the host and passing time: no job is started that
// the settings do not allow, none twice, none whose last execution may have done its work, and nothing is called recovered that never pulled.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listRemediations, showRemediation } from '../../../src/lib/console/views.ts';
import type { ContainerFacts, LogRow, ReplicaFacts, RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { LastCheck } from '../../../src/lib/ports/ports.ts';
import { known } from '../../../src/lib/words/fact.ts';
import type { JobTrigger } from '../../../src/lib/workloads/job/trigger.ts';
import { pageOf } from '../console-pages.ts';
import { app, assignment, config, image, jobId, minute, nowMs, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { MortalHost } from './mortal-host.ts';
import '../same-cases.ts';

/** How long a role takes to work, and how long an execution may last. Milliseconds. */
const propagatesMs = 4 * minute;
const deadlineMs = 4 * minute;

/** What happens to the job, to its role, or to the host. */
type Happening =
  | { readonly do: 'signal' | 'person-starts' | 'person-stops' | 'role-given' | 'role-taken' }
  /** A person starts the job while pullmedic reads the app for the last time. */
  | { readonly do: 'person-starts-at-last-look' }
  | { readonly do: 'die'; readonly after: number }
  | { readonly do: 'wait'; readonly ms: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'signal' as const,
        'person-starts' as const,
        'person-stops' as const,
        'role-given' as const,
        'role-taken' as const,
        'person-starts-at-last-look' as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const), after: fc.nat({ max: 40 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(minute, 3 * minute, 8 * minute, 25 * minute),
    }),
  },
);

/** A job of a world: what starts it, and what the settings allow. */
const worlds = fc.record({
  trigger: fc.constantFrom<JobTrigger>('manual', 'manual', 'manual', 'schedule', 'event', 'unknown'),
  startJobs: fc.constantFrom(true, true, true, false),
  mode: fc.constantFrom('act', 'act', 'act', 'approve', 'observe'),
  /** Not every answer of Azure shows the containers of an execution. */
  shows: fc.constantFrom(true, true, false),
});

interface Execution {
  readonly name: string;
  readonly createdAtMs: number;
  pulledAtMs?: number;
  ended?: { readonly atMs: number; readonly how: 'Failed' | 'Succeeded' | 'Stopped' };
}

/** One start by pullmedic, and what was true of the job at that moment. */
interface Started {
  readonly atMs: number;
  readonly last: Execution | undefined;
}

class World {
  readonly running: Memory;
  readonly started: Started[] = [];
  readonly executions: Execution[] = [];
  readonly #roles: { readonly sinceMs: number; untilMs: number }[] = [];
  readonly #chosen: { readonly trigger: JobTrigger; readonly shows: boolean };
  #signals = 0;
  readonly #host = new MortalHost();
  #startsAtLastLook = false;

  constructor(chosen: { trigger: JobTrigger; startJobs: boolean; mode: string; shows: boolean }) {
    this.#chosen = chosen;
    const settings = JSON.stringify({ stableMinutes: 3, retry: { startJobs: chosen.startJobs } });
    this.running = memory(config({ PULLMEDIC_MODE: chosen.mode, PULLMEDIC_SETTINGS: settings }), roleMissing, nowMs);
    this.#start(nowMs - 2 * minute);
    this.running.world.before = () => this.#host.called();
    Object.assign(this.running.ports.azure, {
      probe: async (probe: keyof Evidence) => {
        this.#host.called();
        const fact = this.#evidence()[probe];
        // The app is read by itself only at the last look, and by the signal.
        if (probe === 'app' && this.#startsAtLastLook) {
          this.#startsAtLastLook = false;
          this.#start(this.#nowMs);
        }
        return { facts: { [probe]: fact }, calls: 1 };
      },
    });
    Object.assign(this.running.ports.actions, {
      grant: async (_grant: unknown, _by: unknown, lastCheck: LastCheck) => {
        if ((await lastCheck()) !== undefined) return { outcome: 'withheld', because: 'kill-switch' };
        if (!this.#hasRole()) this.#giveRole();
        return { outcome: 'done', undo: 'x' };
      },
      start: async (_job: unknown, lastCheck: LastCheck) => {
        if ((await lastCheck()) !== undefined) return { outcome: 'withheld', because: 'kill-switch' };
        this.#live();
        this.started.push({ atMs: this.#nowMs, last: this.executions.at(-1) });
        this.#start(this.#nowMs);
        this.#host.called();
        return { outcome: 'done' };
      },
    });
  }

  async happens(one: Happening): Promise<void> {
    await this.#host.survives(this.running, () => this.#happens(one));
  }

  async #happens(one: Happening): Promise<void> {
    switch (one.do) {
      case 'signal':
        this.#signals += 1;
        return this.running.deliver({
          ...signal,
          id: `alert|${this.#signals}`,
          about: { kind: 'app', id: jobId },
          atMs: this.#nowMs,
        });
      case 'person-starts':
        return this.#start(this.#nowMs);
      case 'person-stops': {
        this.#live();
        const last = this.executions.at(-1);
        if (last !== undefined && last.ended === undefined) last.ended = { atMs: this.#nowMs, how: 'Stopped' };
        return undefined;
      }
      case 'role-given':
        return this.#hasRole() ? undefined : this.#giveRole();
      case 'role-taken':
        for (const role of this.#roles) role.untilMs = Math.min(role.untilMs, this.#nowMs);
        return undefined;
      case 'person-starts-at-last-look':
        this.#startsAtLastLook = true;
        return undefined;
      case 'die':
        this.#host.diesAtCall(one.after);
        return undefined;
      case 'wait':
        return this.running.pass(one.ms);
    }
  }

  get #nowMs(): number {
    return this.running.world.nowMs;
  }

  #start(createdAtMs: number): void {
    this.executions.push({ name: `job-import-${this.executions.length}`, createdAtMs });
  }

  #giveRole(): void {
    this.#roles.push({ sinceMs: this.#nowMs, untilMs: Number.POSITIVE_INFINITY });
  }

  #hasRole(): boolean {
    return this.#roles.some(({ untilMs }) => untilMs > this.#nowMs);
  }

  /** Brings the executions to this instant: the platform tries to pull all the time, and one that has its image runs for a minute. */
  #live(): void {
    for (const execution of this.executions) {
      if (execution.ended !== undefined) continue;
      const untilMs = Math.min(this.#nowMs, execution.createdAtMs + deadlineMs);
      const worksMs = this.#roles
        .map(({ sinceMs, untilMs: takenMs }) => ({ fromMs: sinceMs + propagatesMs, takenMs }))
        .map(({ fromMs, takenMs }) => ({ atMs: Math.max(fromMs, execution.createdAtMs), takenMs }))
        .find(({ atMs, takenMs }) => atMs <= untilMs && atMs < takenMs)?.atMs;
      if (worksMs !== undefined) execution.pulledAtMs ??= worksMs;
      const { pulledAtMs } = execution;
      if (pulledAtMs !== undefined && pulledAtMs + minute <= this.#nowMs)
        execution.ended = { atMs: pulledAtMs + minute, how: 'Succeeded' };
      else if (pulledAtMs === undefined && execution.createdAtMs + deadlineMs <= this.#nowMs)
        execution.ended = { atMs: execution.createdAtMs + deadlineMs, how: 'Failed' };
    }
  }

  #evidence(): Evidence {
    this.#live();
    const role = this.#roles.findLast(({ untilMs }) => untilMs > this.#nowMs);
    return {
      ...roleMissing,
      atMs: this.#nowMs,
      app: known({ ...app, id: jobId, job: { trigger: this.#chosen.trigger } }),
      revisions: known(this.executions.map((one, at) => this.#revisionOf(one, at)).toReversed()),
      replicas: known(this.executions.map((one) => this.#replicaOf(one)).toReversed()),
      logs: known(this.executions.flatMap(rowsOf)),
      roles: known(role === undefined ? [] : [assignment(0, { createdAtMs: role.sinceMs })]),
      holders: known({ resources: [{ id: jobId }], tenant: 'same' }),
    };
  }

  #revisionOf({ name, createdAtMs, ended }: Execution, at: number): RevisionFacts {
    return {
      name,
      active: at === this.executions.length - 1 || ended === undefined,
      createdAtMs,
      images: [image],
      provisioningState: 'unknown',
      runningState: ended?.how ?? 'Running',
      healthState: 'unknown',
      trafficWeight: 0,
      ...(ended === undefined ? { minReplicas: 1 } : { ended: true }),
    };
  }

  #replicaOf({ name, createdAtMs, pulledAtMs, ended }: Execution): ReplicaFacts {
    const pulled = pulledAtMs !== undefined;
    const state = !pulled ? 'Waiting' : ended === undefined ? 'Running' : 'Terminated';
    const shown: ContainerFacts = { name: 'app', image, ready: pulled, state };
    const hidden = { ...shown, ready: ended?.how === 'Succeeded', state: 'unknown' };
    return { name: `${name}-x`, revision: name, createdAtMs, containers: [this.#chosen.shows ? shown : hidden] };
  }
}

function rowsOf({ name, createdAtMs, pulledAtMs }: Execution): LogRow[] {
  const row = { revision: name, replica: `${name}-x`, severity: 'Normal' };
  const failed = pulledAtMs === createdAtMs ? [] : [createdAtMs + 1000];
  return [
    ...failed.map((atMs) => ({
      ...row,
      atMs,
      reason: 'ImagePullUnauthorized',
      text: `Container pull image failed with unauthorized error: ${image}`,
    })),
    ...(pulledAtMs === undefined
      ? []
      : [{ ...row, atMs: pulledAtMs, reason: 'PulledImage', text: `Successfully pulled image "${image}"` }]),
  ];
}

const seen = { starts: 0, recovered: 0, handedOver: 0 };

async function judge(world: World, chosen: { trigger: JobTrigger; startJobs: boolean; mode: string }): Promise<void> {
  const { started, executions, running } = world;
  const allowed = chosen.startJobs && chosen.trigger === 'manual' && chosen.mode === 'act';
  expect(allowed ? [] : started).toEqual([]);
  for (const [at, { atMs, last }] of started.entries()) {
    expect(atMs - (started[at - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(24 * 60 * minute);
    expect(last).toMatchObject({ ended: { how: 'Failed' } });
    expect(last?.pulledAtMs).toBeUndefined();
  }
  seen.starts += started.length;
  for (const view of await listRemediations(running.ports)) {
    if (view.incident !== undefined) seen.handedOver += 1;
    if (view.closed?.how !== 'recovered') continue;
    seen.recovered += 1;
    const closedAtMs = view.closed.atMs;
    expect(executions.some(({ pulledAtMs }) => pulledAtMs !== undefined && pulledAtMs <= closedAtMs)).toBe(true);
  }
}

describe('a job', () => {
  it('is started only where that is allowed, once, and never where its last execution may have worked', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.array(happening, { minLength: 4, maxLength: 16 }), async (chosen, all) => {
        const world = new World(chosen);
        await world.happens({ do: 'signal' });
        for (const one of all) await world.happens(one);
        await world.happens({ do: 'wait', ms: 30 * minute });
        await judge(world, chosen);
      }),
      { numRuns: 150 },
    );
    // It would hold of a job that is never started, too.
    expect(seen.starts).toBeGreaterThan(3);
    expect(seen.recovered).toBeGreaterThan(10);
    expect(seen.handedOver).toBeGreaterThan(3);
  });

  it('has a page that speaks of it and its executions, not of an app and its revisions', async () => {
    const world = new World({ trigger: 'manual', startJobs: true, mode: 'act', shows: true });
    await world.happens({ do: 'signal' });
    await world.happens({ do: 'wait', ms: 60 * minute });
    const [view] = await listRemediations(world.running.ports);
    if (view === undefined) throw new Error('there is a remediation');
    const shown = await showRemediation(world.running.ports, view.id);
    const text = pageOf(view, shown?.entries ?? [])
      .replace(/^.*<main[^>]*>/s, '')
      .replace(/<code>.*?<\/code>|<pre>.*?<\/pre>|<[^>]*>/gs, ' ');

    expect(view.actions.map(({ action, outcome }) => `${action}: ${outcome}`)).toEqual(['grant: done', 'start: done']);
    expect(view.closed?.how).toBe('recovered');
    expect(text).toContain('Starts the job again');
    expect(text.match(/.{0,40}(?<![\w./-])(?:apps?(?! team)|revisions?)(?![\w./-]).{0,20}/gi) ?? []).toEqual([]);
  });
});
