// Says what a question to a person is about, and why it is asked.

import type { Cause } from '../causes/causes.ts';
import { storedCause } from '../causes/causes.ts';
import type { Asked } from '../history/asked.ts';
import { shortName } from '../history/finding-words.ts';
import type { Grant } from '../history/grant.ts';
import { sayRefusal } from '../history/refusal-words.ts';
import type { Refusal } from '../history/refusals.ts';
import { roleName } from '../runbooks/roles.ts';
import type { ArmId } from '../words/arm-id.ts';
import { sayInstant } from '../words/say-instant.ts';
import { sayFor } from '../workloads/sentences.ts';
import type { NotedQuestion } from './incident.ts';

export function sayGrant({ roleId, principalId, registryId, repository }: Grant): string {
  const limit = repository === undefined ? '' : ` for the repository ${repository}`;
  return `${roleName(roleId)} to ${principalId} on the registry ${shortName(registryId)}${limit}`;
}

/** What a question is about, after "Asks for approval to". */
export function sayAsked(about: Asked): string {
  if ('grant' in about) return `grant ${sayGrant(about.grant)}`;
  if ('newRevision' in about) return 'ask for a new revision of the same template';
  const times =
    about.upTo === undefined || about.upTo === 1
      ? ''
      : `, up to ${about.upTo} times within 15 minutes of a yes, while nothing of it serves`;
  return `restart ${about.restart}${times}`;
}

/** The cause that a question names. A question about a suspicion is only asked with that doubt, so its doubts say how sure the cause was. */
export function sayAskedCause(cause: Cause, doubts: readonly Refusal[], of?: ArmId): string {
  const isSuspected = doubts.some(({ guard, why }) => guard === 'cause-not-proved' && why === 'suspected');
  return `${sayFor(of, storedCause(cause)?.sentence ?? cause)}${isSuspected ? ' (suspected)' : ''}`;
}

/**
 * The question in sentences: what pullmedic would do, for which app, why, what speaks against it, and until when an answer counts. A
 * question of an older version says only for which app.
 */
export function sayQuestion(question: NotedQuestion, appName: string): string {
  const { about, cause, doubts = [], expiresAtMs } = question;
  const what =
    about === undefined
      ? `pullmedic asks about ${appName}`
      : `pullmedic asks whether it may ${sayAsked(about)}, for ${appName}`;
  const why = cause === undefined ? '' : ` Why: ${sayAskedCause(cause, doubts)}.`;
  const against = doubts.length === 0 ? '' : ` It asks because ${doubts.map((doubt) => sayRefusal(doubt)).join('; ')}.`;
  return `${what}.${why}${against} An answer counts until ${sayInstant(expiresAtMs)}.`;
}

/** How a question ended. */
export function sayQuestionEnd({ says, answer, by }: NotedQuestion, appName: string): string {
  if (says !== 'answered')
    return `The question about ${appName} expired without an answer. Nothing was changed for it.`;
  return `The question about ${appName} was answered: ${answer ?? 'answered'}${by === undefined ? '' : ` by ${by}`}.`;
}
