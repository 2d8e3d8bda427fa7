// The roles of a caller: the header counts only behind the platform's own sign-in.
import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { rolesOf } from '../../src/functions/sign-in.ts';

function roles(signInByPlatform: boolean, header?: string): readonly string[] {
  const headers: Record<string, string> = header === undefined ? {} : { 'x-ms-client-principal': header };
  return rolesOf(
    { callers: { state: signInByPlatform ? 'on' : 'off' } },
    new HttpRequest({ method: 'GET', url: 'https://x.example/', headers }),
  );
}

function encoded(principal: unknown): string {
  return Buffer.from(JSON.stringify(principal)).toString('base64');
}

const reader = { claims: [{ typ: 'roles', val: 'Reader' }] };

describe('the roles of a caller', () => {
  it('are those of the header that the platform sets', () => {
    expect(roles(true, encoded(reader))).toEqual(['Reader']);
  });

  it('are claims of the type that the platform names, and no other claims', () => {
    const claims = [
      { typ: 'http://schemas.example/role', val: 'Operator' },
      { typ: 'name', val: 'Reader' },
    ];

    expect(roles(true, encoded({ role_typ: 'http://schemas.example/role', claims }))).toEqual(['Operator']);
  });

  it('are none if the platform signs no caller in: then the caller wrote the header', () => {
    expect(roles(false, encoded(reader))).toEqual([]);
  });

  it.each([
    ['is missing', undefined],
    ['is not JSON', 'Reader'],
    ['holds no claims', encoded({ roles: ['Reader'] })],
    ['is longer than any sign-in', encoded({ ...reader, more: 'x'.repeat(64_000) })],
    ['holds more claims than any sign-in', encoded({ claims: Array.from({ length: 501 }, () => reader.claims[0]) })],
  ])('are none if the header %s', (_, header) => {
    expect(roles(true, header)).toEqual([]);
  });
});
