// Runbooks for a registry that cannot be found, or that throttles or fails.
import { credentialEntry } from '../diagnosis/credentials.ts';
import { nearRegistry, registryByRole } from '../diagnosis/elsewhere.ts';
import { speaksOfMirror } from '../diagnosis/platform-text.ts';
import { claimOfRow } from '../diagnosis/read-row.ts';
import { logSays, rowsOfTarget } from '../diagnosis/text-claims.ts';
import { appOf, environmentOf, isWriteRejected, outboundSubnet, registryOf } from '../evidence/evidence.ts';
import { nameOf } from '../words/arm-id.ts';
import { isDockerHub } from '../words/docker-hub.ts';
import { valueOf } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { isAzureRegistry, isSameRegistry, microsoftRegistry } from '../words/registry-host.ts';
import { kindOf } from '../workloads/workloads.ts';
import { asAlternative } from './alternatives.ts';
import { answer, inRegistry, nextTry } from './answer.ts';
import { newPassword } from './credentials.ts';
import { deploy } from './deploy.ts';
import { keepCopy, ownRegistry, pullFromCopy, undoOfCopy } from './own-copy.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { appOptions, serverOf, shellWord } from './runbook.ts';

/** The name does not resolve, or leads to a registry that pullmedic does not see. */
export function nameWrong(input: RunbookInput): RunbookText {
  const known = registryByRole(input.target, input.evidence);
  if (known !== undefined) return unresolved(input, nameOf(known));
  return answer(input, {
    title: `${input.target.appName} names a registry that does not resolve or that cannot be seen from here`,
    advice: 'Check the host in the image name and in the registry entry.',
    more: `${nearName(input)}${ofAnotherTenant(input)}`,
    commands: [
      {
        title: 'List the registries that you can see',
        language: 'az',
        text: 'az acr list --query "[].loginServer" --output tsv',
      },
      ...deploy(input, 'Deploy with the right name', meantImage(input) ?? atOnlyEntry(input) ?? 'IMAGE'),
    ],
  });
}

/** A role on it shows that the registry exists and is spelt right: then its name does not resolve in this network, or it cannot be read from here. */
function unresolved(input: RunbookInput, name: string): RunbookText {
  const { appName, registry } = input.target;
  return {
    ...answer(input, {
      title: `${registry} exists, and ${appName} or pullmedic cannot see it`,
      advice: `The identity holds a pull role on the registry ${name}, so the name is right. pullmedic may not read that registry. If its name does not resolve, the private DNS zone that the VNet is linked to probably lacks its record: compare the zone with the private endpoint of the registry. Let pullmedic read its subscription to have that checked.`,
      commands: [
        {
          title: 'List the private DNS zones of registries that you can see, and look for its record there',
          language: 'az',
          text: `az network private-dns zone list --query "[?starts_with(name, 'privatelink.azurecr')].id" --output tsv`,
        },
      ],
    }),
    owner: 'network team',
  };
}

/** The registry limits how often it is asked. */
export function rateLimited(input: RunbookInput): RunbookText {
  const username = credentialEntry(input.target, input.evidence)?.username;
  if (tooManyFailedSignIns(input)) return lockedOut(input, username);
  if (isAzureRegistry(input.target.registry)) return tierExhausted(input);
  const limited = isDockerHub(input.target.registry)
    ? 'the limit of that account is used up. Take a plan with a higher limit or an account of its own for the app, or keep a copy of the image in your own registry.'
    : 'the limit of that account, or of the address that it comes from, is used up. Where it does not pass by itself, keep a copy of the image in your own registry.';
  const advice =
    username === undefined
      ? 'Sign in to the registry, or keep a copy of the image in your own.'
      : `The app signs in as ${username}, and ${limited}`;
  const signsIn = isDockerHub(input.target.registry) && username === undefined;
  return answer(input, {
    title: `${input.target.appName} is throttled by its registry`,
    advice,
    more: ` ${nextTry(input)}${saysMirror(input)}${username === undefined ? countsTogether(input) : ''}`,
    commands: [
      ...(username === undefined ? signIn(input) : []),
      ...keepCopy(input).map((one): Command => (signsIn ? { ...one, title: asAlternative(one.title) } : one)),
      ...keepCache(input),
      ...pullFromCopy(input),
    ],
    undo: `${signsIn ? 'Remove the registry entry of the app again. ' : ''}${undoOfCopy}`,
  });
}

/**
 * A registry of Azure limits what its tier allows in a minute, whoever asks. Where the 429 is that of another registry, behind an artifact cache,
 * artifact-cache-failed says so. Source: Microsoft, "Azure Container Registry service tiers", on throttling.
 */
function tierExhausted(input: RunbookInput): RunbookText {
  const { appName, registry } = input.target;
  const sku = registryOf(input.evidence)?.sku;
  const next = { basic: 'Standard', standard: 'Premium' }[sku?.toLowerCase() ?? ''];
  const tier = sku === undefined ? 'its tier' : `its tier ${sku}`;
  const raise = next === undefined ? [] : inRegistry(input, raiseTo(next));
  return {
    ...answer(input, {
      title: `${registry} throttles ${appName}: too many requests in a minute`,
      advice: `An Azure registry limits how many requests ${tier} allows in a minute, for all who use it together. Start fewer replicas and jobs at once${next === undefined ? ', or ask Microsoft for more' : `, or take the tier ${next}, which allows more`}. No role, no sign-in and no copy helps. ${nextTry(input)}`,
      commands: [
        ...inRegistry(input, {
          title: 'See which tier it has',
          command: 'az acr show',
          more: ' --query sku.name --output tsv',
        }),
        ...raise,
      ],
      ...(sku === undefined || next === undefined ? {} : { undo: `Take the tier ${sku} again.` }),
    }),
    owner: 'registry owner',
  };
}

function raiseTo(tier: string): Parameters<typeof inRegistry>[1] {
  return {
    title: `If it happens often: take the tier ${tier}, which costs more`,
    command: 'az acr update',
    more: ` --sku ${tier}`,
  };
}

/** Docker Hub answers 429 to a sign-in after too many with a wrong password, by user name and by address. That counts no pulls. */
function tooManyFailedSignIns({ target, evidence }: RunbookInput): boolean {
  return /too many failed (?:log|sign)[- ]?ins? attempts/i.test(rowsOfTarget(target, evidence).at(-1)?.text ?? '');
}

/** A further try with the same password only keeps the lock. */
function lockedOut(input: RunbookInput, username: string | undefined): RunbookText {
  const { target } = input;
  const wrong =
    username === undefined
      ? 'The app signs in with no name, so that another program behind the same address has a wrong password. Wait until the lock ends, and find that program'
      : `The user name ${username} or its password is wrong: each further try keeps the lock. Correct the password first, then wait until the lock ends`;
  return answer(input, {
    title: `${target.registry} lets ${target.appName} not sign in for now: too many sign-ins failed`,
    advice: `The registry counted sign-ins with a wrong password, and no pulls: no limit of an account is used up. ${wrong}. ${nextTry(input)}`,
    commands: username === undefined ? [] : newPassword(input),
    undo: 'Set the previous secret again.',
  });
}

/** The registry answers with errors, or not at all. */
export function registryUnavailable(input: RunbookInput): RunbookText {
  const isSilent = input.diagnosis.for.some(({ code, detail }) => code === 'log-says' && detail['label'] === 'network');
  const what = isSilent ? 'does not answer' : 'answers with errors';
  const host = serverOf(input) ?? registryInTexts(input);
  const ofHub = isOfRefusedHub(input, host);
  const status =
    host === undefined || isAzureRegistry(host) || host === microsoftRegistry
      ? ' and https://azure.status.microsoft'
      : ', and its status page';
  const text = answer(input, {
    title: `${input.target.appName} cannot pull because ${host ?? 'the registry of its image'} ${what}`,
    advice: `Check the health of the registry${status}. ${nextTry(input)}${isSilent ? ' The environment has no network of yours that could stand in the way.' : ''}${ofHub ? refusedByHub : ''}`,
    commands: [
      ...inRegistry(input, { title: 'Ask the registry how it is', command: 'az acr check-health', more: ' --yes' }),
      ...(ofHub ? [...signIn(input, host), ...keepCopy(input)] : []),
    ],
    ...(ofHub ? { undo: 'Deploy the group as it was before again.' } : {}),
  });
  // Docker Hub will not lift its limit for anybody: who deploys the group signs in, or keeps a copy.
  return ofHub ? { ...text, owner: 'app team' } : text;
}

/** The registry that the latest text names, where the image is not known: an error of Container Instances may name the registry alone. */
function registryInTexts({ target, evidence }: RunbookInput): string | undefined {
  return rowsOfTarget(target, evidence)
    .map(claimOfRow)
    .findLast(({ registry }) => registry !== undefined)?.registry;
}

/** Azure refused the write of a container group because Docker Hub answered with an error. */
function isOfRefusedHub(input: RunbookInput, host: string | undefined): boolean {
  const { pullsFrom } = kindOf(input.target.appId);
  return (
    host !== undefined && isDockerHub(host) && pullsFrom === 'platform' && isWriteRejected(input.target, input.evidence)
  );
}

/** Source: Microsoft’s page of the code RegistryErrorResponse, which names the limit of Docker Hub. */
const refusedByHub =
  ' Azure tells only that Docker Hub answered with an error: most often that is its limit for pulls without an account, which all groups that leave Azure by the same address use up together. Sign in with an account of your own, or keep a copy of the image in your own registry; pullmedic does not know which of them the group had.';

/** The registry of a near name on which the identity may pull already. */
function nearName({ target, evidence }: RunbookInput): string {
  const near = nearRegistry(target, evidence);
  if (near === undefined) return '';
  return ` The identity already holds the pull role on the registry ${nameOf(near)}, whose name is near: perhaps that one is meant.`;
}

/** The image on that registry. A registry with a domain name label has another host: the person checks the name. */
function meantImage({ target, evidence }: RunbookInput): string | undefined {
  const near = nearRegistry(target, evidence);
  if (near === undefined) return undefined;
  const [, ...domain] = target.registry.split('.');
  return `${nameOf(near)}.${domain.join('.')}${target.image.slice(target.registry.length)}`;
}

/** The same image at the registry of the app's only entry, where that is another one: the person checks the name. */
function atOnlyEntry({ target, evidence }: RunbookInput): string | undefined {
  const [only, ...others] = appOf(evidence)?.registries ?? [];
  const named = target.image.toLowerCase().startsWith(`${target.registry}/`);
  if (only === undefined || others.length > 0 || !named || isSameRegistry(only.server.toLowerCase(), target.registry))
    return undefined;
  return `${only.server}${target.image.slice(target.registry.length)}`;
}

/** A registry that exists resolves for everyone on the public network; one of another tenant does so as well. */
function ofAnotherTenant({ target, evidence }: RunbookInput): string {
  if (valueOf(evidence.registry) !== 'not-found') return '';
  const publicly = environmentOf(evidence) !== undefined && outboundSubnet(evidence) === undefined;
  const noSuchHost = logSays(target, evidence, /no such host/i);
  if (publicly && noSuchHost)
    return ' No subscription that pullmedic reads has this registry, and public DNS has no such host: it was deleted, or the name is wrong.';
  return ' No subscription that pullmedic reads has this registry. If it is another tenant’s, no managed identity of this one can pull from it: use a token of that registry with a user name and secret, or copy the image into a registry of your own. If it is yours, let pullmedic read its subscription.';
}

function countsTogether({ target }: RunbookInput): string {
  if (!isDockerHub(target.registry)) return '';
  return ' Docker Hub counts together all anonymous pulls that leave Azure by the same address. Sign in with an account of your own, or import the image into an Azure registry once and pull it from there.';
}

/** The mirror of the node is Microsoft's, and what it passes on is not. */
function saysMirror({ target, evidence }: RunbookInput): string {
  if (!speaksOfMirror(target, rowsOfTarget(target, evidence))) return '';
  return ' The text names the mirror of the node (localhost:8578), which fetches the image and passes on what its registry answers.';
}

/** Docker Hub allows more pulls to a caller that signs in. */
function signIn(input: RunbookInput, registry = input.target.registry): Command[] {
  if (!isDockerHub(registry)) return [];
  const set = `az containerapp registry set ${appOptions(input)} --server docker.io --username ACCOUNT --password "$TOKEN"`;
  return [
    {
      title: 'Sign in: put your account in place of ACCOUNT (the password is an access token of it)',
      language: 'az',
      text: `read -rs TOKEN\n${set}`,
    },
  ];
}

/** An artifact cache fetches further images by itself. Docker Hub needs an account there too (Microsoft, "Artifact cache"). */
function keepCache(input: RunbookInput): Command[] {
  const ref = parseImageRef(input.target.image);
  if (ref === undefined || !isDockerHub(ref.registry)) return [];
  const text = `az acr cache create --registry ${ownRegistry(input).name} --name docker-hub --source-repo ${shellWord(`docker.io/${ref.repository}`)} --target-repo ${shellWord(ref.repository)} --cred-set CREDENTIAL_SET`;
  return [
    {
      title:
        'Or let your own registry fetch it and keep it: make a credential set for Docker Hub first, and name it in place of CREDENTIAL_SET',
      language: 'az',
      text,
    },
  ];
}
