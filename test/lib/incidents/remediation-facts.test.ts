// What programs are told of a remediation, and what its routes can ask of it.
import { describe, expect, it } from 'vitest';
import { storedCause } from '../../../src/lib/causes/causes.ts';
import {
  openQuestion,
  questionFactsOf,
  remediationFacts,
  routeQuestionOf,
} from '../../../src/lib/incidents/remediation-facts.ts';
import { minute, nowMs, target } from '../facts.ts';
import { places } from './incident-data.ts';
import { diagnosed, ended, found, present, question, remediation } from './remediation-data.ts';

describe('the facts of a remediation', () => {
  it('name the app, the image and the page, and no cause before the first look', () => {
    expect(remediationFacts(remediation, places)).toEqual({
      id: remediation.id,
      state: 'open',
      app: target.appId,
      appName: target.appName,
      image: target.image,
      registry: target.registry,
      openedAtMs: nowMs,
      changes: [],
      page: `https://pullmedic.example/api/history/${remediation.id}`,
    });
    expect(remediationFacts(remediation, {}).page).toBeUndefined();
  });

  it('repeat no user name and no password that a person pasted into the reference', () => {
    const image = 'ada:hunter2secret@acrshop.azurecr.io/shop/orders:v1';
    const facts = remediationFacts({ ...remediation, target: { ...target, image } }, places);
    expect(facts.image).toBe('[secret]@acrshop.azurecr.io/shop/orders:v1');
    expect(JSON.stringify(facts)).not.toContain('hunter2secret');
  });

  it('have the cause that was confirmed, also after a look that saw the recovery', () => {
    const { sentence, owner } = present(storedCause('private-dns-unlinked'));
    expect(remediationFacts(found, places).found).toEqual({
      cause: 'private-dns-unlinked',
      says: sentence,
      sure: 'confirmed',
      family: 'network',
      owner,
    });
  });

  it('say that nothing explains it where no cause was found', () => {
    const unexplained = { ...diagnosed, causes: [], sure: 'unexplained' } as const;
    const one = { ...remediation, bestDiagnosis: { atMs: nowMs, diagnosis: unexplained, suspicions: [] } };
    expect(remediationFacts(one, places).found).toMatchObject({ cause: 'unexplained', sure: 'unexplained' });
  });

  it('have every change with its outcome, and the end', () => {
    const attempts = [
      { action: 'grant', atMs: nowMs, outcome: 'done' },
      { action: 'restart', atMs: nowMs + minute },
    ] as const;
    expect(remediationFacts({ ...found, attempts, closed: ended }, places)).toMatchObject({
      state: 'closed',
      changes: [
        { action: 'grant', outcome: 'done', atMs: nowMs },
        { action: 'restart', atMs: nowMs + minute },
      ],
      ended,
    });
  });
});

describe('the question of a remediation', () => {
  it('is the last one that can be answered', () => {
    expect(openQuestion({ ...found, retryApproval: question }, nowMs)).toMatchObject({ question: 4, says: 'asked' });
    expect(openQuestion(found, nowMs)).toBeUndefined();
  });

  it('is none once it was answered, its time is over, or the remediation has ended', () => {
    const answer = { answer: 'approved', by: 'ada', atMs: nowMs } as const;
    expect(openQuestion({ ...found, retryApproval: { ...question, answer } }, nowMs)).toBeUndefined();
    expect(openQuestion({ ...found, retryApproval: question }, question.expiresAtMs)).toBeUndefined();
    expect(openQuestion({ ...found, retryApproval: question }, question.expiresAtMs - 1)).toBeDefined();
    expect(openQuestion({ ...found, retryApproval: question, closed: ended }, nowMs)).toBeUndefined();
  });

  it('links the page on which it is answered', () => {
    const open = present(openQuestion({ ...found, retryApproval: question }, nowMs));
    expect(questionFactsOf(open, 'ca-orders', places)).toMatchObject({
      name: 'ca-orders',
      link: `https://pullmedic.example/api/history/${found.id}`,
    });
    expect(questionFactsOf(open, 'ca-orders', {}).link).toBeUndefined();
  });
});

describe('a route', () => {
  it('can ask for the registry, the subscription and a low severity before the first look, and for no cause', () => {
    expect(routeQuestionOf(remediation, nowMs)).toEqual({
      severity: 'low',
      registry: target.registry,
      subscriptions: ['5f0c1d2e-0000-4000-8000-000000000001'],
      atMs: nowMs,
    });
  });

  it('can ask for the cause and its owner afterwards; a confirmed cause that others can share is of medium severity', () => {
    expect(routeQuestionOf(found, nowMs)).toMatchObject({
      cause: 'private-dns-unlinked',
      owner: 'network team',
      severity: 'medium',
    });
    const suspected = { ...diagnosed, sure: 'suspected' } as const;
    const one = { ...found, bestDiagnosis: { atMs: nowMs, diagnosis: suspected, suspicions: [] } };
    expect(routeQuestionOf(one, nowMs).severity).toBe('low');
  });
});
