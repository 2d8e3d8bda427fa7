// Causes in plain words: they count where a pull failed, never in advice, and never against a precise word.
import { describe, expect, it } from 'vitest';
import { plainFirst, plainLast } from '../../../src/lib/classify/rules-of-plain-words.ts';
import { readBy, rulesWithoutMessage } from './read-by.ts';

const failed = 'Failed to pull image "reg.corp.example/api:2": ';

describe('the rules about causes in plain words', () => {
  it('each read a message', () => {
    expect(rulesWithoutMessage([...plainFirst, ...plainLast])).toEqual([]);
  });

  it('count only where a pull failed', () => {
    const needs = [...plainFirst, ...plainLast].map((rule) => rule.needs);

    expect(new Set(needs)).toEqual(new Set(['statement']));
    expect(readBy('sign-in of user 9: the password has expired')).toContain('not-a-pull-failure');
    expect(readBy(`${failed}the password has expired`)).toBe('unauthorized: refused-in-words');
  });

  it.each([
    'check whether the password has expired',
    'please verify that the token is not revoked',
    'possible causes: wrong password, unknown tag',
    '(possible authorization failure or registry down)',
    'perhaps the disk is full',
    'this can happen when the password has expired',
  ])('do not take advice or a guess for the cause: %s', (advice) => {
    expect(readBy(`${failed}${advice}`)).toContain('unknown-pull-failure:');
  });

  it('read on behind advice', () => {
    expect(readBy(`${failed}please check the name: the repository has been deleted`)).toBe(
      'manifest-unknown: absent-in-words',
    );
  });

  it('let a precise word win', () => {
    expect(readBy(`${failed}the connection was closed: manifest unknown`)).toBe('manifest-unknown: manifest-unknown');
    expect(readBy(`${failed}wrong password: dial tcp 10.0.0.4:443: i/o timeout`)).toContain('network:');
  });

  it('win against a bare status where they say why the registry answered with it', () => {
    expect(readBy(`${failed}403 Forbidden: the image is not signed`)).toBe('refused-by-policy: policy-in-words');
    expect(readBy(`${failed}403 Forbidden: blocked by the firewall`)).toBe('firewall: refused-by-place-in-words');
    expect(readBy(`${failed}403 Forbidden: rate limited`)).toBe('rate-limited: throttled-in-words');
  });

  it('ask for a role only where nothing else is said', () => {
    expect(plainLast.slice(-2).map(({ label }) => label)).toEqual(['identity-token', 'unauthorized']);
    expect(readBy(`${failed}wrong password or the disk is full`)).toContain('no-space:');
  });
});
