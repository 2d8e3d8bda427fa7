// Every file of src with code that runs has a test of its name, so that a reader finds the test of the file that they change.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** Files that need no test of their name, and why. */
const exceptions: Readonly<Record<string, string>> = {
  'src/index.ts':
    'One line that runs at import. test/cli/deployed-commands.test.ts and test/local/host/settings-mistaken.test.ts start the bundle of it.',
};

/** True if something of the file is left once its types are gone. */
function hasCode(text: string): boolean {
  return transformSync(text, { loader: 'ts' }).code.trim() !== '';
}

function hasTest(file: string): boolean {
  return existsSync(file.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts'));
}

const withCode = globSync('src/**/*.ts')
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => hasCode(readFileSync(file, 'utf8')));

describe('a file of src', () => {
  it('has a test of its name, or stands in the list of exceptions with a reason', () => {
    const without = withCode.filter((file) => !hasTest(file));

    expect(without.toSorted()).toEqual(Object.keys(exceptions).toSorted());
  });

  it('needs none if it holds only types', () => {
    expect(hasCode("import type { A } from './a.ts';\nexport interface B { readonly a: A }\n")).toBe(false);
    expect(hasCode('export const modes = [1] as const;')).toBe(true);
    expect(withCode.length).toBeGreaterThan(100);
  });
});
