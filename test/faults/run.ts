// Runs a model world to its end with faults: hosts that die, calls that fail or time out, messages that come again or out of order.
import { createHash } from 'node:crypto';
import { answerApproval } from '../../src/lib/approval.ts';
import { sayEntry } from '../../src/lib/console/words.ts';
import { unreadable } from '../../src/lib/fact.ts';
import type { Entry } from '../../src/lib/history.ts';
import type { IncidentEntry } from '../../src/lib/incident.ts';
import { handleSignal } from '../../src/lib/intake.ts';
import type { ActionAnswer, IndexRow, Ledger, LedgerEntry, Ports, Step } from '../../src/lib/ports.ts';
import { handleStep, sendOverdue } from '../../src/lib/remediation.ts';
import type { Signal } from '../../src/lib/signal.ts';
import type { IncidentId } from '../../src/lib/target.ts';
import { listIncidents, listRemediations } from '../../src/lib/views.ts';
import { minute, nowMs } from '../lib/facts.ts';
import { memoryLedger } from '../lib/memory-ports.ts';
import type { Changes, Model } from './models.ts';

export type Fault =
  /** The host dies at this call, before or after it takes effect; its message comes back when the lease is over. */
  | { readonly kind: 'kill'; readonly call: number; readonly when: 'before' | 'after' }
  /** The call fails and the host goes on. */
  | { readonly kind: 'error'; readonly call: number; readonly when: 'before' | 'after' }
  /** Every message comes five times. */
  | { readonly kind: 'five-times' }
  /** Messages that are due come in any order. */
  | { readonly kind: 'reorder' }
  /** Each message is handled by a host whose clock is off by up to three minutes. */
  | { readonly kind: 'skew' }
  /** Two hosts work at once, taking turns at every call. */
  | { readonly kind: 'two-hosts' }
  | { readonly kind: 'none' };

export interface Run {
  readonly model: Model;
  readonly fault: Fault;
  readonly seed: number;
}

export interface Outcome {
  readonly violations: readonly string[];
  /** Port calls of the run: where faults can be put. */
  readonly calls: number;
}

/** A small, fast, seeded source of chance (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class Killed extends Error {
  override readonly name = 'Killed';
}

type Message = { readonly kind: 'signal'; readonly signal: Signal } | { readonly kind: 'step'; readonly step: Step };

interface Queued {
  readonly message: Message;
  visibleMs: number;
  deliveries: number;
  held: boolean;
}

const leaseMs = 10 * minute;
const retryMs = 30_000;
const mostDeliveries = 5;
const poisonPauseMs = 10 * minute;
const endMs = nowMs + 4 * 60 * minute;
/** More than this many handled messages is a loop. */
const mostHandled = 3000;

/** One run. Everything that happens follows from the model, the fault and the seed. */
export class World {
  readonly #run: Run;
  readonly #chance: () => number;
  readonly #queue: Queued[] = [];
  readonly #rows = new Map<string, IndexRow>();
  readonly #incidents = new Set<IncidentId>();
  readonly #history: Ledger<Entry>;
  readonly #incidentEntries: Ledger<IncidentEntry>;
  readonly #deployment: Ledger<LedgerEntry>;
  #nowMs = nowMs;
  #calls = 0;
  #handled = 0;
  #granted: number[] = [];
  #restarted: number[] = [];
  #approved = false;
  /** Hosts that wait for their turn, when several work at once. */
  readonly #waiting: (() => void)[] = [];

  constructor(run: Run) {
    this.#run = run;
    this.#chance = chanceOf(run.seed);
    const now = (): number => this.#nowMs;
    this.#history = memoryLedger(now);
    this.#incidentEntries = memoryLedger(now);
    this.#deployment = memoryLedger(now);
  }

  get #changes(): Changes {
    return { grantedAtMs: this.#granted[0], restartedAtMs: this.#restarted.at(-1) };
  }

  #send(message: Message, visibleMs: number): void {
    const copies = this.#run.fault.kind === 'five-times' ? 5 : 1;
    for (let copy = 0; copy < copies; copy += 1)
      this.#queue.push({ message, visibleMs: visibleMs + copy * 700, deliveries: 0, held: false });
  }

  /** A call of a port: the place where faults happen and where other hosts get their turn. */
  async #call<T>(host: { dead: boolean }, effect: () => T | Promise<T>): Promise<T> {
    if (this.#run.fault.kind === 'two-hosts') await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (host.dead) throw new Killed();
    this.#calls += 1;
    const { fault } = this.#run;
    const hit = (fault.kind === 'kill' || fault.kind === 'error') && fault.call === this.#calls ? fault : undefined;
    if (hit?.when === 'before') this.#fail(hit.kind, host);
    const result = await effect();
    if (hit?.when === 'after') this.#fail(hit.kind, host);
    return result;
  }

  #fail(kind: 'kill' | 'error', host: { dead: boolean }): never {
    if (kind === 'kill') host.dead = true;
    throw kind === 'kill' ? new Killed() : new Error('the call failed');
  }

  #ledger<T>(host: { dead: boolean }, ledger: Ledger<T>): Ledger<T> {
    return {
      read: (partition) => this.#call(host, () => ledger.read(partition)),
      append: (partition, after, entry) => this.#call(host, () => ledger.append(partition, after, entry)),
    };
  }

  /** A change in Azure: a time-out may come before or after it took effect, and nobody can tell which. */
  async #change(host: { dead: boolean }, effect: () => ActionAnswer): Promise<ActionAnswer> {
    try {
      return await this.#call(host, effect);
    } catch (error) {
      if (error instanceof Killed) throw error;
      return { outcome: 'unknown', because: 'no-answer' };
    }
  }

  #ports(): Ports {
    const host = { dead: false };
    const skewMs = this.#run.fault.kind === 'skew' ? Math.round((this.#chance() - 0.5) * 6 * minute) : 0;
    const now = (): number => this.#nowMs + skewMs;
    return {
      now,
      hash: (text) => createHash('sha256').update(text).digest('hex').slice(0, 24),
      history: this.#ledger(host, this.#history),
      incidents: this.#ledger(host, this.#incidentEntries),
      deployment: this.#ledger(host, this.#deployment),
      index: {
        put: (row) => this.#call(host, () => void this.#rows.set(row.remediation, row)),
        live: () => this.#call(host, () => [...this.#rows.values()].filter((row) => !row.closed)),
        liveOf: (appId) =>
          this.#call(host, () => [...this.#rows.values()].filter((row) => !row.closed && row.appId === appId)),
        all: async () => [...this.#rows.values()],
        asleep: () => this.#call(host, () => [...this.#rows.values()].filter((row) => row.asleep)),
        noteIncident: (id) => this.#call(host, () => void this.#incidents.add(id)),
        incidents: async () => [...this.#incidents],
      },
      queue: {
        sendStep: (step, dueAtMs) =>
          this.#call(host, () => this.#send({ kind: 'step', step }, Math.max(this.#nowMs, dueAtMs - skewMs))),
        sendSignal: (signal, dueAtMs) =>
          this.#call(host, () => this.#send({ kind: 'signal', signal }, Math.max(this.#nowMs, dueAtMs - skewMs))),
      },
      azure: {
        probe: async (probe) => {
          const evidence = this.#run.model.read(this.#changes, this.#nowMs);
          const read = (): { facts: object; calls: number } => ({
            facts: { [probe]: evidence[probe] ?? unreadable('not-asked') },
            calls: 1,
          });
          return this.#call(host, read).catch((error: unknown) => {
            if (error instanceof Killed) throw error;
            return { facts: { [probe]: unreadable('timed-out') }, calls: 1 };
          });
        },
        findApps: () => this.#call(host, () => unreadable('not-asked')),
        listApps: () => this.#call(host, () => unreadable('not-asked')),
      },
      actions: {
        grant: () =>
          this.#change(host, () => {
            // The name follows from the grant: doing it twice is doing it once.
            if (this.#granted.length > 0) return { outcome: 'already-there' };
            this.#granted.push(this.#nowMs);
            return { outcome: 'done' };
          }),
        findGrant: () => this.#call(host, () => ({ read: true as const, value: this.#granted.length > 0 })),
        readMade: () =>
          this.#call(host, () => ({
            read: true as const,
            value: this.#granted.length > 0 ? { kind: 'ours' as const, assignment: 'x' } : { kind: 'gone' as const },
          })),
        removeGrant: () => this.#call(host, () => ({ outcome: 'already-gone' as const })),
        restart: () =>
          this.#change(host, () => {
            this.#restarted.push(this.#nowMs);
            return { outcome: 'done' };
          }),
      },
      killSwitch: () => this.#call(host, () => ({ read: true as const, value: false })),
      log: () => undefined,
    };
  }

  /** Ports for looking on: no faults, no counting. */
  #view(): Pick<Ports, 'history' | 'incidents' | 'index' | 'queue' | 'now' | 'log'> {
    return {
      ...this.#ports(),
      history: this.#history,
      incidents: this.#incidentEntries,
      queue: {
        sendStep: async (step, dueAtMs) => this.#send({ kind: 'step', step }, dueAtMs),
        sendSignal: async (signal, dueAtMs) => this.#send({ kind: 'signal', signal }, dueAtMs),
      },
    };
  }

  async #deliver(queued: Queued): Promise<void> {
    const { message } = queued;
    const { config } = this.#run.model;
    queued.deliveries += 1;
    this.#handled += 1;
    const ports = this.#ports();
    try {
      if (message.kind === 'signal') await handleSignal(ports, config, message.signal);
      else await handleStep(ports, config, message.step, queued.deliveries > 1);
      this.#queue.splice(this.#queue.indexOf(queued), 1);
    } catch (error) {
      this.#comeBack(queued, error instanceof Killed);
    }
    queued.held = false;
  }

  /** A dead host's message is hidden until its lease is over; after five failures it is poison, and sent again later. */
  #comeBack(queued: Queued, died: boolean): void {
    if (queued.deliveries < mostDeliveries) {
      queued.visibleMs = this.#nowMs + (died ? leaseMs : retryMs);
      return;
    }
    this.#queue.splice(this.#queue.indexOf(queued), 1);
    const { message } = queued;
    const again: Message = message.kind === 'step' ? { kind: 'step', step: { ...message.step, wake: true } } : message;
    this.#queue.push({ message: again, visibleMs: this.#nowMs + poisonPauseMs, deliveries: 0, held: false });
  }

  #due(): Queued[] {
    const due = this.#queue.filter((queued) => !queued.held && queued.visibleMs <= this.#nowMs);
    if (this.#run.fault.kind !== 'reorder') return due;
    return due
      .map((queued) => ({ queued, at: this.#chance() }))
      .sort((a, b) => a.at - b.at)
      .map(({ queued }) => queued);
  }

  /** Lets hosts that work at once take turns, in any order, until all have finished. */
  async #interleave(tasks: readonly Promise<void>[]): Promise<void> {
    let open = true;
    const all = Promise.all(tasks).finally(() => {
      open = false;
    });
    while (open) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      const at = Math.floor(this.#chance() * this.#waiting.length);
      this.#waiting.splice(at, 1)[0]?.();
    }
    await all;
  }

  async #handleDue(): Promise<boolean> {
    const [next, ...others] = this.#due();
    if (next === undefined) return false;
    next.held = true;
    if (this.#run.fault.kind !== 'two-hosts') {
      await this.#deliver(next);
      return true;
    }
    const [second] = others;
    if (second !== undefined) second.held = true;
    // A second host also takes the same message again: a lease that ran out while the first was still at work.
    const twin: Queued = { message: next.message, visibleMs: this.#nowMs, deliveries: 1, held: true };
    this.#queue.push(twin);
    await this.#interleave(
      [next, twin, ...(second === undefined ? [] : [second])].map((queued) => this.#deliver(queued)),
    );
    return true;
  }

  async #person(): Promise<void> {
    const { approvesAtMs } = this.#run.model;
    if (approvesAtMs === undefined || this.#approved || this.#nowMs < approvesAtMs) return;
    const [asked] = await listRemediations(this.#view());
    if (asked?.approval?.state !== 'pending') return;
    this.#approved = (await answerApproval(this.#view(), asked.id, 'approved', 'anna')) === 'answered';
  }

  /** The timer runs every minute on some host; it may die there like anywhere else. */
  async #timer(): Promise<void> {
    const late = sendOverdue(this.#ports()).then(
      () => undefined,
      () => undefined,
    );
    await (this.#run.fault.kind === 'two-hosts' ? this.#interleave([late]) : late);
  }

  async #advance(): Promise<void> {
    const nextMs = Math.min(...this.#queue.map((queued) => queued.visibleMs), this.#nowMs + minute);
    const minutesBefore = Math.floor(this.#nowMs / minute);
    this.#nowMs = Math.max(this.#nowMs + 1, nextMs);
    if (Math.floor(this.#nowMs / minute) > minutesBefore) await this.#timer();
    await this.#person();
  }

  async #isOver(): Promise<boolean> {
    if (this.#nowMs < nowMs + 20 * minute || this.#queue.some(({ message }) => message.kind === 'signal')) return false;
    const [one] = await listRemediations(this.#view());
    return one?.state === 'closed' && this.#queue.every((queued) => queued.visibleMs > this.#nowMs + minute);
  }

  async play(): Promise<Outcome> {
    for (const { atMs, signal } of this.#run.model.signals) this.#send({ kind: 'signal', signal }, atMs);
    while (this.#nowMs < endMs && this.#handled < mostHandled) {
      if (await this.#handleDue()) continue;
      if (await this.#isOver()) break;
      await this.#advance();
    }
    return { violations: await this.#violations(), calls: this.#calls };
  }

  /** The story of the run, for whoever looks at a violation. */
  async story(): Promise<string[]> {
    const [row] = this.#rows.values();
    const entries = row === undefined ? [] : await this.#history.read(row.targetId);
    return entries.map(({ atMs, entry }) => `${Math.round((atMs - nowMs) / 1000)} s  ${sayEntry(entry)}`);
  }

  async #violations(): Promise<string[]> {
    const { ends } = this.#run.model;
    const found: string[] = [];
    const check = (what: string, expected: unknown, seen: unknown): void => {
      if (expected !== seen) found.push(`${what}: expected ${String(expected)}, seen ${String(seen)}`);
    };
    const remediations = await listRemediations(this.#view());
    const incidents = await listIncidents(this.#view());
    const [one] = remediations;
    check('remediations', 1, remediations.length);
    check('state', ends.state, one?.closed?.how ?? one?.state);
    check('grants in Azure', ends.grants, this.#granted.length);
    if (this.#restarted.length > 1) found.push(`restarts: expected at most 1, seen ${this.#restarted.length}`);
    const states = incidents.map((incident) => incident.state);
    const incident = states.find((state) => state === 'open') ?? states[0] ?? 'none';
    const expected = ends.incident === 'maybe-resolved' ? (incident === 'none' ? 'none' : 'resolved') : ends.incident;
    check('incident', expected, incident);
    if (this.#handled >= mostHandled) found.push('it never comes to rest');
    return found;
  }
}

/** Plays one run to its end. */
export function play(run: Run): Promise<Outcome> {
  return new World(run).play();
}
