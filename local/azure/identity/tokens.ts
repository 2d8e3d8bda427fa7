// Signed tokens of the simulation: JSON Web Tokens that only the holder of the secret can make.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const claims = z.record(z.string(), z.unknown());

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function sign(text: string, secret: Buffer): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

/** A signed token with these claims. */
export function makeToken(content: Readonly<Record<string, unknown>>, secret: Buffer): string {
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(content)}`;
  return `${text}.${sign(text, secret)}`;
}

/** What a token says; `undefined` when it was not made with this secret. */
export function claimsOf(token: string, secret: Buffer): Readonly<Record<string, unknown>> | undefined {
  const [head = '', body = '', signature = ''] = token.split('.');
  const [a, b] = [Buffer.from(signature), Buffer.from(sign(`${head}.${body}`, secret))];
  if (a.length !== b.length || !timingSafeEqual(a, b)) return undefined;
  return claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
}
