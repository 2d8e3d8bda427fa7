// Incident systems of the fault sweep: each keeps what it was told. It deduplicates nothing and can be searched, as a system for tickets is.
import type { RemediationView } from '../../src/lib/console/views.ts';
import type { External, IncidentSystem, RemediationTelling, Told } from '../../src/lib/incidents/system.ts';

/** What a system was told of one key. */
interface Ticket {
  opened: number;
  state: 'open' | 'resolved';
}

export class ToldSystem {
  readonly #tickets = new Map<string, Ticket>();
  /** Events about remediations as a subscriber takes them: each id once, in the order of their arrival. */
  readonly #heard = new Map<string, Pick<RemediationTelling, 'key' | 'says'>>();

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
      remediation: async ({ key, delivery, says }) => {
        await call(() => {
          if (!this.#heard.has(delivery)) this.#heard.set(delivery, { key, says });
        });
        return { kind: 'told', external: { id: key } };
      },
    };
  }

  /** What is wrong with what it heard of remediations, where they read like this in the end. One that ended at once is heard of as ended alone. */
  remediationViolations(name: string, remediations: readonly RemediationView[]): string[] {
    return remediations.flatMap((remediation) => {
      const heard = [...this.#heard.values()].filter(({ key }) => key === `pullmedic-${remediation.id}`);
      const said = heard.map(({ says }) => says);
      const closed = said.filter((says) => says === 'closed').length;
      const opened = said.filter((says) => says === 'opened').length;
      const hasEnded = remediation.state === 'closed';
      const wrong = [
        ...(closed === (hasEnded ? 1 : 0) ? [] : [`heard ${closed} times that it closed`]),
        ...(opened <= 1 && (opened === 1 || hasEnded) ? [] : [`heard ${opened} times that it opened`]),
        ...(said.lastIndexOf('closed') < said.length - 1 && closed > 0 ? ['heard more after the end'] : []),
        ...(said.lastIndexOf('opened') > 0 ? ['heard something before it opened'] : []),
        ...(remediation.state === 'needs-approval' && !said.includes('asks') ? ['did not hear the question'] : []),
      ];
      return wrong.map((one) => `${name}: ${one} (${remediation.id}: ${said.join(', ')})`);
    });
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
