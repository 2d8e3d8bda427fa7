// What a command of the terminal loads, from the bundler's own account of it: a person waits for all of it each time.
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

let outputs: Metafile['outputs'] = {};

beforeAll(async () => {
  const { metafile } = await build({
    entryPoints: ['src/cli/main.ts'],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    outdir: 'unused',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  outputs = metafile.outputs;
});

/** The inputs of the part that begins with this file, and of those that it imports at once. */
function loadedWith(file: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const output = outputs[name];
    if (output === undefined || seen.has(name)) return;
    seen.add(name);
    for (const { path, kind } of output.imports) if (kind === 'import-statement') visit(path);
  };
  for (const [name, { entryPoint }] of Object.entries(outputs)) if (entryPoint === file) visit(name);
  return new Set([...seen].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {})));
}

function packagesOf(file: string): string[] {
  const names = [...loadedWith(file)].map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}

describe('the command line', () => {
  it('begins with no package, no command and no table of commands: --version needs none', () => {
    expect([...loadedWith('src/cli/main.ts')].toSorted()).toEqual([
      'src/cli/command-line.ts',
      'src/cli/main.ts',
      'src/cli/terminal.ts',
      'src/cli/version.ts',
    ]);
  });

  it.each(['help', 'completion-command'])('%s needs no package', (file) => {
    expect(packagesOf(`src/cli/${file}.ts`)).toEqual([]);
  });

  it.each(['status-command', 'search-command', 'show-command', 'answer-command', 'open-command'])(
    '%s needs no client of Azure and nothing that reads logs',
    (file) => {
      const loaded = [...loadedWith(`src/cli/${file}.ts`)];

      expect(loaded).toContain(`src/cli/${file}.ts`);
      expect(packagesOf(`src/cli/${file}.ts`)).toEqual(['zod']);
      expect(loaded.filter((input) => /src\/lib\/(?:azure|classify|diagnosis)\//.test(input))).toEqual([]);
    },
  );

  it('classify needs only what reads logs', () => {
    expect(packagesOf('src/cli/classify-command.ts')).not.toContain('@azure/identity');
    expect(packagesOf('src/cli/diagnose-command.ts')).toContain('@azure/identity');
  });
});
