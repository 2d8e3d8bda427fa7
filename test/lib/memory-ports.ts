// The ports in memory, with a clock that jumps: for rules about the pipeline. The ledger keeps the rules of the real one.
import { createHash } from 'node:crypto';
import { entryKinds } from '../../src/lib/azure/ports.ts';
import type { AlertFacts } from '../../src/lib/decision/alert-state.ts';
import type { Evidence } from '../../src/lib/evidence/evidence.ts';
import type { AppSummary } from '../../src/lib/evidence/reads.ts';
import { type CountedSignals, noneCounted } from '../../src/lib/history/counted-signals.ts';
import type { AlertState, Entry } from '../../src/lib/history/entries.ts';
import type { Grant } from '../../src/lib/history/grant.ts';
import type { IndexRow } from '../../src/lib/history/index-row.ts';
import type { Ledger, StoredEntry } from '../../src/lib/history/ledger.ts';
import { UnreadableHistory } from '../../src/lib/history/ledger.ts';
import { codeOf, type RefusalCode } from '../../src/lib/history/refusals.ts';
import type { IncidentSystem } from '../../src/lib/incidents/system.ts';
import { handleSignal } from '../../src/lib/intake/intake.ts';
import type { KillSwitchState, Pulse, SweepNote } from '../../src/lib/ports/controls.ts';
import type {
  ActionAnswer,
  Assignee,
  LastCheck,
  MadeGrant,
  PlannedLook,
  Ports,
  UndoAnswer,
} from '../../src/lib/ports/ports.ts';
import { handleStep } from '../../src/lib/remediation/handle-step.ts';
import type { Config } from '../../src/lib/settings/config.ts';
import type { Signal } from '../../src/lib/signals/signal.ts';
import type { Step } from '../../src/lib/signals/step.ts';
import type { Tell } from '../../src/lib/signals/tell.ts';
import type { AlertId, ArmId } from '../../src/lib/words/arm-id.ts';
import { type Fact, known, unreadable, valueOf } from '../../src/lib/words/fact.ts';
import type { RemediationId } from '../../src/lib/words/target.ts';
import { memoryFormSeals } from './memory-form-seals.ts';
import { memoryIndex } from './memory-index.ts';
import { memoryOutbox } from './memory-outbox.ts';

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

interface MemoryRow {
  readonly seq: number;
  readonly atMs: number;
  readonly text: string;
  readonly hash: string;
}

export interface MemoryLedger<T> extends Ledger<T> {
  /** The rows as they are kept; a test may tamper with them. */
  readonly all: Map<string, MemoryRow[]>;
}

const genesis = '0';
/** As much as one row of the real table holds. */
const mostCharacters = 450_000;

/**
 * A ledger in memory that keeps the rules of the real one: one writer of a number, what is read back went through JSON, entries are
 * chained, an unknown kind is not read. Rows that were found right once are not hashed again: they never change in place.
 */
export function memoryLedger<T extends { readonly kind: string }>(
  now: () => number,
  kinds?: readonly T['kind'][],
  all: Map<string, MemoryRow[]> = new Map(),
): MemoryLedger<T> {
  const right = new WeakMap<MemoryRow, { readonly after: string; readonly stored: StoredEntry<T> }>();
  const hashOf = (after: string, { seq, atMs, text }: Omit<MemoryRow, 'hash'>): string =>
    shortHash(`${after}|${seq}|${atMs}|${text}`);
  function checked(row: MemoryRow, after: string, seq: number): StoredEntry<T> {
    const seen = right.get(row);
    if (seen?.after === after && row.seq === seq) return seen.stored;
    if (row.seq !== seq || row.hash !== hashOf(after, row))
      throw new UnreadableHistory('broken', 'The history does not add up.');
    const entry = JSON.parse(row.text) as T;
    if (kinds !== undefined && !kinds.includes(entry.kind))
      throw new UnreadableHistory('newer-version', 'An entry of an unknown kind.');
    const stored = { seq, atMs: row.atMs, entry };
    right.set(row, { after, stored });
    return stored;
  }
  return {
    all,
    async read(partition) {
      const rows = all.get(partition) ?? [];
      return rows.map((row, index) => checked(row, rows[index - 1]?.hash ?? genesis, index + 1));
    },
    async append(partition, after, entry) {
      const rows = all.get(partition) ?? [];
      if (rows.length !== after) return 'taken';
      const row = { seq: after + 1, atMs: now(), text: JSON.stringify(entry) };
      if (row.text.length > mostCharacters) throw new Error('An entry is too large.');
      all.set(partition, [...rows, { ...row, hash: hashOf(rows.at(-1)?.hash ?? genesis, row) }]);
      return 'appended';
    },
  };
}

/** The counted signals of each remediation, with one writer of a version. */
export function memoryCounts(before: (call: string) => void = () => undefined): Ports['counted'] {
  const rows = new Map<RemediationId, { readonly text: string; readonly version: number }>();
  return {
    async read(remediation) {
      before('counted.read');
      const row = rows.get(remediation);
      return row === undefined
        ? { counted: noneCounted }
        : { counted: JSON.parse(row.text) as CountedSignals, version: String(row.version) };
    },
    async write(remediation, counted, version) {
      before('counted.write');
      const row = rows.get(remediation);
      if (version !== (row === undefined ? undefined : String(row.version))) return 'taken';
      rows.set(remediation, { text: JSON.stringify(counted), version: (row?.version ?? 0) + 1 });
      return 'written';
    },
  };
}

/** An archive to which nothing moves. */
export const nothingToArchive: Ports['archive'] = {
  makePlace: async () => undefined,
  move: async () => ({ kind: 'moved', removed: 0 }),
  mark: async () => undefined,
  progress: async () => undefined,
  noteProgress: async () => undefined,
  leave: async () => undefined,
  noLongerLeft: async () => undefined,
  left: async () => [],
  countLeft: async () => 0,
};

/** The plan of wake-ups, with one writer of a version. */
export function memoryWakes(before: (call: string) => void = () => undefined): Ports['wakes'] {
  let looks: readonly PlannedLook[] = [];
  let writes = 0;
  return {
    async read() {
      before('wakes.read');
      return { looks, ...(writes === 0 ? {} : { version: String(writes) }) };
    },
    async write(next, version) {
      before('wakes.write');
      if (version !== (writes === 0 ? undefined : String(writes))) return 'taken';
      looks = next;
      writes += 1;
      return 'written';
    },
  };
}

/** The index, each of whose functions is called through `call`. */
export function calling(
  index: Ports['index'],
  call: <T>(name: string, answer: () => Promise<T>) => Promise<T>,
): Ports['index'] {
  return {
    put: (row) => call('put', () => index.put(row)),
    all: () => call('all', () => index.all()),
    live: () => call('live', () => index.live()),
    listLive: () => call('listLive', () => index.listLive()),
    waiting: () => call('waiting', () => index.waiting()),
    overdue: (beforeMs) => call('overdue', () => index.overdue(beforeMs)),
    liveOf: (appId) => call('liveOf', () => index.liveOf(appId)),
    liveOfTarget: (targetId) => call('liveOfTarget', () => index.liveOfTarget(targetId)),
    closed: (asked, search) => call('closed', () => index.closed(asked, search)),
    lastClosed: (targetId) => call('lastClosed', () => index.lastClosed(targetId)),
    targetsOf: (appId) => call('targetsOf', () => index.targetsOf(appId)),
    asleep: () => call('asleep', () => index.asleep()),
    stopWatching: (remediation) => call('stopWatching', () => index.stopWatching(remediation)),
    leftAmongLive: (limit) => call('leftAmongLive', () => index.leftAmongLive(limit)),
    noteIncident: (id) => call('noteIncident', () => index.noteIncident(id)),
    putIncident: (row) => call('putIncident', () => index.putIncident(row)),
    openIncidents: () => call('openIncidents', () => index.openIncidents()),
    closedIncidents: (asked) => call('closedIncidents', () => index.closedIncidents(asked)),
    incidents: () => call('incidents', () => index.incidents()),
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
  /** What people call the subscriptions whose name can be read. */
  subscriptionNames: Map<string, string>;
  /** Whether requests to Azure are scarce. */
  scarce: boolean;
  /** What a list of all apps says of the app, in a crowd of signals. */
  listed: AppSummary | undefined;
  readonly granted: Grant[];
  /** Assignments as they read now, by the remediation that made them. */
  made: Fact<MadeGrant>;
  /** What a removal answers, and what was removed. */
  removeAnswer: UndoAnswer;
  readonly removed: Grant[];
  readonly restarted: string[];
  /** Suffixes that were asked for. */
  readonly revised: string[];
  /** Alerts as Azure shows them, and what was set. Without one it is gone. */
  readonly alerts: Map<AlertId, Fact<AlertFacts>>;
  readonly alertsSet: { readonly alert: AlertId; readonly state: AlertState }[];
  /** What setting an alert answers; what is done shows in the alert. */
  alertAnswer: ActionAnswer;
  restartAnswer: ActionAnswer;
  /** Jobs that were started, and what a start answers. */
  readonly started: ArmId[];
  startAnswer: ActionAnswer;
  pulse: Fact<Pulse | undefined>;
  /** Who has the role of an assignment; without one it is gone. */
  readonly assignees: Map<string, Fact<Assignee>>;
  swept: Fact<SweepNote | undefined>;
  /** What the kill switch was set to, by whom and when. */
  setting: KillSwitchState | undefined;
  readonly steps: { step: Step; dueAtMs: number }[];
  readonly signals: { signal: Signal; dueAtMs: number }[];
  readonly tells: { tell: Tell; dueAtMs: number }[];
  /** Incident systems by their name in the settings. */
  readonly systems: Map<string, IncidentSystem>;
  /** Called before each port call with its name; throw to make it fail. */
  before: (call: string) => void;
}

export interface Memory {
  readonly world: MemoryWorld;
  readonly ports: Ports;
  readonly histories: MemoryLedger<Entry>;
  readonly rows: Map<string, IndexRow>;
  /** Handles a signal and every step that is due, until nothing is due at this instant. */
  settle(): Promise<void>;
  /** Lets time pass, handling each step when it is due. */
  pass(ms: number): Promise<void>;
  deliver(signal: Signal): Promise<void>;
}

export function memory(config: Config, evidence: Evidence, nowMs: number): Memory {
  const world: MemoryWorld = {
    nowMs,
    evidence,
    killSwitch: known(false),
    grantAnswer: { outcome: 'done', undo: 'x' },
    grantExists: known(false),
    subscriptionNames: new Map(),
    scarce: false,
    listed: undefined,
    made: known({ kind: 'ours', assignment: 'x' }),
    removeAnswer: { outcome: 'removed' },
    removed: [],
    granted: [],
    restarted: [],
    revised: [],
    alerts: new Map(),
    alertsSet: [],
    alertAnswer: { outcome: 'done' },
    restartAnswer: { outcome: 'done' },
    started: [],
    startAnswer: { outcome: 'done' },
    // Awake for ever: who wants a slow start says so.
    pulse: known({ sinceMs: 0, lastMs: Number.MAX_SAFE_INTEGER }),
    setting: undefined,
    swept: known(undefined),
    assignees: new Map(),
    steps: [],
    signals: [],
    tells: [],
    systems: new Map(),
    before: () => undefined,
  };
  const now = (): number => world.nowMs;
  let settings = 0;
  const rows = new Map<string, IndexRow>();
  const histories = memoryLedger<Entry>(now, entryKinds);
  const index = memoryIndex(rows);
  const call = async <T>(name: string, answer: () => T | Promise<T>): Promise<T> => {
    world.before(name);
    return answer();
  };
  /** A write, as the real ones are: the last check comes right before it, after what it reads itself. */
  const written = async <T>(
    name: string,
    lastCheck: LastCheck,
    answer: () => T,
  ): Promise<T | { outcome: 'withheld'; because: RefusalCode }> => {
    world.before(`${name}.reads`);
    const refusal = await lastCheck();
    return refusal === undefined ? call(name, answer) : { outcome: 'withheld', because: codeOf(refusal) };
  };
  const guarded = <T extends { readonly kind: string }>(name: string, ledger: Ledger<T>): Ledger<T> => ({
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
    history: guarded('history', histories),
    incidents: guarded('incidents', memoryLedger(now)),
    deployment: guarded('deployment', memoryLedger(now)),
    counted: memoryCounts((name) => world.before(name)),
    index: calling(index, (name, answer) => call(`index.${name}`, answer)),
    queue: {
      sendStep: (step, dueAtMs) => call('queue.sendStep', () => void world.steps.push({ step, dueAtMs })),
      sendSignal: (signal, dueAtMs) => call('queue.sendSignal', () => void world.signals.push({ signal, dueAtMs })),
      sendTell: (tell, dueAtMs) => call('queue.sendTell', () => void world.tells.push({ tell, dueAtMs })),
    },
    azure: {
      scarce: () => world.scarce,
      assignee: (assignment) => call('assignee', () => world.assignees.get(assignment) ?? known('gone' as const)),
      probe: (probe) =>
        call(`probe.${probe}`, () => ({
          facts: { [probe]: world.evidence[probe] ?? unreadable('not-asked') },
          calls: 1,
        })),
      listed: async () => world.listed,
      listApps: () =>
        call('listApps', () => {
          const app = valueOf(world.evidence.app);
          const apps =
            app === undefined || app === 'gone'
              ? []
              : [{ id: app.id, provisioningState: app.provisioningState, latestRevision: app.latestRevision ?? '' }];
          return known({ apps, skipped: 0 });
        }),
      findApps: (name) =>
        call('findApps', () => {
          const app =
            world.evidence.app?.read && world.evidence.app.value !== 'gone' ? world.evidence.app.value.id : undefined;
          return known({
            ids: app !== undefined && app.endsWith(`/${name}`) ? [app] : [],
            fits: 'environment' as const,
          });
        }),
    },
    actions: {
      grant: (grant, _by, lastCheck) =>
        written('grant', lastCheck, () => {
          world.granted.push(grant);
          return world.grantAnswer;
        }),
      findGrant: () => call('findGrant', () => world.grantExists),
      readMade: () => call('readMade', () => world.made),
      removeGrant: (grant, _by, lastCheck) =>
        written('removeGrant', lastCheck, () => {
          world.removed.push(grant);
          return world.removeAnswer;
        }),
      restart: (_app, revision, lastCheck) =>
        written('restart', lastCheck, () => {
          world.restarted.push(revision);
          return world.restartAnswer;
        }),
      start: (app, lastCheck) =>
        written('start', lastCheck, () => {
          world.started.push(app);
          return world.startAnswer;
        }),
      newRevision: (_app, suffix, _template, lastCheck) =>
        written('newRevision', lastCheck, () => {
          world.revised.push(suffix);
          return { outcome: 'unknown', because: 'accepted' };
        }),
      readAlert: (alert) => call('readAlert', () => world.alerts.get(alert) ?? known('gone' as const)),
      setAlert: (alert, state, lastCheck) =>
        written('setAlert', lastCheck, () => {
          world.alertsSet.push({ alert, state });
          const facts = world.alerts.get(alert);
          if (world.alertAnswer.outcome === 'done' && facts?.read)
            world.alerts.set(alert, known({ ...facts.value, state }));
          return world.alertAnswer;
        }),
    },
    killSwitch: () => call('killSwitch', () => world.killSwitch),
    controls: {
      setting: async () => known(world.setting),
      async turnOn(set) {
        await call('controls.turnOn', () => undefined);
        settings += 1;
        world.setting = { on: true, ...set, version: String(settings) };
        world.killSwitch = known(true);
      },
      async turnOff(set, seen) {
        await call('controls.turnOff', () => undefined);
        if (world.setting?.version !== seen) return 'moved';
        settings += 1;
        world.setting = { on: false, ...set, version: String(settings) };
        world.killSwitch = known(false);
        return 'off';
      },
    },
    pulse: {
      read: async () => world.pulse,
      async write(pulse) {
        world.pulse = known(pulse);
      },
    },
    wakes: memoryWakes((name) => world.before(name)),
    archive: { ...nothingToArchive },
    outbox: memoryOutbox((name) => world.before(name)),
    incidentSystems: { named: async (name) => world.systems.get(name) },
    seals: memoryFormSeals((name) => world.before(name)),
    subscriptions: { nameOf: async (id) => world.subscriptionNames.get(id) },
    sweeps: {
      read: async () => world.swept,
      async write(note) {
        world.swept = known(note);
      },
    },
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
    histories,
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
