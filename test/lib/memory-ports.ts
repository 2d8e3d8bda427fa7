// The ports in memory, with a clock that jumps: for rules about the pipeline. The ledger keeps the rules of the real one.
import { createHash } from 'node:crypto';
import type { Config } from '../../src/lib/config.ts';
import type { Evidence } from '../../src/lib/evidence.ts';
import { type Fact, known, unreadable, valueOf } from '../../src/lib/fact.ts';
import type { Grant, StoredEntry } from '../../src/lib/history.ts';
import { handleSignal } from '../../src/lib/intake.ts';
import type { ActionAnswer, IndexRow, Ledger, MadeGrant, Ports, Step, UndoAnswer } from '../../src/lib/ports.ts';
import { handleStep } from '../../src/lib/remediation.ts';
import type { Signal } from '../../src/lib/signal.ts';
import type { IncidentId } from '../../src/lib/target.ts';

export function memoryLedger<T>(now: () => number): Ledger<T> & { readonly all: Map<string, StoredEntry<T>[]> } {
  const all = new Map<string, StoredEntry<T>[]>();
  return {
    all,
    async read(partition) {
      return [...(all.get(partition) ?? [])];
    },
    async append(partition, after, entry) {
      const entries = all.get(partition) ?? [];
      if (entries.length !== after) return 'taken';
      all.set(partition, [...entries, { seq: after + 1, atMs: now(), entry }]);
      return 'appended';
    },
  };
}

export interface MemoryWorld {
  nowMs: number;
  /** What a probe reads now. */
  evidence: Evidence;
  killSwitch: Fact<boolean>;
  /** What a grant answers; by default it is done. */
  grantAnswer: ActionAnswer;
  grantExists: Fact<boolean>;
  readonly granted: Grant[];
  /** Assignments as they read now, by the remediation that made them. */
  made: Fact<MadeGrant>;
  /** What a removal answers, and what was removed. */
  removeAnswer: UndoAnswer;
  readonly removed: Grant[];
  readonly restarted: string[];
  readonly steps: { step: Step; dueAtMs: number }[];
  readonly signals: { signal: Signal; dueAtMs: number }[];
  /** Called before each port call with its name; throw to make it fail. */
  before: (call: string) => void;
}

export interface Memory {
  readonly world: MemoryWorld;
  readonly ports: Ports;
  readonly rows: Map<string, IndexRow>;
  /** Handles a signal and every step that is due, until nothing is due at this instant. */
  settle(): Promise<void>;
  /** Lets time pass, handling each step when it is due. */
  pass(ms: number): Promise<void>;
  deliver(signal: Signal): Promise<void>;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

export function memory(config: Config, evidence: Evidence, nowMs: number): Memory {
  const world: MemoryWorld = {
    nowMs,
    evidence,
    killSwitch: known(false),
    grantAnswer: { outcome: 'done', undo: 'x' },
    grantExists: known(false),
    made: known({ kind: 'ours', assignment: 'x' }),
    removeAnswer: { outcome: 'removed' },
    removed: [],
    granted: [],
    restarted: [],
    steps: [],
    signals: [],
    before: () => undefined,
  };
  const now = (): number => world.nowMs;
  const rows = new Map<string, IndexRow>();
  const incidentIds = new Set<IncidentId>();
  const call = async <T>(name: string, answer: () => T): Promise<T> => {
    world.before(name);
    return answer();
  };
  const guarded = <T>(name: string, ledger: Ledger<T>): Ledger<T> => ({
    read: async (partition) => {
      world.before(`${name}.read`);
      return ledger.read(partition);
    },
    append: async (partition, after, entry) => {
      world.before(`${name}.append`);
      return ledger.append(partition, after, entry);
    },
  });
  const ports: Ports = {
    now,
    hash: shortHash,
    history: guarded('history', memoryLedger(now)),
    incidents: guarded('incidents', memoryLedger(now)),
    deployment: guarded('deployment', memoryLedger(now)),
    index: {
      put: (row) => call('index.put', () => void rows.set(row.remediation, row)),
      live: () => call('index.live', () => [...rows.values()].filter((row) => !row.closed)),
      liveOf: (appId) =>
        call('index.liveOf', () => [...rows.values()].filter((row) => !row.closed && row.appId === appId)),
      all: () => call('index.all', () => [...rows.values()]),
      asleep: () => call('index.asleep', () => [...rows.values()].filter((row) => row.asleep)),
      noteIncident: (id) => call('index.noteIncident', () => void incidentIds.add(id)),
      incidents: () => call('index.incidents', () => [...incidentIds]),
    },
    queue: {
      sendStep: (step, dueAtMs) => call('queue.sendStep', () => void world.steps.push({ step, dueAtMs })),
      sendSignal: (signal, dueAtMs) => call('queue.sendSignal', () => void world.signals.push({ signal, dueAtMs })),
    },
    azure: {
      probe: (probe) =>
        call(`probe.${probe}`, () => ({
          facts: { [probe]: world.evidence[probe] ?? unreadable('not-asked') },
          calls: 1,
        })),
      listApps: () =>
        call('listApps', () => {
          const app = valueOf(world.evidence.app);
          return known(
            app === undefined || app === 'gone'
              ? []
              : [{ id: app.id, provisioningState: app.provisioningState, latestRevision: app.latestRevision ?? '' }],
          );
        }),
      findApps: (name) =>
        call('findApps', () => {
          const app =
            world.evidence.app?.read && world.evidence.app.value !== 'gone' ? world.evidence.app.value.id : undefined;
          return known(app !== undefined && app.endsWith(`/${name}`) ? [app] : []);
        }),
    },
    actions: {
      grant: (grant) =>
        call('grant', () => {
          world.granted.push(grant);
          return world.grantAnswer;
        }),
      findGrant: () => call('findGrant', () => world.grantExists),
      readMade: () => call('readMade', () => world.made),
      removeGrant: (grant) =>
        call('removeGrant', () => {
          world.removed.push(grant);
          return world.removeAnswer;
        }),
      restart: (_app, revision) =>
        call('restart', () => {
          world.restarted.push(revision);
          return { outcome: 'done' };
        }),
    },
    killSwitch: async () => world.killSwitch,
    log: () => undefined,
  };
  async function runDue(): Promise<void> {
    for (;;) {
      const at = world.steps.findIndex(({ dueAtMs }) => dueAtMs <= world.nowMs);
      const [next] = at < 0 ? [] : world.steps.splice(at, 1);
      if (next === undefined) return;
      await handleStep(ports, config, next.step, false);
    }
  }
  return {
    world,
    ports,
    rows,
    settle: runDue,
    async pass(ms) {
      const untilMs = world.nowMs + ms;
      for (;;) {
        await runDue();
        const dueAtMs = Math.min(...world.steps.map((one) => one.dueAtMs));
        if (dueAtMs > untilMs) break;
        world.nowMs = dueAtMs;
        world.evidence = { ...world.evidence, atMs: dueAtMs };
      }
      world.nowMs = untilMs;
      world.evidence = { ...world.evidence, atMs: untilMs };
    },
    async deliver(signal) {
      await handleSignal(ports, config, signal);
      await runDue();
    },
  };
}
