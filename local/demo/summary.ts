// What all scenarios came to: five lines of figures.
import type { Histories, Remediation } from './answers.ts';
import { duration } from './paint.ts';
import { recoveryMs } from './story.ts';
import { type Told, verdictOf } from './told.ts';

/** What became of one remediation, for a person to read. */
export type Ending =
  | 'recovered'
  | 'after a yes'
  | 'handed over'
  | 'waits for a yes'
  | 'left alone'
  | 'no proof'
  | 'goes on';

/** `recovered` is without a person: no incident asked for one, and no person approved. */
export function endingOf(one: Remediation): Ending {
  if (one.approval?.state === 'pending' && one.closed === undefined) return 'waits for a yes';
  if (one.approval?.state === 'approved' && one.closed?.how === 'recovered') return 'after a yes';
  if (one.incident !== undefined) return 'handed over';
  switch (one.closed?.how) {
    case 'recovered':
      return 'recovered';
    case 'withdrawn':
      return 'left alone';
    case 'unproven':
      return 'no proof';
    case undefined:
      return 'goes on';
  }
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function hasCommands(one: Remediation, { incidents }: Histories): boolean {
  return incidents.some(({ id, commands }) => id === one.incident && commands.length > 0);
}

const changeNames = {
  grant: ['grant', 'grants'],
  restart: ['restart', 'restarts'],
  'new-revision': ['new revision', 'new revisions'],
  start: ['start of a job', 'starts of a job'],
  removal: ['grant taken back', 'grants taken back'],
  alert: ['alert set', 'alerts set'],
} as const;

function changesIn(all: readonly Told[]): string {
  const kinds = all.flatMap(({ azure }) => azure.changes.map(({ kind }) => kind));
  const parts = Object.entries(changeNames).flatMap(([kind, [one, many]]) => {
    const count = kinds.filter((each) => each === kind).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  return parts.length === 0 ? '0' : `${kinds.length} (${parts.join(', ')})`;
}

/** What stands at the left of a line, and the figures. */
export type Figure = readonly [name: string, figures: string];

export function summary(all: readonly Told[]): readonly Figure[] {
  const each = all.flatMap(({ histories }) => histories.remediations.map((one) => ({ one, histories })));
  const ended = (ending: Ending): number => each.filter(({ one }) => endingOf(one) === ending).length;
  const recovered = each.filter(({ one }) => endingOf(one) === 'recovered');
  const took = median(recovered.flatMap(({ one }) => recoveryMs(one) ?? []));
  const handed = each.filter(({ one }) => endingOf(one) === 'handed over');
  const withCommands = handed.filter(({ one, histories }) => hasCommands(one, histories)).length;
  const also = (count: number, words: string): string => (count === 0 ? '' : `; ${count} ${words}`);
  const wrong = all.filter((told) => verdictOf(told) === 'not-as-expected');
  const failed = wrong.reduce((sum, { failures }) => sum + failures.length, 0);
  return [
    [
      'Recovered without a person',
      `${recovered.length} of ${each.length}${took === undefined ? '' : `, median ${duration(took)} after the failure`}`,
    ],
    [
      'Handed over with commands',
      `${withCommands}${also(handed.length - withCommands, 'with advice only')}${also(ended('after a yes'), 'recovered after a yes')}${also(ended('waits for a yes'), 'waiting for a yes')}`,
    ],
    [
      'Left alone on purpose',
      `${ended('left alone')}${also(ended('no proof'), 'ended without proof')}${also(ended('goes on'), 'still waiting')}`,
    ],
    ['Changes made in Azure', changesIn(all)],
    ['Expectations that failed', `${failed}`],
  ];
}
