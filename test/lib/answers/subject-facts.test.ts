// What an answer is about, in names: app, group, subscription, revision, image, role, identity, registry.
import { describe, expect, it } from 'vitest';
import { assignmentVersion, factsOf, factsOfAsked, namingIdentity } from '../../../src/lib/answers/subject-facts.ts';
import { identityId, target } from '../facts.ts';
import { assignment, grant } from './asked.ts';

function namesOf(facts: readonly { readonly name: string; readonly value: string }[]): object {
  return Object.fromEntries(facts.map(({ name, value }) => [name, value]));
}

describe('the facts of a subject', () => {
  it('name the app and where it is, and its last revision', () => {
    expect(namesOf(factsOf({ target, revisions: ['ca-orders--1', 'ca-orders--2'] }))).toEqual({
      App: 'ca-orders in the resource group rg-apps, subscription 5f0c1d2e-0000-4000-8000-000000000001',
      Revision: 'ca-orders--2',
      Image: 'acrshop.azurecr.io/shop/orders:v1',
    });
    expect(namesOf(factsOf({ target, revisions: [] }))).not.toHaveProperty('Revision');
  });

  it('name no password that stands in an image', () => {
    const named = namesOf(
      factsOf({ target: { ...target, image: 'ada:hush@acrshop.azurecr.io/shop/orders:v1' }, revisions: [] }),
    );

    expect(JSON.stringify(named)).not.toContain('hush');
  });

  it('of a grant name role, identity, registry, and the repository where it is limited to one', () => {
    expect(namesOf(factsOfAsked({ grant }, {}))).toMatchObject({
      Role: 'AcrPull',
      'To the identity': grant.principalId,
    });
    expect(namesOf(factsOfAsked({ grant }, {}))).not.toHaveProperty('For the repository');
    expect(namesOf(factsOfAsked({ grant: { ...grant, repository: 'shop/orders' } }, {}))).toMatchObject({
      'For the repository': 'shop/orders',
    });
  });

  it('of another question name the revision or the template', () => {
    expect(namesOf(factsOfAsked({ restart: 'ca-orders--2' }, {}))).toEqual({ Restart: 'ca-orders--2' });
    expect(namesOf(factsOfAsked({ newRevision: 'abc' }, {}))).toEqual({ 'New revision': 'of the template abc' });
  });

  it('call an assignment by its name', () => {
    expect(assignmentVersion(assignment)).toBe('made-by-us');
    expect(assignmentVersion('x')).toBe('x');
  });
});

describe('the identity of a subject', () => {
  const look = {
    pulls: { principalId: grant.principalId },
    diagnosis: { for: [], against: [{ code: 'identity-declared', detail: { identity: identityId } }] },
  } as never;

  it('has its name beside the principal id in the facts, and alone in sentences', () => {
    expect(namesOf(factsOfAsked({ grant }, { look }))).toMatchObject({
      'To the identity': `id-orders (principal ${grant.principalId})`,
    });
    expect(namingIdentity(`to ${grant.principalId}.`, { look })).toBe('to id-orders.');
  });

  it('is its principal id where no look could tell a name, or the grant is for another one', () => {
    const another = { ...grant, principalId: 'b0000000-0000-4000-8000-00000000000b' as typeof grant.principalId };

    expect(namesOf(factsOfAsked({ grant }, {}))).toMatchObject({ 'To the identity': grant.principalId });
    expect(namesOf(factsOfAsked({ grant: another }, { look }))).toMatchObject({
      'To the identity': another.principalId,
    });
    expect(namingIdentity(`to ${grant.principalId}.`, {})).toBe(`to ${grant.principalId}.`);
  });
});
