// Runs a model world to its end with faults: hosts that die, calls that fail or time out, messages that come again or out of order.
// What is kept lies in a store: in memory or in Azurite.

import { createHash } from 'node:crypto';
import { chanceFromState } from '../../local/chance.ts';
import { entryKinds } from '../../src/lib/azure/ports.ts';
import { archiveOf } from '../../src/lib/azure/store/archive-port.ts';
import { archiveIn } from '../../src/lib/azure/store/history-archive.ts';
import { indexOf } from '../../src/lib/azure/store/index-rows.ts';
import { ledger } from '../../src/lib/azure/store/store.ts';
import { listIncidents, listRemediations, type RemediationView } from '../../src/lib/console/views.ts';
import { sayEntry } from '../../src/lib/console/words.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { Ledger } from '../../src/lib/history/ledger.ts';
import type { OutboxStore } from '../../src/lib/incidents/outbox.ts';
import { handleSignal } from '../../src/lib/intake/intake.ts';
import type { Ports } from '../../src/lib/ports/ports.ts';
import { answerQuestion } from '../../src/lib/remediation/approval.ts';
import { archiveOld } from '../../src/lib/remediation/archive.ts';
import { handleStep } from '../../src/lib/remediation/handle-step.ts';
import { sendOverdue } from '../../src/lib/remediation/overdue.ts';
import { recallRestarts } from '../../src/lib/remediation/restart-memory.ts';
import { refreshIncidentRows, takeOverRows } from '../../src/lib/remediation/take-over.ts';
import { askUndo } from '../../src/lib/remediation/undo.ts';
import type { Config } from '../../src/lib/settings/config.ts';
import { hearsOfRemediations } from '../../src/lib/settings/incident-settings.ts';
import { deliver } from '../../src/lib/telling/deliver.ts';
import { sendDue } from '../../src/lib/telling/due.ts';
import { known, unreadable, valueOf } from '../../src/lib/words/fact.ts';
import type { RemediationId } from '../../src/lib/words/target.ts';
import { arm, minute, nowMs } from '../lib/facts.ts';
import { memoryFormSeals } from '../lib/memory-form-seals.ts';
import { calling, nothingToArchive } from '../lib/memory-ports.ts';
import { archiveViolations } from './archive-kept.ts';
import { type Azure, modelAzure } from './azure-model.ts';
import { faultedBlobs, faultedTable } from './faulted-table.ts';
import { figuresViolations } from './figures-kept.ts';
import type { Model } from './model.ts';
import { restartViolations } from './restart-count.ts';
import { rowsViolations } from './rows-kept.ts';
import type { StorageFault } from './storage-proxy.ts';
import { archivingStore, type Delivery, type Message, memoryStore, type StoragePorts, type Store } from './store.ts';
import { ToldSystem } from './told-systems.ts';

/** The most restarts of one app after one grant: `retry.atMost`. */
const mostRetries = 6;

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

export type Fault =
  /** The host dies at this call, before or after it takes effect; its message comes back when the lease is over. */
  | { readonly kind: 'kill'; readonly call: number; readonly when: 'before' | 'after' }
  /** The call fails and the host goes on. */
  | { readonly kind: 'error'; readonly call: number; readonly when: 'before' | 'after' }
  /** The answer to a request to storage is lost, and the client sends the request again. */
  | { readonly kind: 'sent-twice'; readonly call: number }
  /** Every message comes five times. */
  | { readonly kind: 'five-times' }
  /** Messages that are due come in any order. */
  | { readonly kind: 'reorder' }
  /** Each message is handled by a host whose clock is off by up to three minutes. */
  | { readonly kind: 'skew' }
  /** Two hosts work at once, taking turns at every call. */
  | { readonly kind: 'two-hosts' }
  /** One request to Azurite is spoilt on its way. */
  | ({ readonly kind: 'storage' } & StorageFault)
  | { readonly kind: 'none' };

export interface Run {
  readonly model: Model;
  readonly fault: Fault;
  readonly seed: number;
}

/** From this call or request to that one, both included. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

export interface Outcome {
  readonly violations: readonly string[];
  /** Port calls of the run: where faults can be put. */
  readonly calls: number;
  /** The first and the last of them that archived, where nothing was disturbed before. */
  readonly archiving?: Place & { readonly requests?: Place };
}

class Killed extends Error {
  override readonly name = 'Killed';
}

interface Host {
  dead: boolean;
  readonly skewMs: number;
}

const retryMs = 30_000;
const mostDeliveries = 5;
const poisonPauseMs = 10 * minute;
/** Waiting for a person never ends by itself; after so long nothing new comes, whatever the fault delayed. */
const restsAtMs = nowMs + 50 * minute;
const endMs = nowMs + 90 * minute;
/** More than this many handled messages is a loop. */
const mostHandled = 3000;

const waits = (end: string): boolean => end.startsWith('needs-');

function isUndone({ undo }: RemediationView): boolean {
  return undo?.state === 'removed' || undo?.state === 'already-gone';
}

/** A request that stays spoilt for all its tries: storage cannot be reached for minutes. */
function isLong(fault: Fault): boolean {
  return fault.kind === 'storage' && fault.tries > 1;
}

/** A client gives up on an answer that does not come: each of its tries is spoilt alone. */
function isLongSilence(fault: Fault): boolean {
  return fault.kind === 'storage' && isLong(fault) && fault.strike.do === 'silence';
}

function storeOf({ archives }: Model): Store {
  return archives === undefined ? memoryStore(nowMs) : archivingStore(nowMs);
}

/** The settings with which a model archives. */
function archivingConfig({ config }: Model, afterMs: number): Config {
  return { ...config, settings: { ...config.settings, history: { archiveAfterDays: afterMs / (24 * 60 * minute) } } };
}

/** One run. Everything that happens follows from the model, the fault and the seed. */
export class World {
  readonly #run: Run;
  readonly #store: Store;
  readonly #azure: Azure;
  readonly #chance: () => number;
  readonly #systems: ReadonlyMap<string, ToldSystem>;
  #nowMs = nowMs;
  #calls = 0;
  #handled = 0;
  #archiving: Outcome['archiving'];
  /** Calls that wait for their host's turn and calls that are under way, when several hosts work at once. */
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  /** Remediations that a list had, and those that no list had later. */
  readonly #listed = new Set<RemediationId>();
  readonly #lost = new Set<RemediationId>();

  constructor(run: Run, store: Store = storeOf(run.model), azure: Azure = modelAzure(run.model)) {
    this.#run = run;
    this.#store = store;
    this.#azure = azure;
    this.#chance = chanceFromState(run.seed);
    const names = Object.keys(run.model.config.settings.incidents.systems);
    this.#systems = new Map(names.map((name) => [name, new ToldSystem()]));
  }

  /** Puts a message where the host's own port puts it; five times where that is the fault. */
  async #send({ queue }: Pick<Ports, 'queue'>, message: Message, visibleMs: number): Promise<void> {
    const copies = this.#run.fault.kind === 'five-times' ? 5 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const dueAtMs = visibleMs + copy * 700;
      if (message.kind === 'step') await queue.sendStep(message.step, dueAtMs);
      else if (message.kind === 'tell') await queue.sendTell(message.tell, dueAtMs);
      else await queue.sendSignal(message.signal, dueAtMs);
    }
  }

  /** A call of a port: the place where faults happen and where other hosts get their turn. */
  async #call<T>(host: Host, effect: () => T | Promise<T>): Promise<T> {
    if (this.#run.fault.kind === 'two-hosts') await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (host.dead) throw new Killed();
    this.#calls += 1;
    const { fault } = this.#run;
    const hit = (fault.kind === 'kill' || fault.kind === 'error') && fault.call === this.#calls ? fault : undefined;
    if (hit?.when === 'before') this.#fail(hit.kind, host);
    const isSentTwice = fault.kind === 'sent-twice' && fault.call === this.#calls;
    this.#underWay += 1;
    try {
      if (isSentTwice) await effect();
      const result = await effect();
      if (hit?.when === 'after') this.#fail(hit.kind, host);
      return result;
    } finally {
      this.#underWay -= 1;
    }
  }

  #fail(kind: 'kill' | 'error', host: Host): never {
    if (kind === 'kill') {
      host.dead = true;
      this.#store.forget();
      this.#azure.forget();
    }
    throw kind === 'kill' ? new Killed() : new Error('the call failed');
  }

  #ledger<T>(host: Host, ledger: Ledger<T>): Ledger<T> {
    return {
      read: (partition) => this.#call(host, () => ledger.read(partition)),
      append: (partition, after, entry) => this.#call(host, () => ledger.append(partition, after, entry)),
    };
  }

  /** A change in Azure: a time-out may come before or after it took effect, and nobody can tell which. */
  async #change<T>(host: Host, effect: () => Promise<T>): Promise<T | { outcome: 'unknown'; because: string }> {
    try {
      return await this.#call(host, effect);
    } catch (error) {
      if (error instanceof Killed) throw error;
      return { outcome: 'unknown', because: 'no-answer' };
    }
  }

  /** The last check inside of a change calls ports too: meanwhile the change is not under way, and other hosts get their turn. */
  #between<T>(lastCheck: () => Promise<T>): () => Promise<T> {
    return async () => {
      this.#underWay -= 1;
      try {
        return await lastCheck();
      } finally {
        this.#underWay += 1;
      }
    };
  }

  #storagePorts(host: Host): StoragePorts {
    const ports = this.#store.ports(host.skewMs);
    return {
      history: this.#history(host, ports),
      incidents: this.#ledger(host, ports.incidents),
      deployment: this.#ledger(host, ports.deployment),
      counted: {
        read: (remediation) => this.#call(host, () => ports.counted.read(remediation)),
        write: (remediation, counted, version) =>
          this.#call(host, () => ports.counted.write(remediation, counted, version)),
      },
      index: this.#index(host, ports),
      queue: {
        sendStep: (step, dueAtMs) => this.#call(host, () => this.#send(ports, { kind: 'step', step }, dueAtMs)),
        sendSignal: (signal, dueAtMs) => this.#call(host, () => this.#send(ports, { kind: 'signal', signal }, dueAtMs)),
        sendTell: (tell, dueAtMs) => this.#call(host, () => this.#send(ports, { kind: 'tell', tell }, dueAtMs)),
      },
      killSwitch: () => this.#call(host, () => ports.killSwitch()),
      controls: ports.controls,
      wakes: {
        read: () => this.#call(host, () => ports.wakes.read()),
        write: (looks, version) => this.#call(host, () => ports.wakes.write(looks, version)),
      },
      pulse: { ...ports.pulse, read: () => this.#call(host, () => ports.pulse.read()) },
      outbox: this.#outbox(host, ports.outbox),
    };
  }

  /** A store that archives is asked request by request; another one is a ledger that appends or does not. */
  #history(host: Host, ports: StoragePorts): StoragePorts['history'] {
    const { archive } = this.#store;
    if (archive === undefined) return this.#ledger(host, ports.history);
    const call = <T>(effect: () => Promise<T>): Promise<T> => this.#call(host, effect);
    const readArchive = archiveIn(faultedBlobs(archive.host.blobs, call));
    const now = (): number => this.#nowMs + host.skewMs;
    return ledger<Entry>(faultedTable(archive.host.history, call), entryKinds, now, { readArchive });
  }

  #archive(host: Host): Ports['archive'] {
    const { archive } = this.#store;
    if (archive === undefined) return nothingToArchive;
    const call = <T>(effect: () => Promise<T>): Promise<T> => this.#call(host, effect);
    const tables = {
      history: faultedTable(archive.host.history, call),
      index: faultedTable(archive.host.index, call),
      controls: faultedTable(archive.host.controls, call),
    };
    return archiveOf(tables, faultedBlobs(archive.host.blobs, call));
  }

  /** Where the store is in memory, a host may die between any two requests of a move; on Azurite a request is spoilt instead. */
  #index(host: Host, ports: StoragePorts): StoragePorts['index'] {
    const { indexTable } = this.#store;
    const call = <T>(effect: () => Promise<T>): Promise<T> => this.#call(host, effect);
    return indexTable === undefined
      ? calling(ports.index, (_name, answer) => call(answer))
      : indexOf(faultedTable(indexTable, call));
  }

  #outbox(host: Host, outbox: OutboxStore): OutboxStore {
    return {
      newHolder: () => outbox.newHolder(),
      read: (about, system) => this.#call(host, () => outbox.read(about, system)),
      write: (row, version) => this.#call(host, () => outbox.write(row, version)),
      of: (about) => this.#call(host, () => outbox.of(about)),
      due: (atMs) => this.#call(host, () => outbox.due(atMs)),
      unfinished: () => outbox.unfinished(),
      setAside: (about, system) => this.#call(host, () => outbox.setAside(about, system)),
      remove: (about, system, version) => this.#call(host, () => outbox.remove(about, system, version)),
      unreadable: () => outbox.unreadable(),
      standing: (system) => this.#call(host, () => outbox.standing(system)),
      writeStanding: (standing, version) => this.#call(host, () => outbox.writeStanding(standing, version)),
    };
  }

  #azurePorts(host: Host): Pick<Ports, 'azure' | 'actions'> {
    const { azure, actions } = this.#azure.ports;
    return {
      azure: {
        scarce: () => false,
        probe: (probe, ...about) =>
          this.#call(host, () => azure.probe(probe, ...about)).catch((error: unknown) => {
            if (error instanceof Killed) throw error;
            return { facts: { [probe]: unreadable('timed-out') }, calls: 1 };
          }),
        findApps: (name, environment) => this.#call(host, () => azure.findApps(name, environment)),
        listApps: () => this.#call(host, () => azure.listApps()),
        listed: (app) => this.#call(host, () => azure.listed(app)),
        assignee: (assignment) => this.#call(host, () => azure.assignee(assignment)),
      },
      actions: {
        grant: (grant, by, lastCheck) => this.#change(host, () => actions.grant(grant, by, this.#between(lastCheck))),
        readMade: (grant, by) => this.#call(host, () => actions.readMade(grant, by)),
        removeGrant: (grant, by, lastCheck) =>
          this.#change(host, () => actions.removeGrant(grant, by, this.#between(lastCheck))),
        findGrant: (grant) => this.#call(host, () => actions.findGrant(grant)),
        restart: (app, revision, lastCheck) =>
          this.#change(host, () => actions.restart(app, revision, this.#between(lastCheck))),
        newRevision: (app, suffix, template, lastCheck) =>
          this.#change(host, () => actions.newRevision(app, suffix, template, this.#between(lastCheck))),
        start: (app, lastCheck) => this.#change(host, () => actions.start(app, this.#between(lastCheck))),
        readAlert: (alert) =>
          this.#call(host, () => actions.readAlert(alert)).catch((error: unknown) => {
            if (error instanceof Killed) throw error;
            return unreadable('timed-out');
          }),
        setAlert: (alert, state, lastCheck) =>
          this.#change(host, () => actions.setAlert(alert, state, this.#between(lastCheck))),
      },
    };
  }

  #ports(): Ports {
    const skewMs = this.#run.fault.kind === 'skew' ? Math.round((this.#chance() - 0.5) * 6) * minute : 0;
    const host = { dead: false, skewMs };
    // Another clock is another host, and that remembers nothing of what this one read.
    if (skewMs !== 0) this.#azure.forget();
    return {
      now: () => this.#nowMs + skewMs,
      hash: shortHash,
      ...this.#storagePorts(host),
      ...this.#azurePorts(host),
      sweeps: { read: async () => known(undefined), write: async () => undefined },
      incidentSystems: {
        named: async (name) => this.#systems.get(name)?.seenBy((effect) => this.#call(host, effect)),
      },
      // No page is open while faults are played.
      seals: memoryFormSeals(),
      archive: this.#archive(host),
      subscriptions: { nameOf: async () => undefined },
      log: () => undefined,
    };
  }

  /** Ports for looking on: no faults, no counting. */
  #view(): Pick<
    Ports,
    'history' | 'counted' | 'incidents' | 'deployment' | 'index' | 'queue' | 'hash' | 'now' | 'log'
  > {
    return { ...this.#store.view, hash: shortHash, now: () => this.#nowMs, log: () => undefined };
  }

  async #deliver({ message, times, done, back }: Delivery): Promise<void> {
    const { config } = this.#run.model;
    this.#handled += 1;
    const ports = this.#ports();
    try {
      if (message.kind === 'signal') await handleSignal(ports, config, message.signal);
      else if (message.kind === 'tell') await deliver(ports, config, message.tell);
      else await handleStep(ports, config, message.step, times > 1);
    } catch (error) {
      // A dead host's message is hidden until its lease is over.
      if (error instanceof Killed) return;
      // The outbox has what is due: such a message does not come again by itself.
      if (message.kind === 'tell') return done();
      return times < mostDeliveries ? back(retryMs) : this.#poison({ message, done });
    }
    return done();
  }

  /** After five failures a message is poison, and is sent again later. */
  async #poison({ message, done }: Pick<Delivery, 'message' | 'done'>): Promise<void> {
    const again: Message = message.kind === 'step' ? { kind: 'step', step: { ...message.step, wake: true } } : message;
    await this.#send(this.#store.view, again, this.#nowMs + poisonPauseMs);
    await done();
  }

  /** Lets hosts that work at once take turns, in any order, until all have finished. One call at a time is under way. */
  async #interleave(tasks: readonly Promise<void>[]): Promise<void> {
    let open = true;
    const all = Promise.all(tasks).finally(() => {
      open = false;
    });
    while (open) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#underWay > 0) continue;
      const at = Math.floor(this.#chance() * this.#waiting.length);
      this.#waiting.splice(at, 1)[0]?.();
    }
    await all;
  }

  /** The same message for a second host: its lease ran out while the first was still at work. Should it fail, it comes again. */
  #twin({ message }: Delivery): Delivery {
    return {
      message,
      times: 2,
      done: async () => undefined,
      back: (afterMs) => this.#send(this.#store.view, message, this.#nowMs + afterMs),
    };
  }

  async #handleDue(): Promise<boolean> {
    const { kind } = this.#run.fault;
    const taken = await this.#store.receive(kind === 'reorder' ? 32 : kind === 'two-hosts' ? 2 : 1);
    const [first, ...others] = taken;
    if (first === undefined) return false;
    if (kind === 'two-hosts') {
      await this.#interleave([first, this.#twin(first), ...others].map((delivery) => this.#deliver(delivery)));
      return true;
    }
    const ordered = taken.map((delivery) => ({ delivery, at: kind === 'reorder' ? this.#chance() : 0 }));
    for (const { delivery } of ordered.sort((a, b) => a.at - b.at)) {
      if (delivery.times > mostDeliveries) await this.#poison(delivery);
      else await this.#deliver(delivery);
    }
    return true;
  }

  /** The wish goes through a host like everything else; whoever gets no answer, or hears that it failed, asks again. */
  async #undo(): Promise<void> {
    const { undoesAtMs, config } = this.#run.model;
    if (undoesAtMs === undefined || this.#nowMs < undoesAtMs) return;
    const [made] = await listRemediations(this.#view());
    if (made?.undo === undefined || ['asked', 'unknown'].includes(made.undo.state) || isUndone(made)) return;
    const asked = askUndo(this.#ports(), config, made.id, { by: 'anna' }).then(
      () => undefined,
      () => undefined,
    );
    await (this.#run.fault.kind === 'two-hosts' ? this.#interleave([asked]) : asked);
  }

  /** The answer goes through a host that may die on the way; the person sees that the question is still open, and answers again. */
  async #person(): Promise<void> {
    const { answersAtMs, answers } = this.#run.model;
    if (answersAtMs === undefined || this.#nowMs < answersAtMs) return;
    const [asked] = await listRemediations(this.#view());
    if (asked?.approval?.state !== 'pending') return;
    const { question } = asked.approval;
    const answered = answerQuestion(this.#ports(), asked.id, {
      answer: answers ?? 'approved',
      question,
      by: 'anna',
    }).then(
      () => undefined,
      () => undefined,
    );
    await (this.#run.fault.kind === 'two-hosts' ? this.#interleave([answered]) : answered);
  }

  /** The timer runs every minute on some host; it may die there like anywhere else. */
  async #timer(): Promise<void> {
    const ports = this.#ports();
    const { archives } = this.#run.model;
    const archive = async (by: Ports): Promise<void> => {
      if (archives === undefined || this.#nowMs < archives.fromMs) return;
      const { requests } = this.#store;
      const [from, request] = [this.#calls + 1, (requests?.() ?? 0) + 1];
      if ((await archiveOld(by, archivingConfig(this.#run.model, archives.afterMs))) > 0)
        this.#archiving = {
          from,
          to: this.#calls,
          ...(requests === undefined ? {} : { requests: { from: request, to: requests() } }),
        };
    };
    const everything = async (): Promise<void> => {
      await sendOverdue(ports);
      if (this.#systems.size > 0) await sendDue(ports);
      await takeOverRows(ports);
      await archive(ports);
      if (Math.floor(this.#nowMs / minute) % 5 === 0) await refreshIncidentRows(ports);
    };
    const settled = (work: Promise<void>): Promise<void> =>
      work.then(
        () => undefined,
        () => undefined,
      );
    if (this.#run.fault.kind !== 'two-hosts') return settled(everything());
    // A second host archives at the same time: the platform may run a timer twice while the host that leads changes.
    await this.#interleave([everything(), ...(archives === undefined ? [] : [archive(this.#ports())])].map(settled));
  }

  /** Whatever a list had once, some list has at every moment: also while its row moves, and where the host dies on the way. */
  async #noteRows(): Promise<void> {
    if (this.#store.indexTable === undefined) return;
    const listed = new Set((await this.#store.view.index.all()).map(({ remediation }) => remediation));
    for (const id of this.#listed) if (!listed.has(id)) this.#lost.add(id);
    for (const id of listed) this.#listed.add(id);
  }

  async #advance(): Promise<void> {
    const pending = this.#store.pending().map(({ visibleMs }) => visibleMs);
    const minutesBefore = Math.floor(this.#nowMs / minute);
    // To the next message or the next whole minute, when the timer fires.
    this.#nowMs = Math.max(this.#nowMs + 1, Math.min(...pending, (minutesBefore + 1) * minute));
    await this.#store.advance(this.#nowMs);
    await this.#azure.advance(this.#nowMs);
    if (Math.floor(this.#nowMs / minute) > minutesBefore) await this.#timer();
    await this.#person();
    await this.#undo();
  }

  async #isOver(): Promise<boolean> {
    const soon = this.#store
      .pending()
      .some(({ kind, visibleMs }) => kind === 'signal' || visibleMs <= this.#nowMs + minute);
    if ((await this.#store.view.outbox.unfinished()).length > 0) return false;
    if (soon || this.#nowMs < nowMs + 20 * minute || this.#run.model.ends.some(waits)) return false;
    const all = await listRemediations(this.#view());
    if (this.#run.model.undoesAtMs !== undefined && !all.every(isUndone)) return false;
    if (all.length < this.#run.model.ends.length || all.some((one) => one.state !== 'closed')) return false;
    // A move on which a host died is made up for once its live row is overdue.
    return (await this.#store.view.index.live()).length === 0;
  }

  async play(): Promise<Outcome> {
    for (const { atMs, signal } of this.#run.model.signals)
      await this.#send(this.#store.view, { kind: 'signal', signal }, atMs);
    const { model } = this.#run;
    const untilMs = model.ends.some(waits) ? (model.restsAtMs ?? restsAtMs) : endMs;
    while (this.#nowMs < untilMs && this.#handled < mostHandled) {
      const handled = await this.#handleDue();
      await this.#noteRows();
      if (handled) continue;
      if (await this.#isOver()) break;
      await this.#advance();
    }
    const archiving = this.#archiving === undefined ? {} : { archiving: this.#archiving };
    return { violations: await this.#violations(), calls: this.#calls, ...archiving };
  }

  /** The story of the run, for whoever looks at a violation. */
  async story(): Promise<string[]> {
    const lines: string[] = [];
    for (const { targetId, appId } of await this.#store.view.index.all()) {
      const entries = await this.#store.view.history.read(targetId);
      lines.push(
        appId,
        ...entries.map(({ atMs, entry }) => `${Math.round((atMs - nowMs) / 1000)} s  ${sayEntry(entry)}`),
      );
    }
    return lines;
  }

  /** While storage cannot be read for minutes a person is told, because nothing may be changed; what recovers then is closed. */
  #mayTell(incident: string): boolean {
    const { model, fault } = this.#run;
    return model.incident === 'none' && isLong(fault) && (incident === 'resolved' || incident === 'withdrawn');
  }

  async #violations(): Promise<string[]> {
    const { ends, grants, incident: expectedIncident } = this.#run.model;
    const found: string[] = [];
    const check = (what: string, expected: unknown, seen: unknown): void => {
      if (expected !== seen) found.push(`${what}: expected ${String(expected)}, seen ${String(seen)}`);
    };
    const remediations = await listRemediations(this.#view());
    const seen = remediations.map((one) => one.closed?.how ?? one.state);
    check('remediations', [...ends].sort().join(', '), seen.sort().join(', '));
    const { made, left } = this.#azure.grants();
    check('grants in Azure', grants, made);
    if (this.#run.model.undoesAtMs !== undefined) {
      check('grants that are left', 0, left);
      check('undone', true, remediations.every(isUndone));
    }
    const restarted = this.#azure.restarts();
    for (const app of new Set(restarted)) {
      const restarts = restarted.filter((one) => one === app).length;
      if (restarts > mostRetries) found.push(`restarts: expected at most ${mostRetries}, seen ${restarts}`);
      const announced = valueOf(await recallRestarts(this.#view(), arm(app)));
      if (announced !== undefined) found.push(...restartViolations(restarts, announced));
    }
    if (this.#azure.newRevisions() > 1)
      found.push(`new revisions: expected at most 1, seen ${this.#azure.newRevisions()}`);
    const set = this.#azure.alertsSet();
    if (new Set(set).size < set.length) found.push(`alert: expected each state at most once, seen ${set.join(', ')}`);
    const faultless = this.#run.fault.kind === 'none' && this.#run.model.alertsSet;
    if (faultless) check('alert', faultless.join(', '), set.join(', '));
    const states = (await listIncidents(this.#view())).map((incident) => incident.state);
    const incident = states.find((state) => state === 'open') ?? states[0] ?? 'none';
    const may = expectedIncident.startsWith('maybe-') ? incident === 'none' : this.#mayTell(incident);
    if (!may) check('incident', expectedIncident.replace('maybe-', ''), incident);
    for (const [name, system] of this.#systems) {
      found.push(...system.violations(name, incident));
      if (hearsOfRemediations(this.#run.model.config.settings.incidents.systems, name))
        found.push(...system.remediationViolations(name, remediations));
    }
    found.push(...(await figuresViolations(this.#store.view)), ...(await rowsViolations(this.#store.view)));
    found.push(...(await archiveViolations(this.#store, this.#run.model, isLongSilence(this.#run.fault))));
    found.push(...[...this.#lost].map((id) => `rows: no list had ${id} for a while`));
    if (this.#handled >= mostHandled) found.push('it never comes to rest');
    return found;
  }
}

/** Plays one run to its end. */
export function play(run: Run): Promise<Outcome> {
  return new World(run).play();
}
