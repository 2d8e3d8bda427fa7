// The benchmarks by their names, in the order in which `npm run bench` runs them.

import { events } from './events/benchmark.ts';
import { labels } from './labels/benchmark.ts';
import { looks } from './looks/benchmark.ts';
import { memory } from './memory/benchmark.ts';
import { money } from './money/benchmark.ts';
import type { Benchmark } from './outcome/benchmark.ts';
import { recovery } from './recovery/benchmark.ts';
import { scale } from './scale/benchmark.ts';
import { start } from './start/benchmark.ts';
import { throughput } from './throughput/benchmark.ts';

export const benchmarks: Readonly<Record<string, Benchmark>> = {
  start,
  labels,
  looks,
  recovery,
  scale,
  throughput,
  events,
  memory,
  money,
};
