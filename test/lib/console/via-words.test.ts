// What started a remediation, as people read it after "Started by".
import { expect, it } from 'vitest';
import { sayVia } from '../../../src/lib/console/via-words.ts';
import { vias } from '../../../src/lib/signals/signal.ts';

it.each(vias)('says %s with an article', (via) => {
  expect(sayVia(via)).toMatch(/^(?:a|an|the) /);
});
