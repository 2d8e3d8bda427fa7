// Every kind of system, told by its own adapter and played by a local server that behaves as the real one: whatever happens to an incident, to
// storage, to the network and to the hosts, in any order, each system shows in the end what the incident says, and none shows it twice.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryNetwork } from '../../../local/incidents/in-memory.ts';
import { type Kind, kinds } from '../../../local/incidents/kinds.ts';
import { startPlayed } from '../../../local/incidents/played.ts';
import type { Seen } from '../../../local/incidents/server.ts';
import { foldIncident, type Incident, type IncidentEntry } from '../../../src/lib/incidents/incident.ts';
import type {
  CloudEvent,
  IncidentSystem,
  Outside,
  OutsideAnswer,
  OutsideRequest,
} from '../../../src/lib/incidents/system.ts';
import { makeSystem } from '../../../src/lib/incidents/systems/index.ts';
import { incidentSettings } from '../../../src/lib/settings/incident-settings.ts';
import { tellAgain } from '../../../src/lib/telling/try-system.ts';
import { minute } from '../facts.ts';
import { incidentId, question, remediationOf } from '../incidents/incident-data.ts';
import { closed, joined, opened, Team } from './scripted.ts';

const hour = 60 * minute;
const arm = 'https://management.azure.com';

/** What goes wrong with one request: it took effect and its answer is lost, or it certainly did nothing. */
const troubles = ['lost', 'down', 'reset', 'throttled', 'key-refused', 'message-refused'] as const;
type Trouble = (typeof troubles)[number];

const statuses: Readonly<Record<Trouble, number | undefined>> = {
  lost: undefined,
  reset: undefined,
  down: 503,
  throttled: 429,
  'key-refused': 401,
  'message-refused': 400,
};

function answerOf(trouble: Trouble): OutsideAnswer {
  const status = statuses[trouble];
  if (status === undefined) return { kind: 'no-answer', code: 'ECONNRESET' };
  return { kind: 'answer', status, headers: {}, body: '{}', ...(status === 429 ? { retryAfterMs: 30_000 } : {}) };
}

type Reach = (request: OutsideRequest & { readonly contentType?: string }) => Promise<OutsideAnswer>;

/** The network as one system is reached through it. */
function lineTo(reach: Reach, now: () => number, meets: Trouble[]): Outside {
  const send: Reach = async (request) => {
    const trouble = meets.shift();
    if (trouble === undefined) return reach(request);
    if (trouble === 'lost') await reach(request);
    return answerOf(trouble);
  };
  return {
    now,
    hmac: (key, text) => createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64'),
    send,
    publish: (url, event: CloudEvent) =>
      send({
        method: 'POST',
        url: `${url}?api-version=2018-01-01`,
        body: JSON.stringify([event]),
        contentType: 'application/cloudevents-batch+json',
      }),
  };
}

interface World {
  readonly team: Team;
  readonly meets: Readonly<Record<string, Trouble[]>>;
  seen(): Readonly<Record<string, readonly Seen[]>>;
}

/** pullmedic with a system of each kind, which is named by it. */
async function everySystem(): Promise<World> {
  const network = memoryNetwork(7100);
  const clock = { now: (): number => 0 };
  const chosen = Object.fromEntries(kinds.map((kind) => [kind, kind])) as Record<Kind, Kind>;
  const played = await startPlayed(chosen, network.start, () => clock.now());
  const { systems } = incidentSettings.parse({ systems: played.settings });
  const reach: Reach = async ({ method, url, headers = {}, body, contentType }) => {
    const at = new URL(url);
    const guest = played.inAzure.find(
      ({ host, path }) => host === at.hostname && decodeURIComponent(at.pathname).toLowerCase().startsWith(path),
    );
    if (guest !== undefined) {
      const sent = body === undefined ? undefined : (JSON.parse(body) as unknown);
      const { status, body: said = '' } = guest.answer({ method, url: at, contentType, body: sent });
      return { kind: 'answer', status, headers: {}, body: typeof said === 'string' ? said : JSON.stringify(said) };
    }
    const answer = await network.answer(at, { method, headers, ...(body === undefined ? {} : { body }) });
    if (answer === undefined) throw new Error(`Nothing is at ${at.origin}.`);
    return {
      kind: 'answer',
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: await answer.text(),
    };
  };
  const meets = Object.fromEntries(kinds.map((kind): [string, Trouble[]] => [kind, []]));
  const made = kinds.map((kind): [string, IncidentSystem] => {
    const settings = systems[kind];
    if (settings === undefined) throw new Error(`There is no ${kind}.`);
    const line = lineTo(reach, () => clock.now(), meets[kind] ?? []);
    return [kind, makeSystem(settings, (name) => played.env[name], line, arm)];
  });
  const team = new Team(Object.fromEntries(made));
  clock.now = () => team.running.world.nowMs;
  return { team, meets, seen: () => played.seen() };
}

const happening = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('open', 'join', 'leave', 'ask', 'answer', 'expire', 'close') },
  { weight: 3, arbitrary: fc.constantFrom('deliver', 'deliver-five-times', 'two-hosts', 'wait', 'long') },
  { weight: 1, arbitrary: fc.record({ storage: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(...kinds),
      meets: fc.array(fc.constantFrom(...troubles), { maxLength: 3 }),
    }),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

async function incidentOf({ team }: World): Promise<Incident | undefined> {
  return foldIncident(incidentId, await team.running.ports.incidents.read(incidentId)).incident;
}

/** Entries only as a history can have them: nothing joins, asks or ends where nothing is open. */
async function entryFor(world: World, what: string, number: number): Promise<IncidentEntry | undefined> {
  const incident = await incidentOf(world);
  const isOpen = incident !== undefined && incident.closed === undefined;
  if (what === 'open') return isOpen ? undefined : opened;
  if (!isOpen) return undefined;
  const open = incident.questions.find(({ says }) => says === 'asked');
  const { nowMs: askedAtMs } = world.team.running.world;
  const asked = {
    ...question,
    kind: 'question-noted',
    question: number,
    askedAtMs,
    expiresAtMs: askedAtMs + 4 * hour,
  } as const;
  switch (what) {
    case 'join':
      return joined(1);
    case 'leave':
      return { kind: 'member-left', remediation: remediationOf('c'), how: 'recovered', clear: true };
    case 'ask':
      return open === undefined ? asked : undefined;
    case 'answer':
      return open === undefined
        ? undefined
        : { kind: 'question-noted', ...open, says: 'answered', answer: 'approved', by: 'ada' };
    case 'expire':
      return open === undefined ? undefined : { kind: 'question-noted', ...open, says: 'expired' };
    default:
      return closed;
  }
}

/** The host dies at this call of its storage, while it tells each system. */
async function diesAt(world: World, call: number): Promise<void> {
  const { running } = world.team;
  let left = call;
  running.world.before = (name) => {
    left -= name.startsWith('outbox') || name.startsWith('incidents') ? 1 : 0;
    if (left === 0) throw new Error('the host died');
  };
  await world.team.deliver().catch(() => undefined);
  running.world.before = () => undefined;
}

async function happen(world: World, what: Happening, number: number): Promise<void> {
  const { team, meets } = world;
  if (typeof what === 'object') {
    if ('storage' in what) return diesAt(world, what.storage);
    meets[what.kind]?.push(...what.meets);
    return undefined;
  }
  switch (what) {
    case 'deliver':
      return team.deliver();
    case 'deliver-five-times':
      for (let time = 0; time < 5; time += 1) await team.deliver();
      return undefined;
    case 'two-hosts':
      await Promise.all([team.deliver(), team.deliver()]);
      return undefined;
    case 'wait':
      return team.pass(minute + 7);
    case 'long':
      return team.pass(26 * hour);
    case 'open':
    case 'join':
    case 'leave':
    case 'ask':
    case 'answer':
    case 'expire':
    case 'close': {
      const entry = await entryFor(world, what, number);
      if (entry !== undefined) await team.changes(entry);
    }
  }
}

/** Systems that can neither deduplicate nor be searched: an opening whose answer was lost is there twice. */
const showsTwice: ReadonlySet<string> = new Set<Kind>(['teams']);

/** What a person sees that is not what the incident says. */
function wrongIn(kind: string, items: readonly Seen[], incident: Incident, openings: number): string[] {
  const isOpen = incident.closed === undefined;
  const open = items.filter(({ state }) => state === 'open').length;
  const last = items.at(-1);
  const failing = incident.members.some(({ app, left }) => app.endsWith('basket') && left === undefined);
  return [
    ...(open === (isOpen ? 1 : 0) || showsTwice.has(kind) ? [] : [`${open} open`]),
    ...(items.length <= openings || showsTwice.has(kind) ? [] : [`${items.length} items of ${openings} openings`]),
    ...(!isOpen && last?.state === 'open' ? ['the last one is open'] : []),
    ...(isOpen && last?.state !== 'open' ? ['the last one is not open'] : []),
    ...(isOpen && failing && last?.text.includes('basket') !== true ? ['an app is missing'] : []),
  ].map((what) => `${kind}: ${what}`);
}

describe('whatever happens, in any order', () => {
  it('each kind of system shows in the end what the incident says, and shows it once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 40 }), async (all) => {
        const world = await everySystem();
        const { team } = world;
        await team.changes(opened, joined(0));
        for (const [at, what] of all.entries()) await happen(world, what, at + 5);
        for (const meets of Object.values(world.meets)) meets.splice(0);
        await team.pass(24 * hour);
        // What was refused for good waits for a person, who has it sent again.
        for (const kind of kinds) await tellAgain(team.running.ports, kind);
        await team.pass(48 * hour);

        const entries = await team.running.ports.incidents.read(incidentId);
        const { incident } = foldIncident(incidentId, entries);
        if (incident === undefined) throw new Error('there is no incident');
        const openings = entries.filter(({ entry }) => entry.kind === 'incident-opened').length;
        const wrong = Object.entries(world.seen()).flatMap(([kind, items]) => wrongIn(kind, items, incident, openings));
        expect(wrong).toEqual([]);
        expect(await team.running.ports.outbox.unfinished()).toEqual([]);
      }),
      { numRuns: 200, seed: 21 },
    );
  });
});
