// The scenario of a soak: the same number of failures of each kind every hour, each in a workload that was not seen before, and nearly all of
// them are put right. A memory that is kept for each workload, each image or each remediation grows in it, hour by hour.

export interface Soak {
  /** How long it lasts, in hours of virtual time. */
  readonly hours: number;
  /** Failures of each stream in an hour. */
  readonly anHour: number;
}

/** Each kind of failure comes in a stream of its own. */
const streams = ['role', 'tag', 'wall', 'write', 'job', 'group', 'noise'] as const;
type Stream = (typeof streams)[number];

interface Failure {
  readonly stream: Stream;
  readonly name: string;
  /** Minutes from the beginning. */
  readonly minute: number;
}

const host = 'acrshop.azurecr.io';
const walledHost = 'acrwall.azurecr.io';
const egressIp = '20.61.2.9';

/** The scenario as the JSON of a scenario file. It ends on its last minute, while failures of the last half hour are under way. */
export function soakScenario(soak: Soak): string {
  const failures = streams.flatMap((stream) => failuresOf(stream, soak));
  const roles = failures.filter(({ stream }) => stream === 'role');
  return JSON.stringify({
    summary: 'Every hour the same failures come, each in another workload, and are put right.',
    world: {
      environments: [{ name: 'cae-shop', egressIp }],
      registries: [
        { name: 'acrshop', readableByPullmedic: true, repositories: { 'shop/app': ['v1'], 'shop/other': ['v1'] } },
        { name: 'acrwall', defaultAction: 'Deny', repositories: { 'shop/app': ['v1'] } },
      ],
      identities: [{ name: 'id-shop' }, ...roles.map(({ name }) => ({ name: identityOf(name) }))],
      roleAssignments: ['acrshop', 'acrwall'].map((on) => ({ role: 'AcrPull', principal: 'id-shop', on })),
      apps: failures.flatMap(appOf),
      jobs: failures.flatMap(jobOf),
      containerGroups: failures.flatMap(groupOf),
    },
    events: [...failures.flatMap(eventsOf), ...wallEvents(soak)].toSorted((a, b) => minuteOf(a) - minuteOf(b)),
    pullmedic: {
      mode: 'act',
      registries: { acrshop: ['group:rg-apps', ...roles.map(({ name }) => identityOf(name))] },
      settings: { stableMinutes: 3, limits: { grantsPerHour: 100, slowStartMinutes: 0 } },
    },
    until: `${soak.hours}h`,
    expect: { remediations: [] },
  });
}

/** The failures of a stream, evenly over the time; those behind the firewall come in the first minutes of each hour. */
function failuresOf(stream: Stream, { hours, anHour }: Soak): Failure[] {
  const count = Math.round(hours * anHour);
  return Array.from({ length: count }, (_, at) => {
    const [hour, place] = [Math.floor(at / anHour), at % anHour];
    const pause = stream === 'wall' ? 1 : 60 / anHour;
    return { stream, name: `${stream}-${at + 1}`, minute: hour * 60 + place * pause };
  });
}

function identityOf(name: string): string {
  return `id-${name}`;
}

/** A tag of its own, so that no image comes twice. */
function imageOf({ stream, name }: Failure): string {
  switch (stream) {
    case 'tag':
    case 'write':
    case 'job':
    case 'group':
      return `${host}/shop/app:${name}`;
    case 'wall':
      return `${walledHost}/shop/app:v1`;
    case 'role':
    case 'noise':
      return `${host}/shop/other:v1`;
  }
}

function appOf(failure: Failure): object[] {
  const { stream, name } = failure;
  if (stream === 'job' || stream === 'group') return [];
  return [
    {
      name: `ca-${name}`,
      environment: 'cae-shop',
      pullIdentity: stream === 'role' ? identityOf(name) : 'id-shop',
      deployed: stream === 'noise' ? 'running' : 'later',
      ...(stream === 'write' ? { validated: true } : {}),
      containers: [{ image: imageOf(failure) }],
    },
  ];
}

function jobOf(failure: Failure): object[] {
  if (failure.stream !== 'job') return [];
  return [
    {
      name: `ca-${failure.name}`,
      environment: 'cae-shop',
      pullIdentity: 'id-shop',
      trigger: 'manual',
      replicaTimeout: '20m',
      containers: [{ image: imageOf(failure) }],
    },
  ];
}

function groupOf(failure: Failure): object[] {
  if (failure.stream !== 'group') return [];
  return [
    {
      name: `ca-${failure.name}`,
      pullIdentity: 'id-shop',
      deployed: 'later',
      validated: false,
      logs: true,
      containers: [{ image: imageOf(failure) }],
    },
  ];
}

/** An event of a scenario file, with the members that its `do` asks for. */
interface Event {
  readonly at: string;
  readonly do: string;
  readonly [member: string]: unknown;
}

/** What makes the failure, and what puts it right. */
function eventsOf({ stream, name, minute }: Failure): Event[] {
  const app = `ca-${name}`;
  const at = (later: number): string => `${Math.round((minute + later) * 60)}s`;
  const push = { at: at(8), do: 'push-tag', registry: 'acrshop', repository: 'shop/app', tag: name };
  switch (stream) {
    case 'role':
    case 'wall':
      return [{ at: at(0), do: 'deploy', app }];
    case 'tag':
    case 'group':
      return [{ at: at(0), do: 'deploy', app }, push];
    case 'write':
      return [{ at: at(0), do: 'deploy', app }, push, { at: at(9), do: 'deploy', app }];
    case 'job':
      return [{ at: at(0), do: 'start-job', app }, push];
    case 'noise':
      return [{ at: at(0), do: 'fire-alert', app }];
  }
}

/** The firewall lets the environment in after twenty minutes of each hour, and shuts before the next. */
function wallEvents({ hours }: Soak): Event[] {
  return Array.from({ length: Math.ceil(hours) }, (_, hour) => [
    { at: `${hour * 60 + 20}m`, do: 'set-registry', registry: 'acrwall', ipRules: [egressIp] },
    { at: `${hour * 60 + 59}m`, do: 'set-registry', registry: 'acrwall', ipRules: [] },
  ]).flat();
}

function minuteOf({ at }: Event): number {
  return Number.parseInt(at, 10) / (at.endsWith('s') ? 60 : 1);
}
