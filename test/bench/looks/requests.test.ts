// What the dearest look costs: each kind of workload and of registry is judged by itself.
import { expect, it } from 'vitest';
import { requestsByKind, showsOtherKind } from '../../../bench/looks/requests.ts';
import { tableOfRequests } from '../../../bench/looks/table.ts';
import type { LookCalls } from '../../../bench/played/played.ts';

const look = (kind: LookCalls['kind'], registry: LookCalls['registry'], arm: number, cause: string): LookCalls => ({
  kind,
  registry,
  causes: [cause],
  arm,
  logs: 1,
});

it('takes the dearest look of each kind at each kind of registry, with its cause', () => {
  const requests = requestsByKind([
    look('app', 'public', 9, 'tag-missing'),
    look('app', 'public', 12, 'pull-role-missing'),
    look('app', 'private', 18, 'private-dns-unlinked'),
    look('job', 'public', 7, 'tag-missing'),
  ]);

  expect(requests.map(({ kind, registry, arm, cause }) => [kind, registry, arm, cause].join(' '))).toEqual([
    'app public 12 pull-role-missing',
    'app private 18 private-dns-unlinked',
    'job public 7 tag-missing',
  ]);
  expect(tableOfRequests(requests)).toContain('| app | public | 2 | 12 | pull-role-missing | 1 |');
});

it.each([
  ['world:\n  jobs:\n    - name: job-a', true],
  ['world:\n  containerGroups:\n    - name: aci-a', true],
  ['world:\n  apps:\n    - name: ca-a', false],
  ['world:\n  jobs:\n    - name: job-a\nevents:\n  - { at: 1m, do: throttle }', false],
])('takes scenarios of other kinds than apps in which nothing is asked twice (%#)', (text, isTaken) => {
  expect(showsOtherKind(text)).toBe(isTaken);
});
