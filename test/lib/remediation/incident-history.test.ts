// An incident is read where it can be; where it cannot, the log says so and nothing else stops.
import { describe, expect, it } from 'vitest';
import { UnreadableHistory } from '../../../src/lib/history/ledger.ts';
import type { Ports } from '../../../src/lib/ports/ports.ts';
import { tryReadIncident } from '../../../src/lib/remediation/incident-history.ts';
import type { IncidentId } from '../../../src/lib/words/target.ts';

const id = `i${'1'.repeat(24)}` as IncidentId;

function reading(read: Ports['incidents']['read']): { ports: Pick<Ports, 'incidents' | 'log'>; logged: string[] } {
  const logged: string[] = [];
  return {
    ports: { incidents: { read, append: async () => 'taken' }, log: (event) => void logged.push(event) },
    logged,
  };
}

describe('the history of an incident', () => {
  it('is empty before its first entry', async () => {
    const { ports, logged } = reading(async () => []);

    expect(await tryReadIncident(ports, id)).toEqual({ lastSeq: 0 });
    expect(logged).toEqual([]);
  });

  it('that cannot be read is a line in the log', async () => {
    const { ports, logged } = reading(() => Promise.reject(new UnreadableHistory('broken', 'It does not add up.')));

    expect(await tryReadIncident(ports, id)).toBeUndefined();
    expect(logged).toEqual(['history-unreadable']);
  });

  it('of a store that does not answer is an error', async () => {
    const { ports } = reading(() => Promise.reject(new Error('no answer')));

    await expect(tryReadIncident(ports, id)).rejects.toThrow('no answer');
  });
});
