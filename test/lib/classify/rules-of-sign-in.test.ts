import { describe, expect, it } from 'vitest';
import { identity, rejected, rejectedToo } from '../../../src/lib/classify/rules-of-sign-in.ts';
import { readBy, rulesWithoutMessage } from './read-by.ts';

const pulling = 'Failed to pull image "shop.azurecr.io/orders:1": ';

describe('the rules about signing in', () => {
  it('each read a message that software wrote', () => {
    expect(rulesWithoutMessage([...identity, ...rejected, ...rejectedToo])).toEqual([]);
  });

  it('tell a token that could not be got from credentials that the registry refused', () => {
    expect(new Set(identity.map(({ label }) => label))).toEqual(new Set(['identity-token']));
    expect(new Set([...rejected, ...rejectedToo].map(({ label }) => label))).toEqual(new Set(['unauthorized']));
  });

  it.each([
    ['identity-token: aca-managed-identity', 'Unable to pull image using Managed identity system for registry'],
    ['identity-token: entra-error', `${pulling}AADSTS700016: Application not found in the directory`],
    ['identity-token: token-endpoint-unreachable', `${pulling}Get "http://169.254.169.254/metadata": EOF`],
    ['unauthorized: pull-access-denied', `${pulling}pull access denied for orders`],
    ['unauthorized: authentication-required', `${pulling}unauthorized: authentication required`],
    ['unauthorized: status-401-403', `${pulling}unexpected status: 403 Forbidden`],
    ['unauthorized: platform-unauthorized', 'Container pull image failed with unauthorized error.'],
  ])('read it as %s', (read, text) => {
    expect(readBy(text)).toBe(read);
  });

  it('let anything more precise win over the platform’s own word, which it also prints for a missing DNS link', () => {
    const word = 'Image pull failed with unauthorized error. shop.azurecr.io: ';

    expect(readBy(`${word}dial tcp: lookup shop.azurecr.io: no such host`)).toContain('dns:');
    expect(readBy(`${word}client with IP '20.1.2.3' is not allowed access`)).toContain('firewall:');
  });

  it('leave alone what an app says of its own users', () => {
    expect(readBy('GET /orders/42 401 Unauthorized')).toContain('not-a-pull-failure');
    expect(readBy('AADSTS50011: The redirect URI does not match')).toContain('not-a-pull-failure');
  });
});
