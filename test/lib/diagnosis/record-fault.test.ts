// Registry entries that cannot work by the app's own record. Each kind of fault: entries.test.ts.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { hasBrokenEntry, isBrokenByRecord } from '../../../src/lib/diagnosis/record-fault.ts';
import { isSomethingElse } from '../../../src/lib/diagnosis/trouble.ts';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { app, nowMs, roleMissing, target } from '../facts.ts';

const text = 'Failed to update the app. Something in its configuration is not right.';
const rejected = (more: Partial<AppFacts>): Evidence => ({
  ...roleMissing,
  app: known({ ...app, provisioningState: 'Failed', writeError: { text, atMs: nowMs }, ...more }),
  revisions: known([]),
  replicas: known([]),
  logs: known([]),
});
const gone = { server: 'ghcr.io', username: 'u', secret: 'gone' };

describe('an entry without its secret', () => {
  const evidence = rejected({ secrets: ['other'], registries: [...app.registries, gone] });

  it('is broken, and the others are not', () => {
    expect(isBrokenByRecord({ ...target, registry: 'ghcr.io' }, evidence)).toBe(true);
    expect(isBrokenByRecord(target, evidence)).toBe(false);
    expect(hasBrokenEntry(target, evidence)).toBe(true);
    expect(hasBrokenEntry(target, rejected({ secrets: ['gone'], registries: [gone] }))).toBe(false);
    expect(hasBrokenEntry(target, { ...evidence, app: unreadable('throttled') })).toBe(false);
  });

  it('makes a rejected write a matter of the registry, in whatever words Azure rejects it', () => {
    expect(isSomethingElse(target, evidence, [classify(text)])).toBe(false);
    expect(isSomethingElse(target, rejected({}), [classify(text)])).toBe(true);
  });
});
