// The scenario of a storm of events: hundreds of remediations wait for an image, while automation assigns roles and pipelines push all the time.

export interface EventStorm {
  readonly waiting: number;
  readonly rolesAMinute: number;
  readonly pushesAMinute: number;
  /** How long the events come, in minutes. */
  readonly minutes: number;
}

/** The first event, in minutes from the start: by then every app waits for a person. */
const beginsAt = 25;
/** The image that a third of the apps waits for is pushed in the middle of the storm. */
const repositories = ['shop/a', 'shop/b', 'shop/c'] as const;
const withoutRole = 'shop/c';
const principals = 50;
const roles = ['AcrPull', 'AcrPush', 'Reader'] as const;
const registries = ['acrshop', 'acrother'] as const;

/** The scenario as the JSON of a scenario file. One role in two and one push in two is at the registry that the apps pull from. */
export function eventStormScenario({ waiting, rolesAMinute, pushesAMinute, minutes }: EventStorm): string {
  const copies = Math.ceil(waiting / repositories.length);
  const names = Array.from({ length: principals }, (_, at) => `id-automation-${at}`);
  const rightAt = beginsAt + minutes / 2;
  return JSON.stringify({
    summary: 'Hundreds of apps wait for an image while roles are assigned and images pushed all the time.',
    world: {
      environments: [{ name: 'cae-shop' }],
      registries: registries.map((name) => ({
        name,
        readableByPullmedic: true,
        repositories: Object.fromEntries([...repositories, 'ci/build'].map((repository) => [repository, ['v1']])),
      })),
      identities: ['id-shop', 'id-without-role', ...names].map((name) => ({ name })),
      roleAssignments: [{ role: 'AcrPull', principal: 'id-shop', on: 'acrshop' }],
      apps: repositories.map((repository, at) => ({
        name: `ca-${'abc'[at]}`,
        copies,
        environment: 'cae-shop',
        pullIdentity: repository === withoutRole ? 'id-without-role' : 'id-shop',
        containers: [{ image: `acrshop.azurecr.io/${repository}:${repository === withoutRole ? 'v1' : 'v2'}` }],
      })),
    },
    events: [
      ...roleEvents(rolesAMinute * minutes, rolesAMinute, names),
      ...pushEvents(pushesAMinute * minutes, pushesAMinute),
      { at: inSeconds(rightAt * 60), do: 'push-tag', registry: 'acrshop', repository: repositories[0], tag: 'v2' },
    ].toSorted((a, b) => Number(a.at.slice(0, -1)) - Number(b.at.slice(0, -1))),
    // The apps are in no list of consumers, so that a person decides about their role.
    pullmedic: { mode: 'act', registries: { acrshop: ['group:rg-other'] } },
    until: `${beginsAt + minutes + 45}m`,
    expect: {
      remediations: [
        { app: 'ca-a', copies, causes: ['tag-missing'], sure: 'confirmed', ended: 'recovered', actions: ['restart'] },
        { app: 'ca-b', copies, causes: ['tag-missing'], sure: 'confirmed', ended: 'open' },
        { app: 'ca-c', copies, causes: ['pull-role-missing'], sure: 'confirmed', ended: 'open' },
      ].map((one) => ({ incident: 'open', ...one })),
      azure: { assigned: [], restarts: 'any' },
    },
  });
}

/** Every role is assigned to every principal on both registries in turn, and then taken away again, and so on. */
function roleEvents(count: number, aMinute: number, names: readonly string[]) {
  const round = names.length * roles.length * registries.length;
  return Array.from({ length: count }, (_, at) => ({
    at: inSeconds(beginsAt * 60 + (at * 60) / aMinute),
    do: Math.floor(at / round) % 2 === 0 ? 'assign-role' : 'remove-role',
    role: roles[at % roles.length] ?? '',
    principal: names[Math.floor(at / roles.length) % names.length] ?? '',
    on: registries[Math.floor(at / (roles.length * names.length)) % registries.length] ?? '',
  }));
}

function pushEvents(count: number, aMinute: number) {
  return Array.from({ length: count }, (_, at) => ({
    at: inSeconds(beginsAt * 60 + (at * 60) / aMinute),
    do: 'push-tag',
    registry: registries[at % registries.length] ?? '',
    repository: 'ci/build',
    tag: `b${at}`,
  }));
}

/** Whole milliseconds: a scenario file knows no fraction of one. */
function inSeconds(seconds: number): string {
  return `${Math.round(seconds)}s`;
}
