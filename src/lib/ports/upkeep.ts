// How pullmedic looks after itself: messages that could not be handled, and whether what it depends on answers.

import type { Fact } from '../words/fact.ts';

/** What pullmedic needs to look after itself. */
export interface Upkeep {
  readonly letters: {
    get(id: string): Promise<DeadLetter | undefined>;
    put(letter: DeadLetter): Promise<void>;
    remove(id: string): Promise<void>;
    /** First those that wait for a person, then the others; of each at most `mostLetters` of intake/dead-letter.ts. */
    all(): Promise<readonly DeadLetter[]>;
  };
  readonly poison: {
    /** Some of what lies in the poison queues, hidden from others meanwhile. */
    take(): Promise<readonly PoisonMessage[]>;
    /** Takes a message away that was kept or sent again. */
    remove(message: PoisonMessage): Promise<void>;
    /** About how many lie there. */
    waiting(): Promise<Fact<number>>;
  };
  /** `not-asked`: no recent check says anything about it. */
  dependencies(): Promise<Readonly<Record<'queues' | 'signIn' | 'logs', Dependency>>>;
}

/** `unreadable`: neither a signal nor a step; it is kept as it lay in the queue. */
export type LetterKind = 'signal' | 'step' | 'unreadable';

/** `retrying`: it is on its way again. `dead`: it waits for a person. */
export type LetterState = 'retrying' | 'dead' | 'replayed' | 'dismissed';

export interface DeadLetter {
  /** `d` and 24 hex digits: the same message has the same one. */
  readonly id: string;
  readonly kind: LetterKind;
  readonly queue: QueueName;
  /** JSON of a signal or a step; else the text as it lay in the queue, cut at `mostKept` of intake/dead-letter.ts. */
  readonly message: string;
  readonly state: LetterState;
  /** How often it came to the poison queue; each time stands for five deliveries. */
  readonly tries: number;
  /** The code of the last error, never its message. */
  readonly lastError?: string;
  /** The person who replayed or dismissed it last, and the reason where the person gave one. */
  readonly by?: string;
  readonly why?: string;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

export type QueueName = 'signals' | 'steps';

/** A message in a poison queue. `body` is `undefined` where it is not JSON in the encoding of our queues. */
export interface PoisonMessage {
  readonly queue: QueueName;
  readonly body: unknown;
  /** The text as it lies in the queue. */
  readonly raw: string;
  readonly receipt: { readonly id: string; readonly pop: string };
}

/** Why the storage account cannot be used. */
export type StorageTrouble =
  | 'connection-refused'
  | 'name-not-found'
  | 'no-right'
  | 'wrong-key'
  | 'timed-out'
  | 'no-answer';

export type Dependency = 'up' | 'down' | 'not-asked';
