// The figures of looks, as a table for people and as rows of a picture.
import type { Bar } from '../outcome/picture.ts';
import type { LooksFigures, LooksOfCause } from './measure.ts';
import type { RequestsOfKind } from './requests.ts';

/** One row for each cause. Every other figure follows from requests and depth, so that the table has no time of this machine. */
export function tableOfLooks(figures: readonly LooksFigures[]): string {
  const [base] = figures;
  const rows = (base?.causes ?? []).map(({ cause, first, later }) => {
    const took = figures.map(({ causes }) => `${causes.find((one) => one.cause === cause)?.first.tookMs ?? '-'} ms`);
    return [cause, first.requests, first.depth, later?.requests ?? '-', later?.depth ?? '-', ...took];
  });
  const heads = ['cause', 'requests', 'deep', 'later', 'deep', ...figures.map(({ answersMs }) => `at ${answersMs} ms`)];
  const lines = [heads, heads.map(() => '---'), ...rows];
  return [
    'First look of a process (it fetches tokens), and the deepest later one. Deep: answers waited for one after the other.',
    '',
    ...lines.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
}

/** One row for each kind of workload and of registry. */
export function tableOfRequests(requests: readonly RequestsOfKind[]): string {
  return [
    '| kind | registry | remediations | most requests to ARM | found by that look | log queries |',
    '|---|---|---|---|---|---|',
    ...requests.map(
      ({ kind, registry, remediations, arm, cause, logs }) =>
        `| ${[kind, registry, remediations, arm, cause, logs].join(' | ')} |`,
    ),
  ].join('\n');
}

/** How deep the first look of each cause is, the deepest first. */
export function barsOfLooks(causes: readonly LooksOfCause[]): Bar[] {
  return causes
    .map(({ cause, first, later }) => ({ name: cause, value: first.depth, mark: later?.depth }))
    .toSorted((a, b) => b.value - a.value || a.name.localeCompare(b.name));
}
