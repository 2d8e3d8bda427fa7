// Virtual time: the clock of the thread that plays scenarios. It stands still while anything is under way, and then jumps to the next
// instant at which something is due. Importing this file replaces `Date`, timers and `Math.random` of the thread: import it first.

import { type Chance, chanceFromState } from '../chance.ts';

const RealDate = Date;
const realImmediate = setImmediate;

/** What waits for an instant. Of two timers that are due at the same instant, the one that was set first runs first. */
interface Due {
  readonly dueMs: number;
  readonly order: number;
  run: () => void;
  readonly owner: Owner;
  dropped: boolean;
}

/** What was dropped stays in line until its instant, and lets go at once of all that its task holds. */
function drop(due: Due): void {
  due.dropped = true;
  due.run = () => undefined;
}

/** Who waits: the app, whose timers end with its process, or the world around it. */
type Owner = 'app' | 'world';

/** How many quiet turns of the event loop show that nothing is under way: promises and streams need one, and two more cost nothing. */
const quietTurns = 3;

function isBefore(a: Due, b: Due): boolean {
  return a.dueMs === b.dueMs ? a.order < b.order : a.dueMs < b.dueMs;
}

let nowMs = 0;
let order = 0;
/** A binary heap: the first one is due first. */
let heap: Due[] = [];
let activity = 0;
let immediates = 0;

function push(due: Due): void {
  let at = heap.push(due) - 1;
  while (at > 0) {
    const up = (at - 1) >> 1;
    const above = heap[up];
    if (above === undefined || !isBefore(due, above)) break;
    heap[at] = above;
    at = up;
  }
  heap[at] = due;
}

function sink(due: Due): void {
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const [a, b] = [heap[left], heap[left + 1]];
    const child = a !== undefined && b !== undefined && isBefore(b, a) ? left + 1 : left;
    const below = heap[child];
    if (below === undefined || !isBefore(below, due)) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = due;
}

function pop(): Due | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last !== undefined && last !== first) sink(last);
  return first;
}

function wait(instantMs: number, owner: Owner, run: () => void): Due {
  activity += 1;
  order += 1;
  const due = { dueMs: Math.max(nowMs, instantMs), order, run, owner, dropped: false };
  push(due);
  return due;
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    realImmediate(resolve);
  });
}

/** The virtual clock of this thread. */
export const virtualTime = {
  now: (): number => nowMs,
  /** Begins anew at an instant: nothing is due. */
  reset(startMs: number, seed: string): void {
    nowMs = startMs;
    heap = [];
    chance = numbersFrom(seed);
  },
  /** Runs a task of the world at an instant; instants in the past run as soon as nothing is under way. */
  at(instantMs: number, run: () => void): void {
    wait(instantMs, 'world', run);
  },
  /** The app's process died: what it waited for does not come. */
  dropApp(): void {
    for (const due of heap) if (due.owner === 'app') drop(due);
  },
  /** Notes that something happened, so that the engine waits for what follows from it. */
  note(): void {
    activity += 1;
  },
  /** Waits, without a look at any clock, until nothing is under way any more except what waits for an instant. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < quietTurns; ) {
      const before = activity;
      await turn();
      quiet = activity === before && immediates === 0 ? quiet + 1 : 0;
    }
  },
  /** Waits for an answer of the app. Time goes on while the app itself waits for an instant: Azure takes its time to tell a page a name. */
  async goOnUntil<T>(answer: Promise<T>): Promise<T> {
    let isThere = false;
    const noted = answer.then(
      () => void (isThere = true),
      () => void (isThere = true),
    );
    await this.settle();
    while (!isThere && (await this.jump()));
    await noted;
    return answer;
  },
  /** Jumps to the next instant at which something is due, runs it and settles. False where nothing waits. */
  async jump(): Promise<boolean> {
    let next = pop();
    while (next?.dropped === true) next = pop();
    if (next === undefined) return false;
    nowMs = next.dueMs;
    next.run();
    await this.settle();
    return true;
  },
};

/** The numbers of a text. */
function numbersFrom(seed: string): Chance {
  let state = 0x9e3779b9;
  for (const unit of seed) state = Math.imul(state ^ (unit.codePointAt(0) ?? 0), 0x85ebca6b) >>> 0;
  return chanceFromState(state);
}

let chance = numbersFrom('');

/** What `setTimeout` and `setInterval` return: as much of Node's own as callers use. */
class VirtualTimer {
  #due: Due | undefined;
  readonly #run: () => void;
  readonly #delayMs: number;
  readonly #repeats: boolean;

  constructor(run: () => void, delayMs: number, repeats: boolean) {
    this.#run = run;
    // As in Node: a delay below 1, above 2^31-1 or not a number is 1.
    this.#delayMs = delayMs >= 1 && delayMs <= 2 ** 31 - 1 ? Math.trunc(delayMs) : 1;
    this.#repeats = repeats;
    this.refresh();
  }

  refresh(): this {
    this.close();
    this.#due = wait(nowMs + this.#delayMs, 'app', () => {
      if (this.#repeats) this.refresh();
      this.#run();
    });
    return this;
  }

  close(): this {
    if (this.#due !== undefined) drop(this.#due);
    this.#due = undefined;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function clear(timer: unknown): void {
  if (timer instanceof VirtualTimer) timer.close();
}

function virtualDate(): DateConstructor {
  return new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [nowMs] : args, newTarget) as object,
    apply: () => new RealDate(nowMs).toString(),
    get: (target, key, receiver): unknown => (key === 'now' ? () => nowMs : Reflect.get(target, key, receiver)),
  });
}

function countedImmediate(run: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate {
  immediates += 1;
  return realImmediate(() => {
    immediates -= 1;
    activity += 1;
    run(...args);
  });
}

function abortAfter(delayMs: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException('The operation timed out.', 'TimeoutError')), delayMs);
  return controller.signal;
}

type Run = (...args: unknown[]) => void;

Object.assign(globalThis, {
  Date: virtualDate(),
  setTimeout: (run: Run, delayMs?: number, ...args: unknown[]) =>
    new VirtualTimer(() => run(...args), Number(delayMs), false),
  setInterval: (run: Run, delayMs?: number, ...args: unknown[]) =>
    new VirtualTimer(() => run(...args), Number(delayMs), true),
  setImmediate: countedImmediate,
  clearTimeout: clear,
  clearInterval: clear,
});
Object.assign(performance, { now: () => nowMs });
Object.assign(AbortSignal, { timeout: abortAfter });
Object.assign(Math, { random: () => chance() });
