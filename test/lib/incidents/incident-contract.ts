// What pullmedic relies on in every incident system: one suite, run for each system against a local server that behaves as the system does.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalSystem, Seen } from '../../../local/incidents/server.ts';
import { outside } from '../../../src/lib/azure/clients/outside.ts';
import type { IncidentEntry } from '../../../src/lib/incidents/incident.ts';
import { foldIncident, withEntry } from '../../../src/lib/incidents/incident.ts';
import { updatePauseMs } from '../../../src/lib/incidents/next-call.ts';
import type { OutboxRow, SystemStanding } from '../../../src/lib/incidents/outbox.ts';
import type { IncidentSystem, Outside } from '../../../src/lib/incidents/system.ts';
import { noteChange, sendTells } from '../../../src/lib/telling/announce.ts';
import { deliver, leaseMs } from '../../../src/lib/telling/deliver.ts';
import type { IncidentId, RemediationId } from '../../../src/lib/words/target.ts';
import { config, minute, nowMs, roleMissing } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

export interface ContractOptions {
  readonly name: string;
  /** `now`: the clock of pullmedic. */
  start(now: () => number): Promise<LocalSystem>;
  /** The system as the settings make it, with this server as its address. */
  make(server: LocalSystem, outside: Outside): IncidentSystem;
  /** How many a person sees after an incident ended and came back within the window of the system: 1 where it is the same one, else 2. */
  readonly afterReturn: 1 | 2;
  /** How many a person sees after the answer to the opening was lost: 2 where the system can neither deduplicate nor be searched. */
  readonly afterLostAnswer?: 1 | 2;
  /** The system shows a title and a link, and has no place for a text. */
  readonly showsTitleOnly?: true;
  /** Where a text that people see differs from the value itself: the words of the value as they are shown. */
  shown?(value: string): string;
}

const name = 'people';
const incident = `i${'a'.repeat(24)}` as IncidentId;
const remediation = `t${'b'.repeat(24)}.1` as RemediationId;
const app =
  '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.App/containerApps/ca-orders';

const hostile = '<script>alert(1)</script> *bold* [x](https://evil.example) @here `code` ${jndi:x} <!channel>';

const opened = {
  kind: 'incident-opened',
  key: 'incident|private-dns-unlinked|acrshop',
  cause: 'private-dns-unlinked',
  sure: 'confirmed',
  registry: 'acrshop.azurecr.io',
  runbook: {
    title: 'Link the private DNS zone to vnet-shop',
    owner: 'network team',
    advice: `The zone privatelink.azurecr.io has no link. ${hostile}`,
    commands: [{ title: 'Link it', language: 'az', text: 'az network private-dns link vnet create --name link-shop' }],
    verify: 'az network private-dns link vnet list',
    undo: 'Remove the link.',
  },
} as const satisfies IncidentEntry;
const joined: IncidentEntry = { kind: 'member-joined', remediation, app };
const other: IncidentEntry = {
  kind: 'member-joined',
  remediation: `t${'c'.repeat(24)}.1` as RemediationId,
  app: app.replace('orders', 'basket'),
};
const closed: IncidentEntry = { kind: 'incident-closed', how: 'resolved', because: 'recovered' };
const left: IncidentEntry = { kind: 'member-left', remediation, how: 'recovered', clear: true };
const asked = (says: 'asked' | 'expired' | 'answered'): IncidentEntry => ({
  kind: 'question-noted',
  remediation,
  app,
  question: 4,
  says,
  askedAtMs: nowMs,
  expiresAtMs: nowMs + 240 * minute,
});

/** pullmedic with one system, over a real connection to its local server. */
class Told {
  readonly running: Memory;
  readonly #config;
  constructor(server: LocalSystem, options: ContractOptions, others: Readonly<Record<string, IncidentSystem>> = {}) {
    const webhook = { kind: 'webhook', url: 'https://unused.example', secretsFrom: ['UNUSED'] };
    const names = [name, ...Object.keys(others)];
    const systems = Object.fromEntries(names.map((one) => [one, webhook]));
    const incidents = { systems, page: 'https://pullmedic.example' };
    this.#config = config({
      PULLMEDIC_SETTINGS: JSON.stringify({ incidents }),
      UNUSED: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    });
    this.running = memory(this.#config, roleMissing, nowMs);
    const network = outside(
      async () => 'token',
      () => this.running.world.nowMs,
    );
    this.running.world.systems.set(name, options.make(server, network));
    for (const [one, system] of Object.entries(others)) this.running.world.systems.set(one, system);
  }

  /** The incident gets these entries, as a step would write them. */
  async changes(...entries: readonly IncidentEntry[]): Promise<void> {
    const { ports } = this.running;
    for (const entry of entries) {
      const before = foldIncident(incident, await ports.incidents.read(incident));
      const systems = await noteChange(ports, this.#config, incident, withEntry(incident, before, entry, ports.now()));
      await ports.incidents.append(incident, before.lastSeq, entry);
      await sendTells(ports, incident, systems);
    }
  }

  /** Delivers what is due now, each message this often, then what became due by that. */
  async settle(times = 1): Promise<void> {
    const { ports, world } = this.running;
    world.tells.splice(0);
    for (const { system } of await ports.outbox.due(ports.now()))
      for (let time = 0; time < times; time += 1) await deliver(ports, this.#config, { incident, system });
  }

  /** Lets time pass in steps of a few seconds, for pullmedic and for the server. */
  async pass(server: LocalSystem, ms: number): Promise<void> {
    const untilMs = this.running.world.nowMs + ms;
    while (this.running.world.nowMs < untilMs) {
      const due = (await this.running.ports.outbox.unfinished()).flatMap(({ dueAtMs }) => dueAtMs ?? []);
      const nextMs = Math.min(untilMs, Math.max(this.running.world.nowMs + 1000, Math.min(untilMs, ...due)));
      server.pass?.(nextMs - this.running.world.nowMs);
      this.running.world.nowMs = nextMs;
      await this.settle();
    }
  }

  async standing(): Promise<SystemStanding | undefined> {
    const stored = await this.running.ports.outbox.standing(name);
    if (stored === 'unreadable') throw new Error('the standing cannot be read');
    return stored?.value;
  }

  async row(): Promise<OutboxRow> {
    const stored = await this.running.ports.outbox.read(incident, name);
    if (stored === undefined) throw new Error('nothing is in the outbox');
    return stored.value;
  }
}

/** Runs the suite for a system. */
export function incidentContract(options: ContractOptions): void {
  describe(`the contract of ${options.name}`, () => {
    let server: LocalSystem;
    let told: Told;
    beforeAll(async () => {
      server = await options.start(() => told.running.world.nowMs);
    });
    afterAll(() => server.stop());
    beforeEach(() => {
      server.reset();
      told = new Told(server, options);
    });
    const shown = (value: string): string => options.shown?.(value) ?? value;
    const only = (): Seen => {
      const all = server.seen();
      expect(all).toHaveLength(1);
      return all[0] ?? { state: 'open', text: '' };
    };
    const openOne = async (): Promise<void> => {
      await told.changes(opened, joined);
      await told.settle();
      await told.pass(server, 10_000);
    };
    const resolveIt = async (): Promise<void> => {
      await told.changes(left, closed);
      await told.settle();
      await told.pass(server, minute);
    };

    it('opens one incident, however often the message comes', async () => {
      await told.changes(opened, joined);
      await told.settle(5);
      await told.pass(server, minute);

      const { state, text } = only();
      expect(state).toBe('open');
      const inText = [
        'the private DNS zone is not linked to the network of the app',
        'az network private-dns link vnet create',
      ];
      for (const value of ['acrshop.azurecr.io', ...(options.showsTitleOnly === true ? [] : inText)])
        expect(text).toContain(shown(value));
    });

    it('links the page, and says who has to act', async () => {
      await openOne();

      const link = `https://pullmedic.example/api/incidents/${incident}`;
      for (const value of [link, ...(options.showsTitleOnly === true ? [] : ['network team'])])
        expect(only().text).toContain(value);
    });

    it('is opened once by two hosts at the same moment', async () => {
      await told.changes(opened, joined);
      await Promise.all([told.settle(), told.settle()]);
      await told.pass(server, minute);

      expect(only().state).toBe('open');
    });

    it('says nothing twice: without a change nothing is sent', async () => {
      await openOne();
      const before = server.changes();
      await told.pass(server, 20 * minute);

      expect(server.changes()).toBe(before);
    });

    it('is updated when another app joins, once for several changes', async () => {
      await openOne();
      const before = server.changes();
      await told.changes(other);
      await told.pass(server, 2 * updatePauseMs);

      expect(only().text).toContain('basket');
      expect(server.changes()).toBeGreaterThan(before);
    });

    it('is resolved after a verified recovery, and says so', async () => {
      await openOne();
      await resolveIt();

      expect(only().state).toBe('resolved');
    });

    it('is not resolved by a retry, a repetition or a lost message', async () => {
      await openOne();
      await told.changes(asked('asked'));
      for (let round = 0; round < 5; round += 1) await told.settle(2);
      await told.pass(server, 10 * minute);

      expect(only().state).toBe('open');
    });

    it('is reopened when it comes back', async () => {
      await openOne();
      await resolveIt();
      await told.pass(server, 5 * minute);
      await told.changes(opened, joined);
      await told.settle();
      await told.pass(server, 2 * minute);

      expect(server.seen()).toHaveLength(options.afterReturn);
      expect(server.seen().at(-1)?.state).toBe('open');
    });

    it('announces a question, and says when it has expired', async () => {
      await openOne();
      await told.changes(asked('asked'));
      await told.pass(server, 2 * minute);
      expect(only().text).toContain('2026-06-01');

      const before = server.changes();
      await told.changes(asked('expired'));
      await told.pass(server, 2 * minute);
      expect(server.changes()).toBeGreaterThan(before);
      expect(only().state).toBe('open');
    });

    it('reminds people once, at half time', async () => {
      await openOne();
      await told.changes(asked('asked'));
      await told.pass(server, 10 * minute);
      const before = server.changes();
      await told.pass(server, 130 * minute);
      const after = server.changes();
      expect(after).toBeGreaterThan(before);

      await told.pass(server, 60 * minute);
      expect(server.changes()).toBe(after);
    });

    it('shows values from outside as text', async () => {
      const title = options.showsTitleOnly === true ? hostile : opened.runbook.title;
      await told.changes({ ...opened, runbook: { ...opened.runbook, title } }, joined);
      await told.settle();
      await told.pass(server, 10_000);

      expect(only().text).toContain(shown(hostile));
    });

    describe('in trouble', () => {
      it('opens none twice when the answer to the opening is lost', async () => {
        server.strike('answer-lost');
        await openOne();
        await told.pass(server, 15 * minute);

        expect(server.seen()).toHaveLength(options.afterLostAnswer ?? 1);
        expect((await told.row()).state).toBe('open');
        await resolveIt();
        expect(server.seen().at(-1)?.state).toBe('resolved');
      });

      it.each(['throttled', 'down'] as const)('waits and tries again when it is %s', async (trouble) => {
        server.strike(trouble);
        await openOne();
        await told.pass(server, 15 * minute);

        expect(only().state).toBe('open');
        expect((await told.row()).failure).toBeUndefined();
      });

      it('stops when its key is refused, and goes on by itself once the key is right', async () => {
        server.strike('key-refused');
        await openOne();
        expect((await told.standing())?.refused).toMatchObject({ sinceMs: expect.any(Number) as number });
        expect(server.seen()).toEqual([]);

        await told.pass(server, 40 * minute);
        expect(only().state).toBe('open');
        expect((await told.standing())?.refused).toBeUndefined();
      });

      it('keeps a message that is refused, and tries again with the next change', async () => {
        server.strike('message-refused');
        await openOne();
        expect(await told.row()).toMatchObject({ dead: true, state: 'new', failure: { why: 'message-refused' } });

        await told.pass(server, 60 * minute);
        expect(server.seen()).toEqual([]);
        await told.changes(other);
        await told.pass(server, 5 * minute);
        expect(only().state).toBe('open');
      });

      it('loses nothing when a host dies in the middle of a call', async () => {
        await told.changes(opened, joined);
        let writes = 0;
        told.running.world.before = (call) => {
          writes += call === 'outbox.write' ? 1 : 0;
          if (writes === 2) throw new Error('the host died');
        };
        await told.settle().catch(() => undefined);
        told.running.world.before = () => undefined;
        await told.pass(server, leaseMs + 15 * minute);

        expect(server.seen()).toHaveLength(options.afterLostAnswer ?? 1);
        expect((await told.row()).state).toBe('open');
      });

      it('resolves also where it was down when the incident ended', async () => {
        await openOne();
        server.strike('down');
        await resolveIt();
        await told.pass(server, 15 * minute);

        expect(only().state).toBe('resolved');
      });
    });
  });
}
