// What sending a message again, or dismissing it, would do.

import { readLetter } from '../intake/dead-letter.ts';
import type { DeadLetter } from '../ports/upkeep.ts';
import { sayInstant } from '../words/say-instant.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import { type Answering, type Impossible, impossible, noSuchMessage, type Proposal } from './answering.ts';
import type { Intent } from './verbs.ts';

export async function proposeForMessage(
  { upkeep }: Pick<Answering, 'upkeep'>,
  { verb, subject, shown }: Intent,
): Promise<Proposal | Impossible> {
  const letter = await readLetter(upkeep, subject);
  if (letter === undefined) return noSuchMessage;
  if (versionOfLetter(letter) !== shown) return movedOn(letter);
  if (verb === 'replay' && letter.kind === 'unreadable') return cannotBeSent;
  const common = {
    kind: 'possible',
    facts: [
      { name: 'Message', value: letter.id },
      { name: 'Kind', value: letter.kind },
      {
        name: 'Last failed',
        value: `${sayInstant(letter.lastAtMs)}${letter.lastError === undefined ? '' : ` (${letter.lastError})`}`,
      },
      { name: 'Content', value: withoutUserinfo(letter.message).slice(0, mostShown) },
    ],
    doubts: [],
  } as const;
  return verb === 'replay'
    ? {
        ...common,
        title: 'Send this message again?',
        does: [
          'pullmedic handles the message once more, now. Sending again is safe: a signal joins a remediation once, and a step is a look.',
          'If it fails again, it comes back to this list.',
        ],
        button: 'Send it again',
      }
    : {
        ...common,
        title: 'Dismiss this message?',
        does: [
          'pullmedic does not send the message again. It keeps the message for another week, and health no longer counts it.',
        ],
        button: 'Dismiss it',
      };
}

/** How much of a message a confirmation shows, in characters. */
const mostShown = 400;

export const cannotBeSent = impossible(
  409,
  'This message cannot be read, so it cannot be sent again. Look at it, then dismiss it.',
);

function movedOn({ state, by }: DeadLetter): Impossible {
  switch (state) {
    case 'replayed':
      return impossible(
        409,
        `This message was sent again by ${by ?? 'a person'}. Nothing is left to do unless it comes back.`,
      );
    case 'dismissed':
      return impossible(409, `This message was dismissed by ${by ?? 'a person'}.`);
    case 'retrying':
      return impossible(409, 'pullmedic itself is sending this message again. It comes back here if that fails.');
    case 'dead':
      return impossible(409, 'This message failed again after it was shown to you. Look at it first.');
  }
}

/** Another one after each thing that happened to the message. */
export function versionOfLetter({ state, tries, lastAtMs }: DeadLetter): string {
  return `${state}.${tries}.${lastAtMs}`;
}
