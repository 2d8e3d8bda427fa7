// Plays every tenant with every way to recover, over the same seeds and from the same grant.
import { type Course, playFixed } from './course.ts';
import { drawFor, type Tenant, tenants, variants } from './draws.ts';
import { type Figures, figuresOf, slowerThan } from './figures.ts';
import { playPullmedic } from './pullmedic.ts';

const minute = 60_000;

export interface Measured {
  readonly tenant: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly way: string;
  readonly figures: Figures;
  /** How much slower than the platform alone the worst run is. Seconds. */
  readonly slowerThanAlone: number;
}

/** Measures every tenant and every variant, the seeds being `firstSeed` and those that follow it. */
export async function measureAll(runs: number, firstSeed: number): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  for (const tenant of [...tenants, ...variants]) all.push(await measure(tenant, runs, firstSeed));
  return all;
}

export async function measure(tenant: Tenant, runs: number, firstSeed: number): Promise<Measured> {
  const alone: Course[] = [];
  const fixed: Course[] = [];
  const pullmedic: Course[] = [];
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const draw = drawFor(tenant, seed);
    const played = await playPullmedic(draw);
    pullmedic.push(played);
    alone.push(playFixed(draw, played.grantMs, []));
    fixed.push(playFixed(draw, played.grantMs, [5 * minute]));
  }
  const line = (way: string, courses: readonly Course[]): Line => ({
    way,
    figures: figuresOf(courses),
    slowerThanAlone: slowerThan(courses, alone),
  });
  return {
    tenant: tenant.name,
    lines: [line('platform alone', alone), line('fixed 5 min', fixed), line('pullmedic', pullmedic)],
  };
}
