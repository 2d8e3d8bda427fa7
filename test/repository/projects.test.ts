// `npm test` leaves out what vitest.config.ts calls long; `npm run test:all` leaves out nothing.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { long, tour } from '../../vitest.config.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

function projectsOf(script: string): string[] {
  return [...(scripts[script] ?? '').matchAll(/--project (\w+)/g)].map(([, name = '']) => name);
}

describe('the test files', () => {
  it('that have a project of their own are there, each in one project', () => {
    const named = [...tour, ...long];

    expect(named.filter((file) => !existsSync(file))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });
});

describe('the scripts', () => {
  it('npm test runs the quick tests and the tour, test:all every project', () => {
    expect(projectsOf('test')).toEqual(['rooms', 'quick', 'tour']);
    expect(scripts['test:all']).toMatch(/ vitest run$/);
  });

  it.each(['.ci/run', '.github/workflows/ci.yml'])('%s runs every test', (file) => {
    expect(readFileSync(file, 'utf8')).toMatch(/npm run (?:test|check):all/);
    expect(scripts['check:all']).toMatch(/ npm run test:all$/);
  });
});
