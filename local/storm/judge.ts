// Judges whether pullmedic handled a storm as promised: no signal lost, no change made twice, one incident for each root cause.
import type { Simulation } from '../azure/simulation.ts';
import type { StormAlert } from './alerts.ts';
import type { Found, FoundRemediation } from './found.ts';
import type { Kind, StormWorld } from './world.ts';

export interface Judged {
  readonly storm: StormWorld;
  readonly alerts: readonly StormAlert[];
  /** How many alerts the app did not accept. */
  readonly refused: number;
  readonly found: Found;
  readonly simulation: Simulation;
}

export interface Verdict {
  /** Alerts that are in no history. */
  readonly lost: number;
  /** Targets with more than one remediation, and deliveries that were counted twice. */
  readonly duplicates: number;
  readonly grants: number;
  readonly problems: readonly string[];
}

function byApp(found: Found): Map<string, FoundRemediation[]> {
  const map = new Map<string, FoundRemediation[]>();
  for (const one of found.remediations) map.set(one.target.appName, [...(map.get(one.target.appName) ?? []), one]);
  return map;
}

/** True if the remediation of an app of this kind was decided as it must be, in any order of events. */
function isDecided(kind: Kind, one: FoundRemediation): boolean {
  const asked = one.decision?.do === 'incident' || one.decision?.do === 'ask';
  const granted = one.actions.some(({ action }) => action === 'grant');
  switch (kind) {
    case 'firewall':
    case 'dns':
    case 'tag':
      return asked && one.incident !== undefined;
    case 'roles':
    case 'own-role':
      return granted || (asked && one.incident !== undefined) || one.state === 'closed' || one.decision?.do === 'wait';
    case 'healthy':
      return one.decision?.do === 'wait' || one.state === 'closed';
  }
}

const causes = {
  firewall: { cause: 'registry-firewall', registry: 'crstorm01.azurecr.io' },
  dns: { cause: 'private-dns-unlinked', registry: 'crstorm02.azurecr.io' },
} as const;

function incidentProblems({ storm, found }: Judged): string[] {
  return (['firewall', 'dns'] as const).flatMap((kind) => {
    const { cause, registry } = causes[kind];
    const open = found.incidents.filter(
      (one) => one.cause === cause && one.registry === registry && one.state === 'open',
    );
    const members = open.map((one) => one.apps.length).join(' + ');
    if (open.length !== 1) return [`${cause}: ${open.length} incidents (${members} apps), expected one`];
    const problems: string[] = [];
    if (open[0]?.apps.length !== storm.shared[kind])
      problems.push(`${cause}: ${members} apps, expected ${storm.shared[kind]}`);
    if ((open[0]?.ready?.ready.length ?? 0) === 0) problems.push(`${cause}: the incident names no app that is ready`);
    return problems;
  });
}

function grantProblems({ simulation }: Judged): string[] {
  const { assigned, refused } = simulation.state();
  const names = new Set(assigned.map((one) => `${one.scope}|${one.principalId}|${one.roleId}`));
  return [
    ...(names.size === assigned.length ? [] : ['the same role was assigned twice']),
    ...(refused.length === 0
      ? []
      : [`the simulation refused ${refused.length} requests: ${refused[0]?.refused ?? ''}`]),
  ];
}

export function judge(judged: Judged): Verdict {
  const { storm, alerts, refused, found, simulation } = judged;
  const histories = byApp(found);
  const sent = new Map<string, Set<string>>();
  for (const { app, id } of alerts) sent.set(app.name, (sent.get(app.name) ?? new Set()).add(id));
  let lost = 0;
  let duplicates = 0;
  const undecided: string[] = [];
  for (const app of storm.apps) {
    const own = histories.get(app.name) ?? [];
    const signals = own.reduce((sum, one) => sum + one.signals, 0);
    const expected = sent.get(app.name)?.size ?? 0;
    lost += Math.max(0, expected - signals);
    duplicates += Math.max(0, signals - expected) + Math.max(0, own.length - 1);
    const [first] = own;
    if (expected > 0 && (first === undefined || !isDecided(app.kind, first)))
      undecided.push(
        `${app.name} (${app.kind}): ${first?.decision?.do ?? first?.state ?? 'nothing'} ${first?.decision?.because ?? ''}`,
      );
  }
  const problems = [
    ...(refused === 0 ? [] : [`${refused} alerts were not accepted`]),
    ...(undecided.length === 0
      ? []
      : [`${undecided.length} remediations are not decided as expected, e.g. ${undecided.slice(0, 3).join('; ')}`]),
    ...incidentProblems(judged),
    ...grantProblems(judged),
  ];
  return { lost, duplicates, grants: simulation.state().assigned.length, problems };
}
