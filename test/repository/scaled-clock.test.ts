// No test of `npm test` waits on the scaled clock of real parts, except the tour. What does belongs to the tour or to the long tests.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { long, tour } from '../../vitest.config.ts';

/** The file that starts a scaled clock. */
const conductor = 'local/conductor.ts';
/** What a process is started with that plays on real parts. */
const realParts = /'--(?:real|keep|tour)'|tour-on-real-parts\.ts|run-and-dump\.ts|tools\/storm\.ts|--kills?'/;

/** Tests that meet the clock and do not wait for a scenario on it. */
const exceptions: Readonly<Record<string, string>> = {
  'test/local/conductor.test.ts': 'measures the clock itself; its bounds hold on a machine of any speed',
  'test/local/main.test.ts': '--tour is refused there, so nothing is played',
  'test/local/options.test.ts': 'reads options and starts nothing',
  'test/repository/scaled-clock.test.ts': 'names what it looks for',
};

const cache = new Map<string, readonly string[]>();

/** The files that a file imports, types left out, because a type starts nothing. */
function importsOf(file: string): readonly string[] {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const code = readFileSync(file, 'utf8').replace(/import type [^;]*;/g, '');
  const found = [...code.matchAll(/(?:from|import\()\s*'(\.[^']+\.ts)'/g)]
    .map(([, path = '']) => normalize(join(file, '..', path)))
    // Some tests quote code that imports what is not there.
    .filter((one) => existsSync(one));
  cache.set(file, found);
  return found;
}

function reaches(file: string, wanted: string, seen = new Set<string>()): boolean {
  if (file === wanted) return true;
  if (seen.has(file)) return false;
  seen.add(file);
  return importsOf(file).some((one) => reaches(one, wanted, seen));
}

function isOnScaledClock(file: string): boolean {
  return reaches(file, conductor) || realParts.test(readFileSync(file, 'utf8'));
}

const apart = new Set([...tour, ...long]);
const quick = globSync('test/**/*.test.ts')
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !apart.has(file));

describe('a test of npm test', () => {
  it('does not wait on a scaled clock unless it is the tour', () => {
    const waiting = quick.filter((file) => isOnScaledClock(file) || file in exceptions);

    expect(waiting.toSorted()).toEqual(Object.keys(exceptions).toSorted());
  });

  it('is seen where it would: the tour is, and so is what reaches the clock through other files', () => {
    expect(tour.filter(isOnScaledClock)).toEqual(tour);
    expect(reaches('test/faults/kills.ts', conductor)).toBe(true);
    expect(reaches('test/local/judge.test.ts', conductor)).toBe(false);
  });
});
