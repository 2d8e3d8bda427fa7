// Runbooks for an image that a policy refuses: a rule about signatures and scans, or one of Azure Policy about the write of the app.
import { logSays } from '../diagnosis/text-claims.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import { answer, inRegistry } from './answer.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { shellWord, wordOr } from './runbook.ts';

/** A policy, or a check of signatures, stands between the image and the app. */
export function refusedByPolicy(input: RunbookInput): RunbookText {
  return input.diagnosis.detail['refusedWrite'] === undefined ? refusedImage(input) : refusedWrite(input);
}

function refusedImage(input: RunbookInput): RunbookText {
  if (isDisallowed(input)) return lockedImage(input);
  return answer(input, {
    title: `A policy refuses the image of ${input.target.appName}`,
    advice:
      'The image is there, and a rule about it is not met: a scan found something, a signature is missing, or a policy does not allow this registry. Sign or repair the image, or ask the owner of the policy for an exemption. There is no command for this that fits every policy; the log names the rule.',
    commands: inRegistry(input, {
      title: 'See what is attached to the image, such as signatures and scan results',
      command: 'az acr manifest list-referrers',
      more: ` --name ${wordOr(input.target.image.slice(input.target.registry.length + 1), 'REPOSITORY:TAG')}`,
      option: '--registry',
    }),
  });
}

/** The words of an Azure registry (Microsoft, "Frequently asked questions about Azure Container Registry", on disallowed operations). */
function isDisallowed({ target, evidence }: RunbookInput): boolean {
  const words = /operation is disallowed on this registry, repository or image/i;
  return isAzureRegistry(target.registry) && logSays(target, evidence, words);
}

/** An owner can lock an image or its repository against reading (Microsoft, "Lock a container image in an Azure container registry"). */
function lockedImage(input: RunbookInput): RunbookText {
  const { image, registry } = input.target;
  const name = `--image ${wordOr(image.slice(registry.length + 1), 'REPOSITORY:TAG')}`;
  return answer(input, {
    title: `${registry} does not let anybody read the image of ${input.target.appName}`,
    advice:
      'The registry disallows the operation: the image or its repository is locked, or the image waits in quarantine for a scan. No role helps. Ask who locked it before you take the lock away.',
    commands: [
      ...inRegistry(input, {
        title: 'See whether the image may be read: readEnabled, and the state of its quarantine',
        command: 'az acr repository show',
        more: ` ${name} --query changeableAttributes`,
      }),
      ...inRegistry(input, {
        title: 'If it is locked, and its owner agrees: let it be read',
        command: 'az acr repository update',
        more: ` ${name} --read-enabled true`,
      }),
    ],
    undo: 'Lock it again with --read-enabled false.',
  });
}

/** Azure Policy refuses the write before anything is pulled. The assignment says which images it allows, and its owner may except the app. */
function refusedWrite(input: RunbookInput): RunbookText {
  const { policy, policyScope } = input.diagnosis.detail;
  const named = policy === undefined ? '' : ` (assignment ${policy})`;
  return {
    ...answer(input, {
      title: `Azure Policy refuses the image of ${input.target.appName}`,
      advice: `Azure Policy refused the deployment${named} before anything was pulled: it does not allow ${input.target.image}. Copy the image to a registry that the policy allows and deploy it from there, or ask the owner of the policy for an exemption. No role and no network rule helps. Azure does not repeat a rejected write: run your deployment again.`,
      commands: policy && policyScope ? [showAssignment(policy, policyScope)] : [listAssignments(input)],
    }),
    owner: 'app team',
  };
}

function showAssignment(name: string, scope: string): Command {
  return {
    title: 'See what the policy allows',
    language: 'az',
    text: `az policy assignment show --name ${shellWord(name)} --scope ${shellWord(scope)} --query "{name:displayName, allows:parameters, definition:policyDefinitionId}"`,
  };
}

/** Those of the scopes above the app are in the list, too (`--disable-scope-strict-match`). */
function listAssignments({ target }: RunbookInput): Command {
  return {
    title: 'List the policies that apply to the app',
    language: 'az',
    text: `az policy assignment list --scope ${shellWord(target.appId)} --disable-scope-strict-match --query "[].{name:name, says:displayName, scope:scope}" --output table`,
  };
}
