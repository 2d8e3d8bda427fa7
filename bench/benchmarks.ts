// The benchmarks by their names, in the order in which `npm run bench` runs them. Each is a folder, and its `benchmark.ts` measures.

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
  start: {
    says: 'how long the built bundle takes to load, beside its source without a bundler and a bare app of one function',
    counts: 'processes of each app',
    usualRuns: 15,
    runsAsOneOfAll: 7,
    measure: start,
  },
  labels: {
    says: 'how fast the command line reads logs, compared with plainer ways to read them and with what peers look for',
    counts: 'rounds',
    usualRuns: 7,
    runsAsOneOfAll: 3,
    measure: labels,
  },
  looks: {
    says: 'how many requests a look sends for each cause and kind, and how many answers it waits for one after the other',
    counts: 'nothing: scenarios are played once, on virtual time',
    usualRuns: 1,
    runsAsOneOfAll: 1,
    measure: looks,
  },
  recovery: {
    says: 'how soon an app recovers after a grant, on a model of Azure with virtual time',
    counts: 'runs a row',
    usualRuns: 600,
    runsAsOneOfAll: 100,
    measure: recovery,
  },
  scale: {
    says: 'what the schedule, a step and the pages ask of storage with 1,000, 10,000 and more remediations',
    counts: 'the most remediations',
    usualRuns: 100_000,
    runsAsOneOfAll: 10_000,
    measure: scale,
  },
  throughput: {
    says: 'signals a second through host, queue and tables, with 1, 2 and 4 instances',
    counts: 'alerts, forty for each app',
    usualRuns: 8000,
    runsAsOneOfAll: 8000,
    measure: throughput,
  },
  events: {
    says: 'what a storm of events asks of Azure: 500 roles and 200 pushes a minute while remediations wait',
    counts: 'remediations that wait',
    usualRuns: 300,
    runsAsOneOfAll: 300,
    measure: events,
  },
  memory: {
    says: 'what pullmedic keeps in memory after quiet hours, and after hours in which failures come all the time (virtual)',
    counts: 'hours of the longest soak',
    usualRuns: 4,
    runsAsOneOfAll: 4,
    measure: memory,
  },
  money: {
    says: 'what a month costs with 0, 10 and 1,000 remediations a day, from counted operations and list prices',
    counts: 'nothing: two scenarios are played once, on virtual time',
    usualRuns: 1,
    runsAsOneOfAll: 1,
    measure: money,
  },
};
