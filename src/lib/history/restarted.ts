// What a change, or an attempt of a history, restarts.

import type { Change } from './decision.ts';
import type { RestartAction, RestartedRevision } from './restarts.ts';
import type { Attempt } from './state.ts';

export type RestartChange = Extract<Change, { readonly do: RestartAction }>;

/** What a change restarts. */
export function restartedBy(change: RestartChange): RestartedRevision {
  return change.do === 'restart' ? change.revision : (change.instead ?? templateName(change.template));
}

/** Whether an attempt of a history restarted this revision, or made it. */
export function didRestart({ action, revision, instead, template }: Attempt, subject: RestartedRevision): boolean {
  switch (action) {
    case 'restart':
      return revision === subject;
    case 'new-revision':
      return revision === subject || (instead ?? templateName(template ?? '')) === subject;
    case 'grant':
    case 'start':
      return false;
  }
}

/** The name under which a template counts that has no revision. No revision has a colon in its name. */
export function templateName(template: string): RestartedRevision {
  return `template:${template}`;
}
