// What giving an answer needs, and how it can end.

import type { Ports } from '../ports/ports.ts';
import type { Upkeep } from '../ports/upkeep.ts';
import type { Config } from '../settings/config.ts';
import { parseRemediationId } from '../words/target.ts';
import type { SubjectFact } from './subject-facts.ts';
import type { Intent } from './verbs.ts';
import { wholeDeployment } from './verbs.ts';

export interface Answering {
  readonly ports: Ports;
  readonly upkeep: Upkeep;
  readonly config: Config;
}

/** All that a confirmation shows. Names come from Azure and from people, so they are text and nothing else. */
export interface Proposal {
  readonly kind: 'possible';
  /** As a question to the person. */
  readonly title: string;
  /** What it is done to. */
  readonly facts: readonly SubjectFact[];
  /** What happens after a yes, and what does not. */
  readonly does: readonly string[];
  /** Why pullmedic asks although nothing speaks against it, such as its mode. */
  readonly asks?: readonly string[];
  /** What speaks against it, where pullmedic asked because of that. */
  readonly doubts: readonly string[];
  /** Why nothing will happen for now although it is recorded. */
  readonly held?: string;
  /** The words on the button. */
  readonly button: string;
}

/** Why an answer cannot be given now, and what to do. Nothing was changed. */
export interface Impossible {
  readonly kind: 'impossible';
  /** As HTTP counts: not there, not as it was shown, over, or not readable now. */
  readonly status: 404 | 409 | 410 | 503;
  readonly says: string;
}

export function impossible(status: Impossible['status'], says: string): Impossible {
  return { kind: 'impossible', status, says };
}

/** The page on which the subject is shown: the way back from a form. It is below the app's own host, whatever the intent holds. */
export function pageOf({ subject }: Pick<Intent, 'subject'>): string {
  if (subject === wholeDeployment) return '/api/now';
  const remediation = parseRemediationId(subject);
  return remediation === undefined ? '/api/messages' : `/api/history/${remediation.id}`;
}

export const noSuchRemediation = impossible(404, 'There is no remediation of this id.');
export const noSuchMessage = impossible(404, 'There is no message of this id. It may have been handled since.');
export const switchedSince = (by: string): Impossible =>
  impossible(
    409,
    `The kill switch was set by ${by} after it was shown to you. It stays as it is. Look at it again first.`,
  );

/** Why a change that is wanted now would not be made, where the kill switch holds it back. */
export async function heldBack({ ports }: Answering): Promise<{ readonly held?: string }> {
  const killSwitch = await ports.killSwitch();
  if (!killSwitch.read)
    return {
      held: 'The kill switch cannot be read now, and that counts as on. The answer is recorded, and nothing is changed until it reads off.',
    };
  return killSwitch.value
    ? { held: 'The kill switch is on. The answer is recorded, and nothing is changed until it is off.' }
    : {};
}
