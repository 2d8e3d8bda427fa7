// pullmedic with systems that hear of remediations, as an Event Grid topic does.

import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { IncidentSystem, RemediationTelling, Told } from '../../../src/lib/incidents/system.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import { deliver } from '../../../src/lib/telling/deliver.ts';
import { config, minute, nowMs } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

/** Keeps what it heard. `answers` are given in their order, then everything is told. */
export class Listener implements IncidentSystem {
  readonly reopenWindowMs = Number.POSITIVE_INFINITY;
  readonly findLagMs = 0;
  readonly heard: RemediationTelling[] = [];
  readonly answers: Told[] = [];

  says(): readonly string[] {
    return this.heard.map(({ says }) => says);
  }

  remediation = async (telling: RemediationTelling): Promise<Told> => {
    this.heard.push(telling);
    return this.answers.shift() ?? { kind: 'told' };
  };

  #told = async (): Promise<Told> => ({ kind: 'told' });
  open = this.#told;
  update = this.#told;
  resolve = this.#told;
  reopen = this.#told;
  ask = this.#told;
  answered = this.#told;
}

const topic = { kind: 'eventgrid', url: 'https://events.westeurope-1.eventgrid.azure.net/api/events' };

/** Settings with a topic of each of these names. */
export function listeningConfig(
  names: readonly string[],
  more: Readonly<Record<string, string>> = {},
  incidents: object = {},
): Config {
  const systems = Object.fromEntries(names.map((name) => [name, topic]));
  const all = { systems, page: 'https://pullmedic.example', ...incidents };
  return config({ PULLMEDIC_SETTINGS: JSON.stringify({ incidents: all }), ...more });
}

export interface Listening {
  readonly running: Memory;
  readonly topic: Listener;
  /** Tells what was queued by now, each message this often. */
  readonly tell: (times?: number) => Promise<void>;
  /** Lets time pass minute by minute; what is due in the outbox is told. */
  readonly pass: (minutes: number) => Promise<void>;
}

export function listening(evidence: Evidence, chosen: Config = listeningConfig(['topic'])): Listening {
  const running = memory(chosen, evidence, nowMs);
  const heard = new Listener();
  running.world.systems.set('topic', heard);
  const tell = async (times = 1): Promise<void> => {
    for (const { tell: message } of running.world.tells.splice(0))
      for (let time = 0; time < times; time += 1) await deliver(running.ports, chosen, message);
  };
  return {
    running,
    topic: heard,
    tell,
    async pass(minutes) {
      for (let passed = 0; passed < minutes; passed += 1) {
        await running.pass(minute);
        await tell();
        for (const row of await running.ports.outbox.due(running.world.nowMs))
          await deliver(running.ports, chosen, row);
      }
    },
  };
}
