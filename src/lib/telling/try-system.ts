// A person tries a system: it is told of a test, which is resolved at once. What it refused before is sent again where the test was taken.

import type { IncidentFacts } from '../incidents/incident-facts.ts';
import { aboutOf, namesOf } from '../incidents/outbox.ts';
import type { IncidentSystem, Telling, Told } from '../incidents/system.ts';
import type { Clock, EventLog, IncidentSystems, Outbox, Queues } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import type { IncidentId } from '../words/target.ts';
import { noteTaken } from './standing.ts';

export type Tried =
  | { readonly kind: 'no-such-system'; readonly systems: readonly string[] }
  | {
      readonly kind: 'tried';
      readonly opened: TriedCall;
      readonly resolved?: TriedCall;
      /** Where people find the test. */
      readonly url?: string;
      /** Messages that were sent again because the test was taken. */
      readonly again: number;
    };

/** `detail`: a status or a code, never a text of the system. */
export interface TriedCall {
  readonly kind: 'told' | 'accepted' | 'failed';
  readonly why?: string;
  readonly detail?: string;
}

type Trying = Clock & Outbox & Queues & IncidentSystems & EventLog;

/**
 * Opens a marked test in the system and resolves it. The mode does not matter: the person asked for it. `pause` waits for a number of
 * milliseconds.
 */
export async function trySystem(
  ports: Trying,
  config: Config,
  name: string,
  pause: (ms: number) => Promise<void>,
): Promise<Tried> {
  const system = await ports.incidentSystems.named(name);
  if (system === undefined) return { kind: 'no-such-system', systems: Object.keys(config.settings.incidents.systems) };
  const atMs = ports.now();
  const key = `pullmedic-test-${atMs}`;
  const facts = testFacts(config, atMs);
  const telling: Telling = { key, delivery: `${key}.open`, atMs, again: false, facts, test: true };
  const opened = await settled(system, await system.open(telling), pause);
  ports.log('system-tried', { system: name, opened: opened.kind });
  if (opened.kind === 'failed') return { kind: 'tried', opened: callOf(opened), again: 0 };
  await noteTaken(ports, name);
  const external = (opened.kind === 'told' ? opened.external : undefined) ?? { id: key };
  const ended = { because: 'It was a test.', atMs };
  const resolving = { ...telling, delivery: `${key}.resolve`, facts: { ...facts, state: 'resolved', ended } } as const;
  const resolved = await settled(system, await system.resolve(resolving, external), pause);
  return {
    kind: 'tried',
    opened: callOf(opened),
    resolved: callOf(resolved),
    again: await tellAgain(ports, name),
    ...(external.url === undefined ? {} : { url: external.url }),
  };
}

/** Has everything that this system refused for good sent again. Returns how many. Throws when the store cannot be reached. */
export async function tellAgain(ports: Clock & Outbox & Queues, system: string): Promise<number> {
  const dead = (await ports.outbox.unfinished()).filter((row) => row.system === system && row.dead === true);
  let sent = 0;
  for (const about of dead.map(aboutOf)) {
    const stored = await ports.outbox.read(about, system);
    if (stored?.value.dead !== true) continue;
    const { dead: _dead, ...row } = stored.value;
    if ((await ports.outbox.write({ ...row, dueAtMs: ports.now() }, stored.version)) === 'taken') continue;
    await ports.queue.sendTell({ ...namesOf(about), system }, ports.now());
    sent += 1;
  }
  return sent;
}

/** How often a system is asked what became of a call that it took in, and the pause before each time in milliseconds. */
const mostAsked = 5;
const settlePauseMs = 2000;

/** What became of a call that the system took in; still `accepted` where it has not done it after some seconds. */
async function settled(system: IncidentSystem, told: Told, pause: (ms: number) => Promise<void>): Promise<Told> {
  let last = told;
  for (let asked = 0; asked < mostAsked && last.kind === 'accepted' && system.settle !== undefined; asked += 1) {
    await pause(settlePauseMs);
    last = await system.settle(last.receipt);
  }
  return last;
}

function callOf(told: Told): TriedCall {
  return told.kind === 'failed'
    ? { kind: 'failed', why: told.failure.why, detail: told.failure.detail }
    : { kind: told.kind };
}

function testFacts({ settings }: Config, atMs: number): IncidentFacts {
  const { page } = settings.incidents;
  return {
    id: `i${'0'.repeat(24)}` as IncidentId,
    state: 'open',
    title: 'A test of pullmedic, nothing is wrong',
    cause: 'unexplained',
    says: 'this is a test, nothing is wrong',
    sure: 'confirmed',
    family: 'unexplained',
    owner: 'app team',
    severity: 'low',
    registry: 'registry.example',
    openedAtMs: atMs,
    sinceMs: atMs,
    occurrences: 1,
    advice: 'A person tries whether this system can be told of incidents. Nothing has to be done.',
    observed: [],
    ruledOut: [],
    affected: [],
    alerts: [],
    unaffected: [],
    moreUnaffected: 0,
    commands: [{ title: 'Nothing has to be run', language: 'az', text: 'az version' }],
    verify: 'az version',
    undo: 'There is nothing to undo.',
    questions: [],
    links: page === undefined ? {} : { page: `${page}/api/history` },
  };
}
