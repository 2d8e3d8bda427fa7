// Says what can be undone: the commands of a runbook, and the restarts and new revisions that pullmedic made.

import type { ActionName } from '../history/entries.ts';
import { shellWord } from '../runbooks/runbook.ts';
import type { RemediationView } from './views.ts';

/** Incidents of older versions store this text, also for runbooks with a command that deploys. */
const storedBefore = 'Nothing was changed.';

/** The undo of a runbook's commands, as the incident stores it. */
export function sayRunbookUndo(stored: string): string {
  return stored === storedBefore
    ? 'If you deployed another image, deploy the previous one again. Commands that only read need no undo.'
    : stored;
}

/** A sentence for each kind of restart that pullmedic made or may have made; none for grants, which a person can take back. */
export function sayRestartsMade({ actions }: Pick<RemediationView, 'actions'>): readonly string[] {
  return (['restart', 'new-revision', 'start'] as const).flatMap((action) => {
    const outcomes = actions.filter((one) => one.action === action).map(({ outcome }) => outcome);
    if (outcomes.includes('done')) return [`pullmedic ${madeWords[action].done} ${madeWords[action].undo}`];
    if (outcomes.includes('unknown')) return [`pullmedic ${madeWords[action].unknown} ${madeWords[action].undo}`];
    return [];
  });
}

const madeWords: Readonly<Record<Exclude<ActionName, 'grant'>, Readonly<Record<'done' | 'unknown' | 'undo', string>>>> =
  {
    restart: {
      done: 'restarted a revision.',
      unknown: 'asked Azure to restart a revision, and the outcome is not known yet.',
      undo: 'A restart cannot be undone, and needs no undo.',
    },
    'new-revision': {
      done: 'had a new revision made, with the same template.',
      unknown: 'asked Azure for a new revision with the same template, and the outcome is not known yet.',
      undo: 'A new revision with the same template needs no undo.',
    },
    start: {
      done: 'started the job again.',
      unknown: 'asked Azure to start the job again, and the outcome is not known yet.',
      undo: 'What the execution did cannot be undone here; one that still goes on can be stopped.',
    },
  };

/** The command with which a person takes a grant back by hand. `assignment`: the id of the role assignment. */
export function undoByHand(assignment: string): string {
  return `az role assignment delete --ids ${shellWord(assignment)}`;
}
