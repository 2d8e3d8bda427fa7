// The benchmark of looks.
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Outcome, Row } from '../outcome/benchmark.ts';
import { pictureOfBars } from '../outcome/picture.ts';
import { deepest, measureLooks, measureRequests } from './measure.ts';
import { mostRequests, type RequestsOfKind, requestsByKind, showsOtherKind } from './requests.ts';
import { barsOfLooks, tableOfLooks, tableOfRequests } from './table.ts';

export async function looks(): Promise<Outcome> {
  const depths = await measureLooks(scenariosOf(readFileSync('docs/costs.md', 'utf8')));
  const ofOtherKinds = await measureRequests(scenariosOfOtherKinds());
  const requests = requestsByKind([...(depths[0]?.looks ?? []), ...ofOtherKinds]);
  const causes = depths[0]?.causes ?? [];
  const first = Math.max(...causes.map((one) => one.first.depth));
  const later = Math.max(...causes.map((one) => one.later?.depth ?? 0));
  const bars = barsOfLooks(causes);
  const title = 'Answers that a first look waits for one after the other (stroke: later looks)';
  return {
    figures: { requests, latencies: depths.map(({ answersMs, causes }) => ({ answersMs, causes })) },
    table: `${tableOfLooks(depths)}\n\n${tableOfRequests(requests)}`,
    rows: [
      ...requests.map(rowOfRequests),
      deep('deepest first look', first, deepest.first, `${causes.length} causes`),
      deep('deepest later look', later, deepest.later, `${causes.length} causes`),
    ],
    pictures: { 'looks.svg': pictureOfBars({ title, bars, goal: deepest.first }) },
  };
}

function rowOfRequests({ kind, registry, remediations, arm, cause, logs }: RequestsOfKind): Row {
  const goal = mostRequests[registry];
  return {
    what: `requests of a look at ${kind === 'app' ? 'an app' : `a ${kind}`}, ${registry} registry`,
    figure: `${arm} (${cause}), ${logs} log queries`,
    against: `${remediations} remediations`,
    goal: `at most ${goal}, ${mostRequests.logs}`,
    met: arm <= goal && logs <= mostRequests.logs,
  };
}

/** The scenarios about jobs and container groups. */
function scenariosOfOtherKinds(): string[] {
  return globSync('local/scenarios/*.yaml')
    .filter((file) => showsOtherKind(readFileSync(file, 'utf8')))
    .map((file) => basename(file, '.yaml'))
    .toSorted();
}

function deep(what: string, depth: number, goal: number, against: string): Row {
  return { what, figure: `${depth} answers`, against, goal: `at most ${goal}`, met: depth <= goal };
}

/** One scenario for each cause: the one that the page of costs names. */
function scenariosOf(page: string): { readonly cause: string; readonly scenario: string }[] {
  return [...page.matchAll(/^\| \[([\w-]+)\]\([^)]+\) +\| ([\w-]+) /gm)].map(([, cause = '', scenario = '']) => ({
    cause,
    scenario,
  }));
}
