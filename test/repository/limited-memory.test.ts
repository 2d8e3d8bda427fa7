// A process must not remember more with each app that it sees: what outlives a call has a limit (`latest.ts`), or ends with the connection
// that it belongs to (a WeakMap).
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Empty collections at the top of a module, which only something that runs later can fill. */
const growing = /^(?:export )?(?:const|let) (\w+)[^=\n]*= (?:new (?:Map|Set)(?:<[^;\n]*>)?\(\)|\[\]|\{\});$/gm;

it('no module has a collection that grows without a limit', () => {
  const found = globSync('src/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(growing)].map(([, name]) => `${file}: ${name}`),
  );

  // The names of columns stop at 500.
  expect(found).toEqual(['src/cli/columns.ts: plainNames']);
});

it.each([
  'const seen = new Map<string, number>();',
  'export const seen: Set<string> = new Set();',
  'let all: Row[] = [];',
])('such a collection is: %s', (line) => {
  expect([...line.matchAll(growing)]).toHaveLength(1);
});
