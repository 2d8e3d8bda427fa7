import { describe, expect, it } from 'vitest';
import { pullAccess } from '../../../src/lib/diagnosis/access.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  assignment,
  config,
  dnsUnlinked,
  minute,
  nowMs,
  principal,
  principalId,
  registry,
  registryId,
  roleMissing,
  target,
  unauthorized,
  vnetId,
} from '../facts.ts';
import { decideOn, type Story } from '../situations.ts';

const group = principalId('c0000000-0000-4000-8000-00000000000c');
const hour = 60 * minute;
const grant = { registryId, principalId: principal, roleId: acrPull };

function ofGroup(ageMs: number) {
  return assignment(ageMs, { principalId: group });
}

function evidenceOf(...roles: ReturnType<typeof assignment>[]): Evidence {
  return { ...roleMissing, roles: known(roles) };
}

function diagnosed(evidence: Evidence, suspicions = [unauthorized] as Parameters<typeof diagnose>[0]['suspicions']) {
  return diagnose({ target, evidence, suspicions, pulledBefore: false });
}

const young = evidenceOf(ofGroup(2 * hour));

describe('a role that comes through a group', () => {
  it('is named with its group', () => {
    expect(pullAccess(young.roles, registry, principal, 'shop/orders')).toMatchObject({ answer: 'can', group });
    expect(diagnosed(young).for).toContainEqual(
      expect.objectContaining({ code: 'role-of-group', detail: expect.objectContaining({ group }) as unknown }),
    );
  });

  it.each<[string, Evidence, string[], string]>([
    ['propagates for a day', evidenceOf(ofGroup(24 * hour - 1)), ['pull-role-propagating'], 'confirmed'],
    ['is suspected after that', evidenceOf(ofGroup(24 * hour)), ['pull-role-propagating'], 'suspected'],
    [
      'counts for nothing beside an old role of its own',
      evidenceOf(ofGroup(hour), assignment(hour)),
      ['unexplained'],
      'unexplained',
    ],
    [
      'waits like any other beside a young role of its own',
      evidenceOf(ofGroup(hour), assignment(minute)),
      ['pull-role-propagating'],
      'confirmed',
    ],
  ])('%s', (_, evidence, causes, sure) => {
    expect(diagnosed(evidence)).toMatchObject({ causes, sure });
  });

  it('is not blamed for what the text calls something else', () => {
    const missing = { label: 'manifest-unknown', rule: 'x', words: 'x' } as const;

    expect(diagnosed(evidenceOf(ofGroup(48 * hour)), [missing]).causes).toEqual(['tag-missing']);
  });

  it('is not blamed while DNS servers that nobody can see decide', () => {
    const evidence = {
      ...dnsUnlinked,
      roles: known([ofGroup(48 * hour)]),
      vnet: known({ id: vnetId, dnsServers: ['10.1.1.1'], peerings: [], gateway: false }),
    };

    expect(diagnosed(evidence).causes).toEqual(['custom-dns']);
  });
});

function decided({ evidence = young, ...story }: Story & { readonly evidence?: Evidence } = {}) {
  return decideOn(evidence, story);
}

function asked(answer?: 'approved' | 'rejected'): Entry[] {
  const ask: Entry = {
    kind: 'decided',
    decision: {
      do: 'ask',
      grant,
      cause: 'pull-role-propagating',
      because: 'needs-approval',
      expiresAtMs: nowMs + hour,
    },
    dueAtMs: nowMs,
    refusals: decided().refusals,
  };
  return answer === undefined ? [ask] : [ask, { kind: 'answered', answer, grant, by: 'anna' }];
}

describe('a young role of a group', () => {
  it('is not waited for: the direct grant is offered, in mode act too', () => {
    expect(decided().decision).toMatchObject({ do: 'ask', grant, cause: 'pull-role-propagating' });
  });

  it('leads to the direct grant when a person approves it, and not when a person rejects it', () => {
    expect(decided({ past: asked('approved') }).decision).toMatchObject({ do: 'grant', grant });
    expect(decided({ past: asked('rejected') }).decision.do).toBe('incident');
    expect(decided({ past: asked() }).decision.do).toBe('ask');
  });

  it('is an incident where the direct grant may not be made', () => {
    const observing = { config: config({ PULLMEDIC_MODE: 'observe' }) };

    const { decision, refusals } = decided(observing);

    expect(decision).toMatchObject({ do: 'incident', cause: 'pull-role-propagating' });
    expect(refusals).toContainEqual({ guard: 'mode', why: 'observe' });
  });

  it('is an incident where it is only suspected: a change needs a confirmed cause', () => {
    expect(decided({ evidence: evidenceOf(ofGroup(48 * hour)), past: asked('approved') }).decision.do).toBe('incident');
  });

  it('is waited for once the identity has a role of its own', () => {
    const evidence = evidenceOf(ofGroup(2 * hour), assignment(minute / 6));

    expect(decided({ evidence }).decision).toEqual({ do: 'wait', because: 'role-propagating' });
  });

  it('is offered nothing where deny assignments cannot be read and nobody approved', () => {
    expect(decided({ evidence: { ...young, denials: unreadable('forbidden') } }).decision.do).toBe('ask');
  });

  it('has a runbook that says why and gives the direct grant', () => {
    const diagnosis = diagnosed(young);
    const runbook = runbookFor({ target, cause: 'pull-role-propagating', diagnosis, evidence: young, grant });

    expect(runbook.advice).toContain('through a group');
    expect(runbook.commands.map(({ language }) => language)).toEqual(['az', 'bicep']);
    expect(runbook.commands[0]?.text).toContain(principal);
  });
});
