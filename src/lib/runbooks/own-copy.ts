// A copy of a public image in a registry of one's own: the import, what the workload needs to pull from there, and the deployment of the copy.
import { credentialEntry } from '../diagnosis/credentials.ts';
import { appOf } from '../evidence/evidence.ts';
import { type ImageRef, parseImageRef } from '../words/image-ref.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import { kindOf } from '../workloads/workloads.ts';
import { deploy } from './deploy.ts';
import { appCommand, identityToDeclare, showIdentity } from './entries.ts';
import { assignRole } from './roles.ts';
import type { Command, RunbookInput } from './runbook.ts';
import { appOptions, shellWord, wordOr } from './runbook.ts';

/** How the way back begins where a runbook offers a copy. */
export const undoOfCopy = 'Deploy the previous image again. The copy in your registry can stay.';

/** The import of the image into the user's own registry. None for an image of Azure, or one that is named by its digest. */
export function keepCopy(input: RunbookInput): Command[] {
  const ref = publicImage(input);
  if (ref === undefined) return [];
  const own = ownRegistry(input);
  const signedIn = credentialEntry(input.target, input.evidence)?.username;
  const by = signedIn === undefined ? '' : ` --username ${shellWord(signedIn)} --password "$TOKEN"`;
  const text = `az acr import --name ${own.name} --source ${shellWord(`${ref.registry}/${named(ref)}`)} --image ${shellWord(named(ref))}${by}`;
  const which = own.isKnown ? '' : ' (put its name in place of REGISTRY)';
  return [
    {
      title: `Keep a copy in your own registry${which}`,
      language: 'az',
      text: signedIn === undefined ? text : `read -rs TOKEN\n${text}`,
    },
  ];
}

/**
 * What lets the workload pull the copy, and its deployment: an import alone changes nothing for a workload that still names the old image. Where
 * it has an entry for the registry already, only the deployment is left.
 */
export function pullFromCopy(input: RunbookInput): Command[] {
  const ref = publicImage(input);
  if (ref === undefined) return [];
  const own = ownRegistry(input);
  const copy = `${own.host}/${named(ref)}`;
  if (own.isKnown) return deploy(input, 'Deploy the copy in place of it', copy);
  if (kindOf(input.target.appId).changedBy === 'deployment')
    return [grantOn(own, 'az identity show --ids IDENTITY_ID'), deployWithEntry(input, own, copy)];
  const identity = identityToDeclare(input);
  const declare = `az containerapp registry set --server ${own.host} --identity ${shellWord(identity)}`;
  return [
    grantOn(own, showIdentity(input, identity)),
    appCommand(input, 'Name that identity in a registry entry for your registry', declare),
    ...deploy(input, 'Deploy the copy in place of it', copy),
  ];
}

/** The host and the name of the user's own registry; placeholders where the workload has no entry for exactly one. */
export function ownRegistry({ evidence }: Pick<RunbookInput, 'evidence'>): OwnRegistry {
  const hosts = (appOf(evidence)?.registries ?? []).map(({ server }) => server.toLowerCase()).filter(isAzureRegistry);
  const [host] = hosts;
  const name = hosts.length === 1 ? host?.split(/[.-]/)[0] : undefined;
  return host === undefined || !name
    ? { name: 'REGISTRY', host: 'REGISTRY.azurecr.io', isKnown: false }
    : { name: wordOr(name, 'REGISTRY'), host, isKnown: true };
}

interface OwnRegistry {
  /** A word of a command. */
  readonly name: string;
  readonly host: string;
  readonly isKnown: boolean;
}

function publicImage({ target }: RunbookInput): ImageRef | undefined {
  const ref = parseImageRef(target.image);
  return ref === undefined || isAzureRegistry(ref.registry) || ref.digest !== undefined ? undefined : ref;
}

function named({ repository, tag }: ImageRef): string {
  return `${repository}:${tag ?? 'latest'}`;
}

/** `principal`: the command that prints the identity. */
function grantOn(own: OwnRegistry, principal: string): Command {
  const grant = assignRole('"$PRINCIPAL"', 'AcrPull', '"$SCOPE"');
  return {
    title:
      'Give an identity of it the pull role on your registry (Container Registry Repository Reader where that registry uses repository permissions)',
    language: 'az',
    text: `PRINCIPAL=$(${principal} --query principalId --output tsv)\nSCOPE=$(az acr show --name ${own.name} --query id --output tsv)\n${grant}`,
  };
}

/** A workload that is changed by a deployment takes its entry, its identity and its image in one. Its kind spells the command (container-group.ts). */
function deployWithEntry(input: RunbookInput, own: OwnRegistry, copy: string): Command {
  const entry = `--registry-login-server ${own.host} --assign-identity IDENTITY_ID --acr-identity IDENTITY_ID`;
  return {
    title: 'Deploy it with the copy and that identity',
    language: 'az',
    text: `az containerapp update ${appOptions(input)} --image ${shellWord(copy)} ${entry}`,
  };
}
