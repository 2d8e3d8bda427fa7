// What loads before the app can be called, from the bundler's own account of it. A start of an app that has scaled to zero waits for all of it.
import { beforeAll, describe, expect, it } from 'vitest';
import { loadedWith, packagesAmong, partsOf } from './loaded-with.ts';

/** Files that load at the start, as the bundler names them. */
let atStart: ReadonlySet<string> = new Set();

beforeAll(async () => {
  atStart = loadedWith('src/index.ts', await partsOf('src/index.ts', { external: ['@azure/functions-core'] }));
});

describe('the start of the app', () => {
  it('loads the library of functions with what it needs, the reader of settings, and no client of Azure', () => {
    expect(packagesAmong(atStart)).toEqual(['@azure/functions', '@azure/functions-extensions-base', 'cookie', 'zod']);
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
