// Plays every tenant with every way to recover, over the same seeds and from the same grant.
import { fixedRungs } from '../../src/lib/decision/ladder.ts';
import { type Course, playFixed, playLadder } from './course.ts';
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

/** The most restarts of the ladder that knows the median: as many as the defaults allow pullmedic. */
const most = 6;

/** Measures every tenant and every variant, with the seeds from `firstSeed` on. `settings`: the JSON of `PULLMEDIC_SETTINGS`. */
export async function measureAll(runs: number, firstSeed: number, settings: string): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  for (const tenant of [...tenants, ...variants]) all.push(await measure(tenant, runs, firstSeed, settings));
  return all;
}

async function measure(tenant: Tenant, runs: number, firstSeed: number, settings: string): Promise<Measured> {
  const alone: Course[] = [];
  const fixed: Course[] = [];
  const pullmedic: Course[] = [];
  const learned: Course[] = [];
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const draw = drawFor(tenant, seed);
    const played = await playPullmedic(draw, { PULLMEDIC_SETTINGS: settings });
    pullmedic.push(played);
    alone.push(playFixed(draw, played.grantMs, []));
    fixed.push(playFixed(draw, played.grantMs, [5 * minute]));
    learned.push(playLadder(draw, played.grantMs, rungsThatKnow(tenant), most));
  }
  const line = (way: string, courses: readonly Course[]): Line => ({
    way,
    figures: figuresOf(courses),
    slowerThanAlone: slowerThan(courses, alone),
  });
  return {
    tenant: tenant.name,
    lines: [
      line('platform alone', alone),
      line('fixed 5 min', fixed),
      line('pullmedic', pullmedic),
      line('ladder that knows the median', learned),
    ],
  };
}

/**
 * The most that learning could give: a ladder that knows the median of its tenant leaves out the rungs before which few roles work. It keeps
 * the first one, so that what it knows may be wrong.
 */
function rungsThatKnow({ medianMs }: Tenant): readonly number[] {
  return fixedRungs.filter((rung, at) => at === 0 || rung >= 0.4 * medianMs);
}
