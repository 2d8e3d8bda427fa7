// What is shown: a remediation, or an incident where no remediation is meant.
import { describe, expect, it } from 'vitest';
import { Declined } from '../../src/cli/declined.ts';
import { namedThing } from '../../src/cli/named-thing.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { appWith } from './app-answers.ts';

const incident = (start: string) => ({ id: `i${start.padEnd(24, '0')}`, state: 'open' });
const none = { problems: [], rows: [], skipped: 0 };
const row = { remediation: `t${'0'.repeat(24)}.1`, appId: '/x/iab', closed: false, needsPerson: true, updatedAtMs: 0 };
const app = (incidents: readonly object[], rows: readonly object[] = []) =>
  appWith({ 'history?as=json&q=app%3Aiab': { ...none, rows }, incidents: { incidents } });

describe('a name', () => {
  it('is an incident by its whole id, without asking the app', async () => {
    const { id } = incident('ab1');
    expect(await namedThing(appWith({}), id)).toEqual({ kind: 'incident', id });
  });

  it('is the open incident whose id begins so', async () => {
    const closed = { ...incident('ab2'), state: 'resolved' };
    expect(await namedThing(app([incident('ab1'), closed]), 'iab')).toEqual({
      kind: 'incident',
      id: incident('ab1').id,
    });
  });

  it('is the app of this name before it is an incident', async () => {
    expect(await namedThing(app([incident('ab1')], [row]), 'iab')).toEqual({
      kind: 'remediation',
      id: row.remediation,
    });
  });

  it('is not guessed', async () => {
    await expect(namedThing(app([incident('ab1'), incident('ab2')]), 'iab')).rejects.toThrow(UsageError);
    await expect(namedThing(app([]), 'iab')).rejects.toThrow(Declined);
    await expect(namedThing(app([{ id: 'iab/../x', state: 'open' }]), 'iab')).rejects.toThrow(Declined);
  });
});
