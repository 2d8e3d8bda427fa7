// What one run of the model meets: when the alert comes, how long the role takes, how long the image takes to pull.
import { between, type Chance, chanceFrom, logNormal } from './chance.ts';

const second = 1000;
const minute = 60 * second;

/** How long a role takes to work in a tenant, and how long its images take to pull. */
export interface Tenant {
  readonly name: string;
  /** What a ladder could learn here. Milliseconds. */
  readonly medianMs: number;
  /** From the grant until a pull can succeed. Milliseconds. */
  readonly propagation: (chance: Chance) => number;
  /** How long a pull takes that succeeds. Milliseconds. */
  readonly pull: (chance: Chance) => number;
  /** How long after the start of a replica the platform makes its last try by itself. Absent: it never gives up. Milliseconds. */
  readonly givesUpAfterMs?: number;
}

const spread = 0.5;
const usualPull = (chance: Chance): number => between(chance, 20 * second, 60 * second);
const around =
  (median: number) =>
  (chance: Chance): number =>
    logNormal(chance, median * minute, spread);

/** Most roles work soon, and some take very long: 15 % take 8 to 30 minutes. */
function withSlowOnes(chance: Chance): number {
  return chance() < 0.15 ? between(chance, 8 * minute, 30 * minute) : around(3)(chance);
}

/** Microsoft says up to ten minutes, and publishes no distribution: these are assumptions from fast to slow. */
export const tenants: readonly Tenant[] = [
  ...[1, 2, 4, 8].map((median) => ({
    name: `median ${median} min`,
    medianMs: median * minute,
    propagation: around(median),
    pull: usualPull,
  })),
  { name: 'median 3 min, 15 % in 8 to 30', medianMs: 3 * minute, propagation: withSlowOnes, pull: usualPull },
];

/** Tenants with the same propagation and slower pulls, or with a platform that gives up. */
export const variants: readonly Tenant[] = [
  ...[1, 4].map((median) => ({
    name: `median ${median} min, pulls of 120 s`,
    medianMs: median * minute,
    propagation: around(median),
    pull: () => 120 * second,
  })),
  ...[4, 8].map((median) => ({
    name: `median ${median} min, platform gives up after 10 min`,
    medianMs: median * minute,
    propagation: around(median),
    pull: usualPull,
    givesUpAfterMs: 10 * minute,
  })),
];

export interface Draw {
  readonly seed: number;
  /** From the first failed pull until the alert reaches pullmedic. Milliseconds. */
  readonly alertMs: number;
  readonly propagationMs: number;
  readonly pullMs: number;
  readonly givesUpAfterMs?: number;
  /** Other gaps between the tries of a replica than those that were captured. Milliseconds. */
  readonly backoffMs?: readonly number[];
  /** Another delay of log rows than the usual one. Milliseconds. */
  readonly rowLateMs?: number;
}

/** The draw of a seed. With the same seed, two tenants differ only in how long their roles and their pulls take. */
export function drawFor({ propagation, pull, givesUpAfterMs }: Tenant, seed: number): Draw {
  const chance = chanceFrom(seed);
  const alertMs = between(chance, 3 * minute, 8 * minute);
  const pullMs = pull(chanceFrom(seed + 1_000_000));
  const propagationMs = propagation(chanceFrom(seed + 2_000_000));
  return { seed, alertMs, pullMs, propagationMs, ...(givesUpAfterMs === undefined ? {} : { givesUpAfterMs }) };
}
