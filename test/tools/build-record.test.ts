// The record of a build: one change, and the next start builds again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isUnchanged, writeRecord } from '../../tools/build-record.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pullmedic-'));
  writeFileSync(at('source.ts'), 'one');
  writeFileSync(at('bundle.mjs'), 'made');
  writeRecord(at('record'), [at('source.ts'), at('bundle.mjs'), at('source.ts')]);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a build', () => {
  it('is not made again where nothing has changed', () => {
    expect(isUnchanged(at('record'))).toBe(true);
  });

  it.each([
    ['a source has changed', () => writeFileSync(at('source.ts'), 'other')],
    ['a source is gone', () => rmSync(at('source.ts'))],
    ['what it made is gone', () => rmSync(at('bundle.mjs'))],
    ['the record is gone', () => rmSync(at('record'))],
    ['the record was cut off', () => writeFileSync(at('record'), '{"source')],
  ])('is made again where %s', (_, change) => {
    change();

    expect(isUnchanged(at('record'))).toBe(false);
  });
});
