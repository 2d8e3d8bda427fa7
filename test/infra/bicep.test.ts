// The grammar is not Microsoft's. What the other tests rely on is read right, and what it reads wrong is refused.
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploy } from './bicep.ts';
import { misread } from './bicep-syntax.ts';

const templates = globSync('infra/**/*.{bicep,bicepparam}');

describe('every template', () => {
  it('is there to be read', () => {
    expect(templates.length).toBeGreaterThan(14);
  });

  it.each(templates)('is read right: %s', (file) => {
    expect(misread(readFileSync(file, 'utf8'))).toEqual([]);
  });
});

describe('what the grammar reads wrong is refused', () => {
  it.each([
    ['a call that continues on the next line', 'var a = [\n  b\n  (c)\n]'],
    ['a call as the first item of a list', 'var a = union([toLower(subscription().id)], b)'],
    ['a member within a choice', "var a = b == 'c' ? 'd' : e().name == 'f' ? 'g' : 'h'"],
    ['a lambda with a member', 'var a = map(b, c => c.id)'],
    ['a spread', 'var a = {\n  b: 1\n  ...c\n}'],
    ['an extension', 'extension microsoftGraph'],
    ['a bracket that is missing', 'var a = {\n  b: [1\n}'],
  ])('%s', (_, source) => {
    expect(misread(source)).not.toEqual([]);
  });
});

describe('what it reads right', () => {
  let folder: string;
  let count = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pullmedic-'));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  async function body(source: string): Promise<unknown> {
    count += 1;
    const file = join(folder, `${count}.bicep`);
    await writeFile(file, source);
    expect(misread(source)).toEqual([]);
    return deploy(file, 's', {}).map((one) => one.body);
  }

  it.each([
    [
      'items on lines of their own',
      "resource r 'T/t@1' = {\n  name: 'n'\n  p: [\n    'a'\n    'b'\n    { c: 1 }\n  ]\n}",
      { name: 'n', p: ['a', 'b', { c: 1 }] },
    ],
    [
      'a choice over several lines',
      "param m string = 'y'\nresource r 'T/t@1' = {\n  name: 'n'\n  p: m == 'x'\n    ? 'a'\n    : m == 'y' ? 'b' : 'c'\n}",
      { name: 'n', p: 'b' },
    ],
    [
      'quotes within a text',
      "resource r 'T/t@1' = {\n  name: 'n'\n  p: '{\\'a\\'} ${'b'}'\n}",
      { name: 'n', p: "{'a'} b" },
    ],
    [
      'a list within a list',
      "resource r 'T/t@1' = {\n  name: 'n'\n  p: [\n    1\n    ['c']\n  ]\n}",
      { name: 'n', p: [1, ['c']] },
    ],
    [
      'a loop with its index',
      "resource r 'T/t@1' = [\n  for (a, i) in ['x']: {\n    name: '${a}${i}'\n  }\n]",
      { name: 'x0' },
    ],
    [
      'lambdas',
      "param l array = [{ id: 'a/b' }]\nresource r 'T/t@1' = {\n  name: 'n'\n  p: map(filter(l, x => startsWith(x.id, 'A')), x => last(split(x.id, '/')))\n}",
      { name: 'n', p: ['b'] },
    ],
    [
      'what a union adds',
      "var a = union({ x: { y: 1 } }, { x: { z: 2 } }, {})\nvar b = union(['p'], ['p', 'q'])\nresource r 'T/t@1' = {\n  name: 'n'\n  p: a\n  q: b\n}",
      { name: 'n', p: { x: { y: 1, z: 2 } }, q: ['p', 'q'] },
    ],
  ])('%s', async (_, source, expected) => {
    expect(await body(source)).toEqual([expected]);
  });

  it('a resource behind a condition that is not met is not deployed', async () => {
    expect(await body("resource r 'T/t@1' = if (1 == 2) {\n  name: 'n'\n}")).toEqual([]);
  });

  it('a name that nobody declared, and a function that is not known, are no values', async () => {
    await expect(body("resource r 'T/t@1' = {\n  name: nobody\n}")).rejects.toThrow('nobody is not known');
    await expect(body("resource r 'T/t@1' = {\n  name: base64('x')\n}")).rejects.toThrow('base64 is not known');
  });
});
