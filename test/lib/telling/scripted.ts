// An incident system in memory that answers as a test says, with pullmedic around it.
import type { IncidentEntry } from '../../../src/lib/incidents/incident.ts';
import { foldIncident, withEntry } from '../../../src/lib/incidents/incident.ts';
import type { OutboxRow } from '../../../src/lib/incidents/outbox.ts';
import type { Failure, IncidentSystem, QuestionTelling, Telling, Told } from '../../../src/lib/incidents/system.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import { noteChange, sendTells } from '../../../src/lib/telling/announce.ts';
import { deliver } from '../../../src/lib/telling/deliver.ts';
import { config, minute, nowMs, roleMissing } from '../facts.ts';
import { incidentId, openIncident, question } from '../incidents/incident-data.ts';
import { type Memory, memory } from '../memory-ports.ts';

export const { cause, sure, registry, runbook, key } = openIncident;
export const opened: IncidentEntry = { kind: 'incident-opened', key, cause, sure, registry, runbook };
export const joined = (at: 0 | 1): IncidentEntry => {
  const member = openIncident.members[at];
  if (member === undefined) throw new Error('no such member');
  return { kind: 'member-joined', remediation: member.remediation, app: member.app };
};
export const closed: IncidentEntry = { kind: 'incident-closed', how: 'resolved', because: 'recovered' };
export const asked: IncidentEntry = { kind: 'question-noted', ...question };

/** One call that a system got, and whether it took effect there. */
export interface Got {
  readonly call: string;
  readonly telling: Telling;
}

/** A system that keeps what it got. `answers` are given in their order, then everything is told. */
export class Scripted implements IncidentSystem {
  readonly reopenWindowMs = 60 * minute;
  readonly findLagMs = 0;
  readonly got: Got[] = [];
  readonly answers: (Told | 'throw')[] = [];

  calls(): readonly string[] {
    return this.got.map(({ call }) => call);
  }

  fails(...failures: readonly Failure[]): void {
    this.answers.push(...failures.map((failure) => ({ kind: 'failed', failure }) as const));
  }

  async #take(call: string, telling: Telling): Promise<Told> {
    this.got.push({ call, telling });
    const answer = this.answers.shift() ?? { kind: 'told', external: { id: `made ${telling.key}` } };
    if (answer === 'throw') throw new TypeError('a mistake in the adapter');
    return answer;
  }

  open = (telling: Telling) => this.#take('open', telling);
  update = (telling: Telling) => this.#take('update', telling);
  resolve = (telling: Telling) => this.#take('resolve', telling);
  reopen = (telling: Telling) => this.#take('reopen', telling);
  ask = (telling: QuestionTelling) => this.#take(telling.stage, telling);
  answered = (telling: QuestionTelling) => this.#take(telling.stage, telling);
}

const webhook = { kind: 'webhook', url: 'https://unused.example', secretsFrom: ['UNUSED'] };

export function configWith(names: readonly string[], more: Readonly<Record<string, string>> = {}): Config {
  const incidents = {
    systems: Object.fromEntries(names.map((name) => [name, webhook])),
    page: 'https://pullmedic.example',
  };
  return config({ PULLMEDIC_SETTINGS: JSON.stringify({ incidents }), UNUSED: 'whsec_x', ...more });
}

/** pullmedic with systems of these names. */
export class Team {
  readonly running: Memory;
  readonly config: Config;
  constructor(systems: Readonly<Record<string, IncidentSystem>>, more: Readonly<Record<string, string>> = {}) {
    this.config = configWith(Object.keys(systems), more);
    this.running = memory(this.config, roleMissing, nowMs);
    for (const [name, system] of Object.entries(systems)) this.running.world.systems.set(name, system);
  }

  /** The incident gets these entries, as a step would write them. */
  async changes(...entries: readonly IncidentEntry[]): Promise<void> {
    const { ports } = this.running;
    for (const entry of entries) {
      const before = foldIncident(incidentId, await ports.incidents.read(incidentId));
      const systems = await noteChange(
        ports,
        this.config,
        incidentId,
        withEntry(incidentId, before, entry, ports.now()),
      );
      await ports.incidents.append(incidentId, before.lastSeq, entry);
      await sendTells(ports, incidentId, systems);
    }
  }

  /** Delivers once to each system. */
  async deliver(): Promise<void> {
    for (const system of this.running.world.systems.keys())
      await deliver(this.running.ports, this.config, { incident: incidentId, system });
  }

  /** Lets time pass, and delivers whenever something is due. */
  async pass(ms: number): Promise<void> {
    const { world, ports } = this.running;
    const untilMs = world.nowMs + ms;
    for (let rounds = 0; rounds < 500; rounds += 1) {
      await this.deliver();
      const due = (await ports.outbox.unfinished()).flatMap(({ dueAtMs }) => dueAtMs ?? []);
      const nextMs = Math.max(world.nowMs + 1000, Math.min(...due, untilMs));
      if (nextMs > untilMs) break;
      world.nowMs = nextMs;
    }
    world.nowMs = untilMs;
    await this.deliver();
  }

  async row(system: string): Promise<OutboxRow> {
    const stored = await this.running.ports.outbox.read(incidentId, system);
    if (stored === undefined) throw new Error(`${system} is not in the outbox`);
    return stored.value;
  }
}
