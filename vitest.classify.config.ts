// The tests that measure mutants of the classifier: the quick ones, without generated texts and without the clock.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/lib/classify/*.test.ts', 'test/lib/words/image-ref.test.ts'],
    exclude: ['linear', 'properties', 'rules'].map((name) => `test/lib/classify/${name}.test.ts`),
  },
});
