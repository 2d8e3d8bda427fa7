// What a form would do, to what, and why it may come to nothing: read anew when its confirmation is shown.

import type { Answering, Impossible, Proposal } from './answering.ts';
import { proposeForgetting, proposeUndo } from './grant-proposals.ts';
import { proposeForMessage } from './message-proposals.ts';
import { proposeAnswer, proposeAsking, proposeLook } from './question-proposals.ts';
import { proposeSwitch } from './switch-proposals.ts';
import type { Intent } from './verbs.ts';

/** Reads what the intent would do now. Throws when the store cannot be reached. */
export async function propose(answering: Answering, intent: Intent): Promise<Proposal | Impossible> {
  switch (intent.verb) {
    case 'approve':
    case 'reject':
      return proposeAnswer(answering, intent);
    case 'ask':
      return proposeAsking(answering, intent);
    case 'look':
      return proposeLook(answering, intent);
    case 'undo':
    case 'undo-anyway':
      return proposeUndo(answering, intent);
    case 'forget':
      return proposeForgetting(answering, intent);
    case 'replay':
    case 'dismiss':
      return proposeForMessage(answering, intent);
    case 'switch-on':
    case 'switch-off':
      return proposeSwitch(answering, intent);
  }
}
