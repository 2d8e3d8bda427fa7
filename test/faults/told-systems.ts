// Incident systems of the fault sweep: each keeps what it was told. It deduplicates nothing and can be searched, as a system for tickets is.
import type { External, IncidentSystem, Told } from '../../src/lib/incidents/system.ts';

/** What a system was told of one key. */
interface Ticket {
  opened: number;
  state: 'open' | 'resolved';
}

export class ToldSystem {
  readonly #tickets = new Map<string, Ticket>();

  /** `call` is the place where the host may die and where a call may fail, before it takes effect or after. */
  seenBy(call: <T>(effect: () => T) => Promise<T>): IncidentSystem {
    const ticketOf = (key: string): Ticket => {
      const ticket = this.#tickets.get(key) ?? { opened: 0, state: 'open' };
      this.#tickets.set(key, ticket);
      return ticket;
    };
    const told = async (key: string, effect: (ticket: Ticket) => void): Promise<Told> => {
      const external: External = { id: key };
      await call(() => effect(ticketOf(key)));
      return { kind: 'told', external };
    };
    const same = async ({ key }: { readonly key: string }): Promise<Told> => told(key, () => undefined);
    return {
      reopenWindowMs: 7 * 24 * 3_600_000,
      findLagMs: 0,
      find: async ({ key }) =>
        (await call(() => this.#tickets.has(key))) ? { kind: 'found', external: { id: key } } : { kind: 'nothing' },
      open: ({ key }) =>
        told(key, (ticket) => {
          ticket.opened += 1;
          ticket.state = 'open';
        }),
      reopen: ({ key }) =>
        told(key, (ticket) => {
          ticket.state = 'open';
        }),
      resolve: ({ key }) =>
        told(key, (ticket) => {
          ticket.state = 'resolved';
        }),
      update: same,
      ask: same,
      answered: same,
    };
  }

  /** What is wrong with what it was told, where the incident reads like this in the end. */
  violations(name: string, incident: string): string[] {
    const tickets = [...this.#tickets.values()];
    const open = tickets.filter(({ state }) => state === 'open').length;
    const twice = tickets.filter(({ opened }) => opened > 1).length;
    const wanted = incident === 'open' ? 1 : 0;
    return [
      ...(twice === 0 ? [] : [`${name}: opened twice`]),
      ...(open === wanted ? [] : [`${name}: expected ${wanted} open, seen ${open}`]),
      ...(tickets.length === 0 && incident !== 'none' && incident !== 'withdrawn' ? [`${name}: was told nothing`] : []),
    ];
  }
}
