import { expect, it } from 'vitest';
import { basicAuth } from '../../../src/lib/incidents/basic-auth.ts';
import { Secret } from '../../../src/lib/words/secret.ts';

it('signs in with a name and a password in UTF-8 (the examples of RFC 7617)', () => {
  expect(basicAuth('Aladdin', new Secret('open sesame'))).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
  expect(basicAuth('test', new Secret('123£'))).toBe('Basic dGVzdDoxMjPCow==');
});
