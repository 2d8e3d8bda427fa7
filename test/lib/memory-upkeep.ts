// The upkeep in memory: letters and poison queues, for rules about what pullmedic does when it fails itself.
import type { DeadLetter, Dependency, PoisonMessage, QueueName, Upkeep } from '../../src/lib/ports/upkeep.ts';
import { known } from '../../src/lib/words/fact.ts';
import { nowMs, targetId } from './facts.ts';

/** A step that failed so often that it waits for a person. */
export const deadStep: DeadLetter = {
  id: `d${'1'.repeat(24)}`,
  kind: 'step',
  queue: 'steps',
  message: JSON.stringify({ targetId, seq: 1, wake: false }),
  state: 'dead',
  tries: 7,
  firstAtMs: nowMs,
  lastAtMs: nowMs,
};

export interface MemoryUpkeep {
  readonly upkeep: Upkeep;
  readonly letters: Map<string, DeadLetter>;
  readonly poison: PoisonMessage[];
  states: Record<'queues' | 'signIn' | 'logs', Dependency>;
  /** Called before each call with its name; throw to make it fail. */
  before: (call: string) => void;
  /** A message comes to a poison queue. */
  fails(queue: QueueName, body: unknown, raw?: string): void;
}

export function memoryUpkeep(): MemoryUpkeep {
  const letters = new Map<string, DeadLetter>();
  const poison: PoisonMessage[] = [];
  let made = 0;
  const call = async <T>(name: string, answer: () => T): Promise<T> => {
    memory.before(name);
    return answer();
  };
  const memory: MemoryUpkeep = {
    letters,
    poison,
    states: { queues: 'up', signIn: 'up', logs: 'not-asked' },
    before: () => undefined,
    fails(queue, body, raw = 'raw') {
      made += 1;
      poison.push({ queue, body, raw, receipt: { id: String(made), pop: 'x' } });
    },
    upkeep: {
      letters: {
        get: (id) => call('letters.get', () => letters.get(id)),
        put: (letter) => call('letters.put', () => void letters.set(letter.id, letter)),
        remove: (id) => call('letters.remove', () => void letters.delete(id)),
        all: () => call('letters.all', () => [...letters.values()]),
      },
      poison: {
        // A handful at a time, as the service hands them out.
        take: () => call('poison.take', () => poison.slice(0, 32)),
        remove: (message) => call('poison.remove', () => void poison.splice(poison.indexOf(message), 1)),
        waiting: () => call('poison.waiting', () => known(poison.length)),
      },
      dependencies: () => call('dependencies', () => memory.states),
    },
  };
  return memory;
}
