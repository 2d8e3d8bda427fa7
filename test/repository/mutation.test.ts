// The mutation runs name files and tests. A name that leads nowhere would leave changes unnoticed without a word.
import { globSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const stryker = z.object({ mutate: z.array(z.string()).min(1), vitest: z.object({ configFile: z.string() }) });
const vitest = z.object({
  default: z.object({
    test: z.object({ include: z.array(z.string()).min(1), exclude: z.array(z.string()).optional() }),
  }),
});

describe.each(globSync('stryker*.json'))('%s', (file) => {
  const run = stryker.parse(JSON.parse(readFileSync(file, 'utf8')));

  it('changes only files that exist', () => {
    expect(run.mutate.filter((pattern) => globSync(pattern).length === 0)).toEqual([]);
  });

  it('runs only tests that exist', async () => {
    const config: unknown = await import(pathToFileURL(run.vitest.configFile).href);
    const { include, exclude = [] } = vitest.parse(config).default.test;

    expect([...include, ...exclude].filter((pattern) => globSync(pattern).length === 0)).toEqual([]);
  });
});
