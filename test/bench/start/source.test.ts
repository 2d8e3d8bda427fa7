// The source without a bundler: its files find each other by their new names, and nothing else of the code changes.
import { expect, it } from 'vitest';
import { withTranslatedImports } from '../../../bench/start/source.ts';

it.each([
  ['import { a } from "./lib/a.ts";', 'import { a } from "./lib/a.js";'],
  ['const { b } = await import("../b.ts");', 'const { b } = await import("../b.js");'],
  ['import "./clock.ts";', 'import "./clock.js";'],
])('imports the translated file: %s', (code, translated) => {
  expect(withTranslatedImports(code)).toBe(translated);
});

it.each(['import * as z from "zod";', 'throw new Error("see ./a.ts");'])(
  'leaves everything else as it is: %s',
  (code) => {
    expect(withTranslatedImports(code)).toBe(code);
  },
);
