// Rules that ask a person, and those that wait before they do.
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/lib/causes/causes.ts';
import { provedCause } from '../../../src/lib/decision/answers.ts';
import { askAPerson, causeInDoubt, registryInTrouble } from '../../../src/lib/decision/person-rules.ts';
import type { LogRow } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { app, assignment, dnsUnlinked, minute, nowMs, roleMissing, target, unauthorizedRow } from '../facts.ts';
import { decideOn, decisionInput } from '../situations.ts';

const busyRow: LogRow = {
  ...unauthorizedRow,
  reason: 'ImagePullFailure',
  text: `Image pull for ${target.image} failed due to registry rate limiting (HTTP 429).`,
};
const busy: Evidence = { ...roleMissing, roles: known([assignment(999 * minute)]), logs: known([busyRow]) };

const none = { causes: [], sure: 'confirmed', for: [], against: [], network: 'allows', detail: {} } as const;

describe('a registry in trouble', () => {
  it('is waited for half an hour, and then a person is asked', () => {
    const early = decideOn(busy, { openedAgoMs: 30 * minute - 1 });
    const late = decideOn(busy, { openedAgoMs: 30 * minute });

    expect([early.rule, early.decision]).toEqual(['registry-in-trouble', { do: 'wait', because: 'registry-busy' }]);
    expect(late.decision).toMatchObject({ do: 'incident', cause: 'rate-limited' });
  });

  it('is not waited for where Azure rejected the write, because nothing tries that again', () => {
    const rejected: Evidence = {
      ...busy,
      app: known({ ...app, provisioningState: 'Failed', writeError: { text: busyRow.text, atMs: nowMs } }),
      revisions: known([]),
      replicas: known([]),
    };

    expect(decideOn(rejected, { openedAgoMs: minute }).decision).toMatchObject({
      do: 'incident',
      cause: 'rate-limited',
    });
  });
});

describe('a login from before the registry moved to repository permissions', () => {
  it('is waited for as long as the platform may need for a new token', () => {
    const diagnosis = { ...none, causes: ['credentials-from-before-abac'] } as const;

    expect(registryInTrouble(decisionInput(roleMissing, { diagnosis }))).toMatchObject({
      decision: { do: 'wait', because: 'tokens-refresh' },
      dueAtMs: nowMs + 5 * minute,
    });
  });
});

describe('a fact that could not be read', () => {
  it('for a reason that passes wakes no person, and one that is forbidden does', () => {
    const { rule } = decideOn({ ...roleMissing, roles: unreadable('timed-out') });

    expect(rule).toBe('could-not-read');
    expect(decideOn({ ...roleMissing, roles: unreadable('forbidden') }).decision.do).toBe('incident');
  });

  it('is not waited for where a cause is proved without it', () => {
    expect(decideOn({ ...dnsUnlinked, holders: unreadable('timed-out') }).rule).toBe('ask-a-person');
  });
});

describe('a look without any cause', () => {
  const input = decisionInput(roleMissing, { diagnosis: none });

  it('is an incident about something that nothing explains, and no trouble of a registry', () => {
    const asks = { decision: { do: 'incident', cause: 'unexplained', because: 'needs-a-person' }, refusals: [] };

    expect(askAPerson(input)).toMatchObject(asks);
    expect(causeInDoubt({ ...input, diagnosis: { ...none, sure: 'unexplained' } })).toMatchObject(asks);
    expect(registryInTrouble(input)).toBeUndefined();
    expect(provedCause(input)).toBe('unexplained');
  });
});

describe('several causes', () => {
  it('ask a person about the one that neither a grant nor time can repair', () => {
    const { rule, decision } = decideOn({ ...dnsUnlinked, roles: known([]) });

    expect(rule).toBe('cause-in-doubt');
    expect(decision).toMatchObject({ do: 'incident', cause: 'private-dns-unlinked' });
  });

  it('ask about that one in whatever order they were found, and about the first one where there is none', () => {
    const about = (...causes: Cause[]) =>
      causeInDoubt(decisionInput(roleMissing, { diagnosis: { ...none, causes } }))?.decision;

    expect(about('pull-role-missing', 'tls-untrusted')).toMatchObject({ do: 'incident', cause: 'tls-untrusted' });
    expect(about('tls-untrusted', 'pull-role-missing')).toMatchObject({ do: 'incident', cause: 'tls-untrusted' });
    expect(about('rate-limited', 'pull-role-missing')).toMatchObject({ do: 'incident', cause: 'rate-limited' });
  });
});

describe('a proved cause that no change puts right', () => {
  it('asks a person', () => {
    expect(decideOn(dnsUnlinked)).toMatchObject({
      rule: 'ask-a-person',
      decision: { do: 'incident', cause: 'private-dns-unlinked', because: 'needs-a-person' },
    });
  });
});
