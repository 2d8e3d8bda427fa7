// Histories that cannot be read, of each kind, beside good ones: what one of them does to the others.
import type { Entry } from '../../src/lib/history/entries.ts';
import { type HistoryTrouble, UnreadableHistory } from '../../src/lib/history/ledger.ts';
import type { Signal } from '../../src/lib/signals/signal.ts';
import type { RemediationId, TargetId } from '../../src/lib/words/target.ts';
import { arm, config, dnsUnlinked, nowMs } from './facts.ts';
import { type Memory, memory, memoryLedger } from './memory-ports.ts';

export type State = 'good' | HistoryTrouble;

export interface Planted {
  readonly app: string;
  readonly state: State;
  readonly id: RemediationId;
  readonly targetId: TargetId;
}

export function appSignal(app: string, id = `alert|${app}`): Signal {
  const about = { kind: 'app', id: arm(`${group}/microsoft.app/containerapps/${app}`) } as const;
  return { id, via: 'log-alert', about, atMs: nowMs };
}

/** Spoils the history of a target, the way its state says. */
export async function spoil({ histories, ports }: Memory, targetId: TargetId, state: State): Promise<void> {
  const rows = histories.all.get(targetId) ?? [];
  switch (state) {
    case 'good':
      return;
    case 'broken': {
      const [first, ...rest] = rows;
      if (first !== undefined) histories.all.set(targetId, [{ ...first, text: `${first.text} ` }, ...rest]);
      return;
    }
    case 'newer-version': {
      const newer = memoryLedger<{ readonly kind: 'from-the-future' }>(() => nowMs, undefined, histories.all);
      await newer.append(targetId, rows.length, { kind: 'from-the-future' });
      return;
    }
    case 'not-understood': {
      const strange = { kind: 'decided', decision: { do: 'dance', because: 'music' }, dueAtMs: nowMs, refusals: [] };
      await histories.append(targetId, rows.length, strange as unknown as Entry);
      return;
    }
    case 'archive-missing':
    case 'archive-broken':
    case 'archive-refused': {
      // The ledger in memory has no archive, so its answer is given here.
      const { history } = ports;
      const read = history.read.bind(history);
      Object.assign(history, {
        read: (partition: string) =>
          partition === targetId
            ? Promise.reject(new UnreadableHistory(state, 'The archive says no.'))
            : read(partition),
      });
    }
  }
}

/** One remediation that waits for a person for each of these states, in this order. */
export async function planted(states: readonly State[]): Promise<{ running: Memory; all: Planted[] }> {
  const running = memory(config(), dnsUnlinked, nowMs);
  const all: Planted[] = [];
  for (const [place, state] of states.entries()) {
    const app = `ca-${place}`;
    await running.deliver(appSignal(app));
    const row = [...running.rows.values()].find((one) => one.appId.endsWith(`/${app}`));
    if (row === undefined) throw new Error(`${app} has no remediation.`);
    all.push({ app, state, id: row.remediation, targetId: row.targetId });
  }
  for (const { targetId, state } of all) await spoil(running, targetId, state);
  return { running, all };
}

const group = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourcegroups/rg-apps/providers';
