// Runbooks for refusals that pass: the platform may still use a token that it was given before something was put right.
import { activeRevisions } from '../evidence/evidence.ts';
import { answer, inRegistry } from './answer.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { appOptions, wordOr } from './runbook.ts';

/** Everything that was checked is right. A restart or a new revision makes the platform sign in again. */
export function platformTokenStale(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} is refused although its role, its network and its image are right`,
    advice:
      'Nothing that was checked explains the refusal, so the platform may still use an old token. Restart the revision; if that does not help, make a new one. If that does not help either, open a support request with the evidence.',
    commands: signInAgain(input),
    undo: 'A restart needs no undo. The revision before the new one can be activated again.',
  });
}

/** The registry moved to repository permissions a few hours ago, and the roles are right. */
export function credentialsFromBeforeAbac(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} is refused by ${input.target.registry}, which moved to repository permissions lately`,
    advice:
      'The roles are right. A registry that moves to repository permissions rejects the tokens that it gave out before, until each client has a new one: minutes to several hours. Nothing more has to be granted.',
    commands: [
      ...inRegistry(input, {
        title: 'See the role mode of the registry',
        command: 'az acr show',
        more: ' --query roleAssignmentMode --output tsv',
      }),
      ...signInAgain(input),
    ],
    undo: 'A restart needs no undo. The revision before the new one can be activated again.',
  });
}

function signInAgain(input: RunbookInput): Command[] {
  const revision = wordOr(activeRevisions(input.target, input.evidence)[0]?.name, 'REVISION');
  const fresh = `az containerapp update ${appOptions(input)} --revision-suffix again`;
  return [
    {
      title: 'Restart the revision, so that the platform signs in again',
      language: 'az',
      text: `az containerapp revision restart ${appOptions(input)} --revision ${revision}`,
    },
    { title: 'If that does not help: make a new revision of the same image', language: 'az', text: fresh },
  ];
}
