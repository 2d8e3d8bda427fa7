// What a command of the terminal loads, from the bundler's own account of it: a person waits for all of it each time.
import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadedWith, packagesAmong, partsOf } from './loaded-with.ts';

let parts: Metafile['outputs'] = {};

beforeAll(async () => {
  parts = await partsOf('src/cli/main.ts');
});

function packagesOf(file: string): string[] {
  return packagesAmong(loadedWith(file, parts));
}

describe('the command line', () => {
  it('begins with no package, no command and no table of commands: --version needs none', () => {
    expect([...loadedWith('src/cli/main.ts', parts)].toSorted()).toEqual([
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
      const loaded = [...loadedWith(`src/cli/${file}.ts`, parts)];

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
