// Runbooks for trouble that comes before any pull, or beside it: no replica is made, or the platform speaks of something else.
import { appOf } from '../evidence/evidence.ts';
import type { Finding } from '../history/diagnosis.ts';
import { answer } from './answer.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { appOptions, optionsFor, placeOf } from './runbook.ts';

/** Replicas are wanted and never made: cores, addresses, nodes or the region lack. */
export function noReplicaScheduled(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} gets no replica, so nothing pulls its image`,
    advice:
      'Azure makes no replica for the revision. Look at what the environment and the region have left: cores, nodes of the workload profile, addresses of the subnet. Ask for less, make room, or ask Microsoft for more quota.',
    more: whatThePlatformSays(input),
    commands: [...environmentCommands(input), rows(input)],
    undo: 'These commands only read, so there is nothing to undo.',
  });
}

/** No check explains the failure, and the platform names trouble that is no pull. */
export function somethingElse(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} does not start, and the platform speaks of something else than the pull`,
    advice:
      'No fact that was read stops the pull. Start with what the platform says; its own words are in the history.',
    more: whatThePlatformSays(input),
    commands: [rows(input)],
    undo: 'These commands only read, so there is nothing to undo.',
  });
}

/** Codes of a fixed list, never the text: any program can write a log. */
function whatThePlatformSays({ diagnosis }: RunbookInput): string {
  const said = diagnosis.for.flatMap(({ code, detail }: Finding) =>
    code === 'platform-says' ? [detail['says'] ?? ''] : [],
  );
  return said.length === 0 ? '' : ` The platform says: ${said.join('; ')}.`;
}

function environmentCommands({ evidence }: RunbookInput): Command[] {
  const options = optionsFor(placeOf(appOf(evidence)?.environmentId, 'ENVIRONMENT'));
  return [
    {
      title: 'See how much of its quota the environment uses',
      language: 'az',
      text: `az containerapp env list-usages ${options} --output table`,
    },
    {
      title: 'See the workload profiles, and how many nodes each may have',
      language: 'az',
      text: `az containerapp env workload-profile list ${options} --output table`,
    },
  ];
}

function rows(input: RunbookInput): Command {
  return {
    title: 'Read what the platform says',
    language: 'az',
    text: `az containerapp logs show ${appOptions(input)} --type system --tail 50`,
  };
}
