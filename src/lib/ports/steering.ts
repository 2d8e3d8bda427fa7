// Exceptions that steer: the code works, and the step has to go on in another way. Each names what the step waits for.

import type { PutOffReason } from '../history/entries.ts';

/** Thrown to leave the work at hand; the caller that catches it knows how it goes on. */
export abstract class Steering extends Error {}

/** Another host moved this target first: what it wrote holds, and its step follows. */
export class Overtaken extends Steering {
  override readonly name = 'Overtaken';
}

/** How many times an append is tried when others move the same history, incident or ledger; after the last one it is {@link Busy}. */
export const appendTries = 16;

/** Many others write to the same history or ledger at this moment: the step comes back in seconds. */
export class Busy extends Steering {
  override readonly name = 'Busy';
}

/** Another host may be in the middle of a change: look again once it has either finished or died. */
export class ChangeUnderWay extends Steering {
  override readonly name = 'ChangeUnderWay';
}

/** The look was not made, or not to its end: it is due later, and nothing was decided. */
export class PutOff extends Steering {
  override readonly name = 'PutOff';
  readonly because: PutOffReason;
  constructor(because: PutOffReason) {
    super('The look is put off.');
    this.because = because;
  }
}

/** The signal is sent again for later: Azure may not be asked now, or others move the same remediation at this moment. */
export class Later extends Steering {
  override readonly name = 'Later';
  /** At least this long, in milliseconds. */
  readonly waitMs: number;
  constructor(waitMs: number) {
    super('The signal is handled later.');
    this.waitMs = waitMs;
  }
}

/** How many times a signal reads again what others write at the same moment; after the last one it is {@link crowded}. */
export const crowdedTries = 4;
/** How long a signal waits then, in milliseconds; times a jitter of up to two. */
const crowdedMs = 2000;

/** Many others write to the same history, count or plan at this moment: the signal comes back in seconds. */
export function crowded(): Later {
  return new Later(crowdedMs);
}

/** Azure could not be asked: the queue delivers the signal again. */
export class Unreachable extends Steering {
  override readonly name = 'Unreachable';
}
