// A host that can die at one of its calls: what was under way ends there, and the next host makes up for what is overdue by then.
import { sendOverdue } from '../../../src/lib/remediation/overdue.ts';
import type { Memory } from '../memory-ports.ts';

class Died extends Error {
  override readonly name = 'Died';
}

export class MortalHost {
  #callsLeft: number | undefined;

  /** It dies at this call from now on, counted from 1. */
  diesAtCall(call: number): void {
    this.#callsLeft = call;
  }

  /** To be told of each call of the host. */
  called(): void {
    if (this.#callsLeft === undefined) return;
    this.#callsLeft -= 1;
    if (this.#callsLeft > 0) return;
    this.#callsLeft = undefined;
    throw new Died('the host died');
  }

  /** Runs something that the host may die of. */
  async survives({ ports }: Pick<Memory, 'ports'>, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      await sendOverdue(ports);
    }
  }
}
