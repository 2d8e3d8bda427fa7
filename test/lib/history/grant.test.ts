import { describe, expect, it } from 'vitest';
import { type Grant, sameGrant } from '../../../src/lib/history/grant.ts';
import { acrPull, appId, principal, principalId, registryId } from '../facts.ts';

const grant: Grant = { registryId, principalId: principal, roleId: acrPull, repository: 'shop/orders' };

describe('two grants', () => {
  it('are the same where every part is', () => {
    expect(sameGrant(grant, { ...grant })).toBe(true);
  });

  it.each<[string, Partial<Grant>]>([
    ['registry', { registryId: appId }],
    ['principal', { principalId: principalId('a0000000-0000-4000-8000-0000000000ff') }],
    ['role', { roleId: 'another' }],
    ['repository', { repository: 'shop/other' }],
  ])('are two where the %s differs', (_, more) => {
    expect(sameGrant(grant, { ...grant, ...more })).toBe(false);
  });

  it('are two where only one is limited to a repository: the other opens the whole registry', () => {
    const { repository: _repository, ...whole } = grant;

    expect(sameGrant(grant, whole)).toBe(false);
  });
});
