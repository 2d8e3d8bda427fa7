// No secret in any output: scenarios are played end to end, and everything that was written anywhere is searched.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { leaksIn } from './leaks.ts';

const run = promisify(execFile);
const dump = z.object({
  texts: z.array(z.object({ where: z.string(), text: z.string() })),
  known: z.record(z.string(), z.string().min(16)),
});

/**
 * A registry that is asked itself, a user name and a secret, a reading of the Activity Log, a grant with Azure in trouble, and all kinds of
 * incident systems.
 */
const played = [
  'tag-missing',
  'credential-admin-disabled',
  'role-removed-under-healthy-revision',
  'azure-throttles',
  'told-in-every-system',
].map((name) => `local/scenarios/${name}.yaml`);

let written: z.infer<typeof dump> = { texts: [], known: {} };

beforeAll(async () => {
  const port = String(22_000 + (process.pid % 100) * 10);
  const { stdout } = await run(process.execPath, ['test/scenarios/run-and-dump.ts', port, ...played], {
    maxBuffer: 200_000_000,
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  written = dump.parse(JSON.parse(stdout));
}, 1_800_000);

describe('everything that was written', () => {
  it.each([
    'log',
    'timeline',
    'table pullmedichistory',
    'table pullmedicincidents',
    'table pullmedicoutbox',
    'messages (200)',
    'settings?as=json (200)',
    'queue pullmedic-signals',
    'history (200)',
  ])('was collected: %s', (where) => {
    expect(written.texts.some((one) => one.where === where)).toBe(true);
  });

  it('holds no token, key, signature, password, header or claim', () => {
    const found = written.texts.flatMap(({ where, text }) =>
      leaksIn(text, written.known).map((kind) => `${where}: ${kind}`),
    );

    // Five of each scenario, and those of the eight kinds of incident systems that need a secret.
    expect(Object.keys(written.known)).toHaveLength(played.length * 5 + 8);
    expect([...new Set(found)]).toEqual([]);
  });
});

describe('the search', () => {
  const principal = Buffer.from(
    JSON.stringify({ auth_typ: 'aad', claims: [{ typ: 'name', val: 'somebody' }], role_typ: 'roles' }),
  ).toString('base64');

  it.each([
    ['a signed token', '{"note":"eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl"}'],
    ['a bearer token', 'authorization: Bearer abcdefghijklmnopqrstuvwxyz'],
    ['a storage account key', 'AccountName=a;AccountKey=c2VjcmV0c2VjcmV0;'],
    ['a shared access signature', 'https://a.blob.core.windows.net/x?se=1&sig=abcdefgh%2Bijkl'],
    ['a function key', 'POST /api/alerts?code=abcdefghijklmnopqrst'],
    ['a registry token', '{"refresh_token":"abcdefgh"}'],
    ['a password', '{"username":"acrshop","password":"hunter2hunter2"}'],
    ['an identity header', 'X-IDENTITY-HEADER: 0123456789abcdef'],
    ['claims', '{"claims":{"aud":"x"}}'],
    ['a principal header', `principal ${principal}`],
  ])('finds %s', (kind, text) => {
    expect(leaksIn(text, {})).toContain(kind);
  });

  it('finds each known secret wherever it was planted: as it is, in an address, and in base64', () => {
    for (const [name, value] of Object.entries(written.known)) {
      expect(leaksIn(`x ${value} y`, written.known)).toContain(name);
      expect(leaksIn(`x?y=${encodeURIComponent(value)}`, written.known)).toContain(name);
      expect(leaksIn(Buffer.from(value).toString('base64'), written.known)).toContain(name);
    }
  });

  it('finds nothing in what is none', () => {
    expect(
      leaksIn('The log claims unauthorized (401); the password is right. az acr credential show --query passwords', {}),
    ).toEqual([]);
  });
});
