// The runbook for an image that does not fit: on the disk of its node, or under the limit of its platform.
import { appOf, environmentOf } from '../evidence/evidence.ts';
import { kindOf } from '../workloads/workloads.ts';
import { answer } from './answer.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { appOptions, optionsFor, placeOf } from './runbook.ts';

/**
 * The image does not fit. The text tells a limit ("is too large", "exceeds the maximum") from a disk that ran full while the image was unpacked:
 * only the second can also come from what else is on the disk.
 */
export function noSpace(input: RunbookInput): RunbookText {
  const { appName, appId } = input.target;
  const hasProfiles = kindOf(appId).runsIn === 'environment';
  const isTooLarge = saysTooLarge(input);
  return answer(input, {
    title: isTooLarge
      ? `${appName} asks for an image that is larger than its platform allows`
      : `${appName} asks for an image that does not fit on the disk`,
    advice: `${isTooLarge ? 'The platform names a limit for the size of the image, so another try cannot help. ' : ''}Make the image smaller${!hasProfiles ? '.' : ', or move it to a dedicated workload profile: the Consumption profile allows images of 8 GB in all for each replica, and a dedicated one as much as its disk has left. An environment without workload profiles gets none later: move to a new environment then.'}`,
    commands: hasProfiles ? moveToLargerProfile(input) : [],
    undo: hasProfiles
      ? `az containerapp update ${appOptions(input)} --workload-profile-name Consumption`
      : 'There is nothing to undo.',
  });
}

/** The rules of the classifier for a limit; a full disk has rules of its own (src/lib/classify/rules-of-images.ts). */
const rulesOfLimits: ReadonlySet<string> = new Set(['image-too-large', 'named-image-too-large']);

function saysTooLarge({ diagnosis }: RunbookInput): boolean {
  return diagnosis.for.some(({ code, detail }) => code === 'log-says' && rulesOfLimits.has(detail['rule'] ?? ''));
}

/** Source: Microsoft, "Containers in Azure Container Apps" (size limit of images), and the reference of `az containerapp env workload-profile`. */
function moveToLargerProfile(input: RunbookInput): Command[] {
  const id = environmentOf(input.evidence)?.id ?? appOf(input.evidence)?.environmentId;
  const environment = optionsFor(placeOf(id, 'ENVIRONMENT'));
  return [
    {
      title: 'See the workload profiles of the environment',
      language: 'az',
      text: `az containerapp env workload-profile list ${environment} --output table`,
    },
    {
      title: 'If it has no dedicated one: add one, which costs money for each node that runs',
      language: 'az',
      text: `az containerapp env workload-profile add ${environment} --workload-profile-name large-images --workload-profile-type D4 --min-nodes 0 --max-nodes 1`,
    },
    {
      title: 'Move to that profile (put the name of one that is there already in place of large-images)',
      language: 'az',
      text: `az containerapp update ${appOptions(input)} --workload-profile-name large-images`,
    },
  ];
}
