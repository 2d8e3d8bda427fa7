// Codes as sentences. Every code that this version stores has words, and a code of another version stands for itself.
import { describe, expect, it } from 'vitest';
import { causes } from '../../../src/lib/causes/causes.ts';
import {
  sayCause,
  sayDecision,
  sayEntry,
  sayGrant,
  sayRefusal,
  sayRefusalCode,
  sayUnread,
  sayWait,
  sayWithheld,
} from '../../../src/lib/console/words.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { guardNames, type Refusal, reasons } from '../../../src/lib/history/refusals.ts';
import { acrPull, alert, principal, registryId, signal, targetId } from '../facts.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const remediation = `${targetId}.1` as never;

describe('a refusal', () => {
  const all = guardNames.flatMap((guard) => reasons[guard].map((why) => ({ guard, why }) as Refusal));

  it('of every guard has words of its own, and its code beside them', () => {
    const said = all.map((one) => sayRefusal(one));

    expect(said).toEqual([...new Set(said)]);
    for (const [at, { guard, why }] of all.entries())
      expect(said[at]).toMatch(new RegExp(`^.{10,} \\(${guard}: ${why}\\)$`));
  });

  it('of another version stands for itself', () => {
    expect(sayRefusalCode('an-old-guard: old')).toBe('an-old-guard: old');
  });

  it('is listed for what was decided and for an undo, and for nothing else', () => {
    const refusals: Refusal[] = [{ guard: 'kill-switch', why: 'on' }];

    expect(sayWithheld({ kind: 'undo-decided', remediation, refusals })).toEqual([
      'the kill switch is on (kill-switch: on)',
    ]);
    expect(sayWithheld({ kind: 'closed', how: 'recovered', because: 'pulled-and-ready' })).toEqual([]);
  });
});

describe('a grant', () => {
  it('is said with its role, its principal and how far it goes', () => {
    expect(sayGrant(grant)).toBe(`AcrPull to ${principal} on the registry acrshop`);
    expect(sayGrant({ ...grant, repository: 'shop/orders' })).toContain('for the repository shop/orders');
  });
});

describe('a code', () => {
  it('of a cause or a wait has words; one that is not known stands for itself', () => {
    for (const cause of causes) expect(sayCause(cause)).not.toBe(cause);
    expect(sayCause('of-a-newer-version' as never)).toBe('of-a-newer-version');
    expect(sayWait('of-a-newer-version')).toBe('of-a-newer-version');
  });
});

describe('a decision', () => {
  it.each([
    [{ do: 'restart', revision: 'r1', because: 'cause-is-gone' }, 'Restarts r1: the cause is gone'],
    [{ do: 'restart', revision: 'r1', because: 'role-should-work' }, 'the role should be in effect by now'],
    [
      { do: 'new-revision', revision: 'r2', suffix: 's', template: 't', because: 'restart-refused' },
      'Asks for the new revision r2 of the same template: Azure refused the restart',
    ],
    [
      { do: 'new-revision', revision: 'r2', suffix: 's', template: 't', because: 'write-rejected' },
      'Azure rejected the deployment',
    ],
    [{ do: 'grant', grant, because: 'pull-role-missing' }, 'Grants AcrPull to'],
    [
      { do: 'ask', grant, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs: 1 },
      'Asks for approval to grant AcrPull to',
    ],
    [
      { do: 'incident', cause: 'tag-missing', because: 'needs-a-person' },
      'Hands over to a person: the image is not in',
    ],
    [{ do: 'close', how: 'withdrawn', because: 'app-gone' }, 'The app is gone.'],
  ] as const)('is a sentence: %o', (decision, said) => {
    expect(sayDecision(decision)).toContain(said);
  });

  it.each([
    [{ do: 'grant', grant, because: 'pull-role-missing' }, 'confirmed', 'no role that lets it pull (confirmed).'],
    [
      { do: 'ask', grant, cause: 'pull-role-propagating', because: 'needs-approval', expiresAtMs: 1 },
      'suspected',
      'not in effect yet (suspected).',
    ],
    [
      { do: 'incident', cause: 'tag-missing', because: 'needs-a-person' },
      'suspected',
      'Hands over to a person: the image is not in the registry (suspected).',
    ],
    [
      { do: 'incident', cause: 'unexplained', because: 'needs-a-person' },
      'unexplained',
      'nothing that was checked explains it (unexplained).',
    ],
  ] as const)('says how sure its cause is: %o, %s', (decision, sure, said) => {
    expect(sayDecision(decision, undefined, sure)).toContain(said);
    expect(sayDecision(decision)).not.toContain(`(${sure})`);
  });

  it('for a person says what would have been granted only where a grant was held back', () => {
    const incident = { do: 'incident', cause: 'pull-role-missing', because: 'change-refused' } as const;

    expect(sayDecision({ ...incident, grant })).toContain('Would grant AcrPull');
    expect(sayDecision(incident)).not.toContain('Would grant');
  });
});

describe('an entry of a timeline', () => {
  const about = { remediation, alert: alert.id, state: 'Closed' } as const;

  it.each<[Entry, string]>([
    [{ kind: 'answered', answer: 'rejected', grant, by: 'Ada' }, 'The grant was rejected by Ada'],
    [
      { kind: 'answered', answer: 'rejected', grant, by: 'Ada', question: 3, why: 'not ours' },
      'The grant was rejected by Ada (question 3). Reason: not ours',
    ],
    [
      { kind: 'signal-joined', signal: { ...signal, via: 'operator', asked: { by: 'Ada', why: 'deployed again' } } },
      'Joined by an operator who asked for a look (Ada: deployed again)',
    ],
    [{ kind: 'outcome', action: 'grant', outcome: 'done' }, 'grant: done'],
    [
      { kind: 'outcome', action: 'grant', outcome: 'withheld', because: 'kill-switch: on' },
      'grant: withheld, because the kill switch is on (kill-switch: on)',
    ],
    [{ kind: 'outcome', action: 'restart', outcome: 'failed', because: 'refused' }, 'restart: failed (refused)'],
    [{ kind: 'undo-decided', remediation, refusals: [] }, 'Removes the assignment that pullmedic made.'],
    [
      { kind: 'undo-outcome', remediation, outcome: 'already-gone' },
      'undo: another person or system had removed the assignment',
    ],
    [{ kind: 'alert-decided', ...about, refusals: [] }, 'Sets the alert to closed.'],
    [
      { kind: 'alert-decided', ...about, refusals: [{ guard: 'alert-state', why: 'gone' }] },
      'Leaves the alert as it is, and does not set it to closed.',
    ],
    [{ kind: 'alert-outcome', ...about, outcome: 'failed', because: 'refused' }, 'alert closed: failed (refused)'],
    [{ kind: 'closed', how: 'withdrawn', because: 'app-gone' }, 'Closed as withdrawn. The app is gone.'],
  ])('reads %o', (entry, said) => {
    expect(sayEntry(entry)).toBe(said);
  });

  it('has facts that could not be read only if it is a look', () => {
    expect(sayUnread({ kind: 'closed', how: 'withdrawn', because: 'app-gone' })).toEqual([]);
  });
});
