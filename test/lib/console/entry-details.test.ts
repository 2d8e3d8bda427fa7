import { describe, expect, it } from 'vitest';
import { bindingLine, entryDetails } from '../../../src/lib/console/entry-details.ts';
import type { IncidentId } from '../../../src/lib/words/target.ts';
import { decided, grant, looked, opened, waiting } from '../console-entries.ts';
import { nowMs, target } from '../facts.ts';

describe('the details of an entry', () => {
  it('of a look are the evidence for and against, and what could not be read', () => {
    const text = entryDetails({ ...looked, unread: ['logs'], recalled: ['registry'] })?.text ?? '';

    expect(text).toContain('Shows the cause:');
    expect(text).toContain('No role of the identity lets it pull');
    expect(text).toContain('Speaks against it, or has nothing to do with it:');
    expect(text).toContain('Could not read: logs');
    expect(text).toContain('read a moment ago: registry');
  });

  it('of a decision are the refusals and the rule', () => {
    const refused = {
      ...waiting,
      refusals: [{ guard: 'mode', why: 'observe' }] as const,
      rule: 'role-is-missing' as const,
    };

    expect(entryDetails(refused)?.text).toContain('Withheld, because');
    expect(entryDetails(refused)?.text).toContain('Rule role-is-missing');
  });

  it('of a removed grant name the assignment', () => {
    const entry = { kind: 'outcome', action: 'grant', outcome: 'done', undo: '/subscriptions/a/b' } as const;

    expect(entryDetails(entry)?.text).toContain('Undo would remove /subscriptions/a/b');
  });

  it('of an incident lead to its page', () => {
    const incident = `i${'a'.repeat(24)}` as IncidentId;

    expect(entryDetails({ kind: 'incident-linked', incident })?.text).toContain(`href="/api/incidents/${incident}"`);
  });

  it('are absent where the headline says all', () => {
    expect(entryDetails(opened)).toBeUndefined();
  });

  it('name the no that binds', () => {
    const bound = { how: 'rejected', by: 'Ada', app: target.appId, remediation: `t${'0'.repeat(24)}.1`, atMs: nowMs };

    expect(bindingLine({ bound: bound as never })?.text).toContain('A refusal binds.');
    expect(bindingLine({})).toBeUndefined();
    expect(
      entryDetails(decided({ do: 'incident', cause: 'tag-missing', because: 'needs-a-person', grant }))?.text,
    ).toBe('');
  });
});
