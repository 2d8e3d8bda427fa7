// A model of the platform: one revision with one replica that pulls, fails, waits by its back-off, and pulls again until the role works.
import { chanceFrom } from './chance.ts';
import type { Draw } from './draws.ts';

const second = 1000;
/** Gaps between tries of one replica: captured up to 160 s, then the usual cap of Kubernetes. */
const usualBackoffMs = [10, 20, 40, 80, 160, 300].map((seconds) => seconds * second);
/** A replica is scheduled before it pulls. */
const scheduledMs = second;
/** A registry refuses at once. */
const refusedMs = 2 * second;
/** From the pulled image to the ready container. */
const startsMs = 5 * second;
/** How late a log row comes, a quarter more or less. */
const usualRowLateMs = 75 * second;

/** One try to pull. The answer of the registry is decided when it begins: the token is exchanged then. */
export interface Try {
  readonly replica: string;
  readonly beginsMs: number;
  readonly endsMs: number;
  readonly succeeds: boolean;
}

export interface Replica {
  readonly name: string;
  readonly createdMs: number;
  readonly state: 'pulling' | 'waiting' | 'starting' | 'ready';
}

/** A row of the system log. */
export interface Row {
  readonly atMs: number;
  readonly replica: string;
  readonly reason: 'PullingImage' | 'ImagePullUnauthorized' | 'PulledImage';
}

/** The platform on a virtual clock that only goes forward. Instants are milliseconds since the first replica was created. */
export class Platform {
  readonly #draw: Draw;
  #nowMs = 0;
  #replicas = 0;
  #createdMs = 0;
  #tries: Try[] = [];
  /** The tries of the replica that is there now. */
  #own: Try[] = [];
  #worksAtMs = Number.POSITIVE_INFINITY;
  /** Good pulls that a restart threw away: for how long each had been under way. Milliseconds. */
  readonly interruptedAfterMs: number[] = [];
  /** Restarts of a revision that served. */
  servingRestarted = 0;
  restarts = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#create(0);
  }

  /** How many good pulls restarts threw away. */
  get interrupted(): number {
    return this.interruptedAfterMs.length;
  }

  /** From this instant on the role is in effect. */
  roleWorksAt(ms: number): void {
    this.#worksAtMs = ms;
  }

  /** Lets time pass. */
  advance(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    for (let next = this.nextTryMs(); next !== undefined && next <= this.#nowMs; next = this.nextTryMs())
      this.#begin(next);
  }

  /** When the replica begins its next try; `undefined` while a good pull runs, after it, and when the platform has given up. */
  nextTryMs(): number | undefined {
    const last = this.#own.at(-1);
    if (last === undefined) return this.#createdMs + scheduledMs;
    if (last.succeeds) return undefined;
    const { backoffMs = usualBackoffMs, givesUpAfterMs = Number.POSITIVE_INFINITY } = this.#draw;
    const gap = backoffMs[Math.min(this.#own.length, backoffMs.length) - 1] ?? 0;
    const nextMs = last.endsMs + gap;
    return nextMs > this.#createdMs + givesUpAfterMs ? undefined : nextMs;
  }

  /** Replaces the replica: it pulls at once, and its back-off begins anew. */
  restart(nowMs: number): void {
    this.advance(nowMs);
    const { state } = this.replica();
    this.restarts += 1;
    if (state === 'ready') this.servingRestarted += 1;
    const last = this.#own.at(-1);
    if (state !== 'ready' && last?.succeeds === true) this.interruptedAfterMs.push(nowMs - last.beginsMs);
    this.#create(nowMs);
  }

  replica(): Replica {
    return { name: `replica-${this.#replicas}`, createdMs: this.#createdMs, state: this.#state() };
  }

  /** When the image was pulled; `undefined` while it is not. */
  pulledMs(): number | undefined {
    const last = this.#own.at(-1);
    return last?.succeeds === true && last.endsMs <= this.#nowMs ? last.endsMs : undefined;
  }

  /** The rows that can be queried by now, oldest first. */
  rows(): readonly Row[] {
    const { rowLateMs = usualRowLateMs, seed } = this.#draw;
    const late = chanceFrom(seed + 3_000_000);
    return this.#tries
      .flatMap(({ replica, beginsMs, endsMs, succeeds }): Row[] => [
        { atMs: beginsMs, replica, reason: 'PullingImage' },
        { atMs: endsMs, replica, reason: succeeds ? 'PulledImage' : 'ImagePullUnauthorized' },
      ])
      .filter(({ atMs }) => atMs + rowLateMs * (0.75 + late() / 2) <= this.#nowMs);
  }

  #state(): Replica['state'] {
    const last = this.#own.at(-1);
    if (last === undefined || last.endsMs > this.#nowMs) return 'pulling';
    if (!last.succeeds) return 'waiting';
    return last.endsMs + startsMs <= this.#nowMs ? 'ready' : 'starting';
  }

  #begin(beginsMs: number): void {
    const succeeds = beginsMs >= this.#worksAtMs;
    const endsMs = beginsMs + (succeeds ? this.#draw.pullMs : refusedMs);
    const one = { replica: this.replica().name, beginsMs, endsMs, succeeds };
    this.#tries.push(one);
    this.#own.push(one);
  }

  #create(nowMs: number): void {
    // What was under way ends with its replica, and writes no further row.
    this.#tries = this.#tries.map((one) => (one.endsMs > nowMs ? { ...one, endsMs: Number.POSITIVE_INFINITY } : one));
    this.#own = [];
    this.#replicas += 1;
    this.#createdMs = nowMs;
  }
}

/** When the oracle's pull ends, which restarts at the very moment in which the role takes effect. Milliseconds after the grant. */
export function oracleMs({ propagationMs, pullMs }: Draw): number {
  return propagationMs + scheduledMs + pullMs;
}
