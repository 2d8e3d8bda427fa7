import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from '../../../src/lib/words/secret.ts';

it('shows a secret only to who asks for it', () => {
  const secret = new Secret('s3cr3t');

  expect(secret.reveal()).toBe('s3cr3t');
  for (const written of [String(secret), JSON.stringify({ secret }), inspect(secret), inspect({ deep: { secret } })])
    expect(written).not.toContain('s3cr3t');
  expect(JSON.stringify(secret)).toBe('"[secret]"');
});
