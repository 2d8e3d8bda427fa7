// How the deployed code imports what a bundler can only partly leave out (docs/decisions/0009-what-loads-when.md).
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const files = globSync('src/**/*.ts').map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const importing = (line: RegExp): string[] => files.filter(({ text }) => line.test(text)).map(({ path }) => path);

it('zod is imported as a namespace: of the object `z` a bundler keeps all, 100 KB more', () => {
  expect(importing(/^import \* as z from 'zod';$/m).length).toBeGreaterThan(20);
  expect(importing(/^import \{[^}]*\} from 'zod';$/m)).toEqual([]);
});

it('the whole clients of ARM are imported as types, except the one that has no operations one by one', () => {
  const whole = /^import \{[^}]*\} from '@azure\/arm-(?!authorization')[\w-]+';$/m;
  expect(importing(/from '@azure\/arm-appcontainers\/api'/)).toEqual(['src/lib/azure/clients/sdk-clients.ts']);
  expect(importing(whole)).toEqual([]);
});
