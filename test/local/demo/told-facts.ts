// Remediations and scenarios as the terminal is told of them, for tests.
import type { Histories, Incident, Remediation } from '../../../local/demo/answers.ts';
import type { Told } from '../../../local/demo/told.ts';
import { parseScenario, type Scenario } from '../../../local/scenarios/schema.ts';

export const openedMs = Date.parse('2026-06-01T02:02:02Z');

export function at(time: string): number {
  return Date.parse(`2026-06-01T${time}Z`);
}

const nothing: Remediation['sentences'] = { startedBy: 'a log alert', causes: [], refusals: [], actions: [] };

const fresh: Remediation = {
  id: 'r1',
  target: { appName: 'ca-orders', image: 'acrshop.azurecr.io/shop/orders:v1' },
  state: 'looking',
  updatedAtMs: openedMs,
  signals: 1,
  startedBy: 'log-alert',
  mostCalls: { control: 0, logs: 0, registry: 0 },
  alerts: [],
  causes: [],
  findings: [],
  ruledOut: [],
  refusals: [],
  actions: [],
  times: { failedAtMs: openedMs - 120_000, detectedAtMs: openedMs },
  sentences: nothing,
};

/** A remediation that was just opened, with these members instead. */
export function remediation(
  members: Partial<Omit<Remediation, 'sentences'>> = {},
  sentences: Partial<Remediation['sentences']> = {},
): Remediation {
  return { ...fresh, ...members, sentences: { ...nothing, ...sentences } };
}

const causeFound = 'the identity has no role that lets it pull';

/** The role is missing, and that is confirmed. */
export function roleMissing(
  members: Partial<Omit<Remediation, 'sentences'>> = {},
  sentences: Partial<Remediation['sentences']> = {},
): Remediation {
  return remediation(
    { causes: ['pull-role-missing'], sureness: 'confirmed', updatedAtMs: at('02:02:05'), ...members },
    { suspicion: 'unauthorized', causes: [causeFound], ...sentences },
  );
}

/** The app recovered ten minutes and five seconds after it failed. */
export function recovered(members: Partial<Omit<Remediation, 'sentences'>> = {}): Remediation {
  return roleMissing(
    {
      state: 'closed',
      updatedAtMs: at('02:20:11'),
      actions: [{ action: 'grant', outcome: 'done', atMs: at('02:02:05') }],
      closed: { how: 'recovered', because: 'pulled-and-ready', atMs: at('02:20:11') },
      times: { failedAtMs: openedMs, detectedAtMs: openedMs, recoveredAtMs: openedMs + 605_000 },
      ...members,
    },
    { actions: [''], closed: 'The image was pulled and the replica stayed ready.' },
  );
}

export function incident(members: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    cause: 'pull-role-missing',
    occurrences: 1,
    state: 'open',
    title: 'The role is missing',
    owner: 'registry owner',
    advice: 'Grant it.',
    commands: [{ text: 'az role assignment create' }],
    ...members,
  };
}

export function histories(remediations: readonly Remediation[], incidents: readonly Incident[] = []): Histories {
  return { remediations, incidents };
}

export function scenario(name = 'missing-role', apps: readonly string[] = ['ca-orders']): Scenario {
  const all = apps.map((app) => `{ name: ${app}, environment: cae, containers: [{ image: acrshop.azurecr.io/b:1 }] }`);
  return parseScenario(
    `summary: A role is missing.
world:
  environments: [{ name: cae }]
  registries: [{ name: acrshop }]
  apps: [${all.join(', ')}]
events: []
pullmedic: { mode: act }
expect: { remediations: [] }
`,
    `${name}.yaml`,
  );
}

export function told(members: Partial<Told> = {}): Told {
  const azure = {
    assigned: [],
    removed: [],
    restarts: 0,
    starts: 0,
    newRevisions: 0,
    alerts: [],
    writes: [],
    changes: [],
  };
  return {
    scenario: scenario(),
    histories: histories([]),
    azure: { ...azure, replicas: [], refused: [], apps: {} },
    failures: [],
    timeline: [],
    ...members,
  };
}
