// Incident systems on real parts: the deployed bundle tells every kind of system over real connections, those in Azure with tokens of its own
// identity through the proxy of the simulation. Each of them shows the end of the incident, and a topic heard of the remediation.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Told } from '../../local/demo/told.ts';
import { kinds } from '../../local/incidents/kinds.ts';
import { fileOf } from '../../local/scenarios/built-in.ts';
import { readScenario } from '../../local/scenarios/schema.ts';

const run = promisify(execFile);
const names = ['told-in-every-system', 'topic-hears-of-remediations'];

it('every kind of system is told by the deployed bundle as on virtual time', async () => {
  const scenarios = await Promise.all(names.map((name) => readScenario(fileOf(name))));
  const played = scenarios.flatMap(({ pullmedic }) => Object.values(pullmedic.incidentSystems));
  expect([...new Set(played)].toSorted()).toEqual([...kinds]);

  const port = String(24_000 + (process.pid % 100) * 10);
  const { stdout } = await run(process.execPath, ['test/scenarios/tour-on-real-parts.ts', port, ...names], {
    maxBuffer: 50_000_000,
  });
  const told = JSON.parse(stdout) as readonly Told[];
  expect(
    told.map(({ scenario, failures, timeline }) => [scenario.name, failures, storyOf(failures, timeline)]),
  ).toEqual(names.map((name) => [name, [], []]));
});

/** On real parts a run differs from the next: of one that comes out otherwise, what happened in it is all that can be read afterwards. */
function storyOf(failures: Told['failures'], timeline: Told['timeline']): readonly string[] {
  return failures.length === 0 ? [] : timeline.map(({ atMs, text }) => `${new Date(atMs).toISOString()} ${text}`);
}
