// What loads before the app can be called, from the bundler's own account of it. A start of an app that has scaled to zero waits for all of it.
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

/** Files that load at the start, as the bundler names them. */
let atStart: ReadonlySet<string> = new Set();

beforeAll(async () => {
  const { metafile } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    outdir: 'unused',
    external: ['@azure/functions-core'],
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  atStart = loadedWith('unused/index.js', metafile.outputs);
});

/** The inputs of an output and of those that it imports at once. */
function loadedWith(entry: string, outputs: Metafile['outputs']): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const output = outputs[name];
    if (output === undefined || seen.has(name)) return;
    seen.add(name);
    for (const { path, kind } of output.imports) if (kind === 'import-statement') visit(path);
  };
  visit(entry);
  return new Set([...seen].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {})));
}

/** The packages of which something loads at the start. */
function packages(): string[] {
  const names = [...atStart].map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}

describe('the start of the app', () => {
  it('loads the library of functions with what it needs, the reader of settings, and no client of Azure', () => {
    expect(packages()).toEqual(['@azure/functions', '@azure/functions-extensions-base', 'cookie', 'zod']);
  });

  it('tells the platform of the functions for people, and loads none of them', () => {
    expect(atStart).toContain('src/functions/people-routes.ts');
    for (const later of [
      'functions/people',
      'functions/console',
      'lib/console/layout',
      'lib/console/views',
      'lib/answers/propose',
    ])
      expect(atStart).not.toContain(`src/${later}.ts`);
  });

  it('loads the registration of every function', () => {
    expect(atStart).toContain('src/register.ts');
    expect(atStart).toContain('src/functions/on-alert.ts');
  });
});
