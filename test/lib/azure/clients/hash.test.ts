// Hashes name histories and role assignments: a change of one of them would lose what was stored under it.
import { describe, expect, it } from 'vitest';
import { sha256, shortHash, uuidV5 } from '../../../../src/lib/azure/clients/hash.ts';

describe('a hash', () => {
  it('is SHA-256 of UTF-8 (FIPS 180-4, example "abc")', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('that names a history is its first 24 digits', () => {
    expect(shortHash('abc')).toBe('ba7816bf8f01cfea414140de');
  });
});

describe('the name of a role assignment', () => {
  it('is a UUID of version 5 (RFC 9562, appendix A.4)', () => {
    expect(uuidV5('www.example.com', '6ba7b810-9dad-11d1-80b4-00c04fd430c8')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('is another in another namespace', () => {
    const [one, other] = ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', '6ba7b811-9dad-11d1-80b4-00c04fd430c8'];

    expect(uuidV5('x', one)).not.toBe(uuidV5('x', other));
  });
});
