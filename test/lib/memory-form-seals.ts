// The seals of forms in memory, with a key that a test cannot guess and each seal counted once.
import { createHmac, randomBytes } from 'node:crypto';
import type { FormSeals } from '../../src/lib/ports/form-seals.ts';
import { type Fact, known, unreadable } from '../../src/lib/words/fact.ts';

/** `before` is called with the name of each call; what throws there is a store that does not answer. */
export function memoryFormSeals(before: (call: string) => void = () => undefined): FormSeals['seals'] {
  const key = randomBytes(32);
  const used = new Set<string>();
  const sealed = (name: string, text: string): Fact<string> => {
    try {
      before(name);
      return known(createHmac('sha256', key).update(text).digest('hex'));
    } catch {
      return unreadable('unavailable');
    }
  };
  return {
    seal: async (text) => sealed('seals.seal', text),
    async isSealOf(text, seal) {
      const own = sealed('seals.isSealOf', text);
      return own.read ? known(own.value === seal) : own;
    },
    async useUp(seal) {
      before('seals.useUp');
      if (used.has(seal)) return 'used-before';
      used.add(seal);
      return 'used-up';
    },
  };
}
