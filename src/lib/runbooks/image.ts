// Runbooks for the image itself, the registry's health, and what nothing explains.

import type { Cause } from '../causes/causes.ts';
import { environmentOf } from '../evidence/evidence.ts';
import type { Diagnosis, Finding } from '../history/diagnosis.ts';
import { sayFinding } from '../history/finding-words.ts';
import { valueOf } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import type { Command, Owner, Runbook, RunbookInput } from './runbook.ts';
import { appOptions, optionsFor, placeOf, registryOptions, shellWord, verifyPull, wordOr } from './runbook.ts';

type ImageCause = Extract<
  Cause,
  | 'tag-missing'
  | 'repository-missing'
  | 'digest-missing'
  | 'platform-fault'
  | 'write-rejected'
  | 'name-wrong'
  | 'rate-limited'
  | 'registry-unavailable'
  | 'tls-untrusted'
  | 'platform-mismatch'
  | 'reference-invalid'
  | 'image-invalid'
  | 'no-space'
  | 'unexplained'
>;

/** Title (after the app's name), owner and advice by cause. */
const answers: Readonly<Record<ImageCause, readonly [string, Owner, string]>> = {
  'tag-missing': [
    'asks for an image that the registry does not have',
    'app team',
    'Push the tag again, or deploy one that exists. When it is pushed, the platform pulls it on its next try.',
  ],
  'repository-missing': [
    'asks for a repository that the registry does not have',
    'app team',
    'Check the spelling, or push the image. When it is there, the platform pulls it on its next try.',
  ],
  'digest-missing': [
    'asks for an image by a digest that the registry does not have',
    'app team',
    'The image was deleted, by hand or by a retention policy, or never pushed here. Push it again or deploy another digest.',
  ],
  'platform-fault': [
    'waits for an image of the platform itself',
    'Microsoft',
    'The image that cannot be pulled is not yours. There is no command for this: open a support request with the evidence below; a new revision or another region may help meanwhile.',
  ],
  'write-rejected': [
    'was not deployed: Azure rejected the write',
    'app team',
    'What stopped the pull is put right. Azure does not try a rejected write again: run your deployment again.',
  ],
  'name-wrong': [
    'names a registry that does not resolve or that cannot be seen from here',
    'app team',
    'Check the host in the image name and in the registry entry.',
  ],
  'rate-limited': [
    'is throttled by its registry',
    'app team',
    'Sign in to the registry, or keep a copy of the image in your own.',
  ],
  'registry-unavailable': [
    'cannot pull because the registry answers with errors',
    'registry owner',
    'Check the health of the registry; the platform tries again by itself.',
  ],
  'tls-untrusted': [
    'does not trust the certificate of its registry',
    'registry owner',
    'Use a certificate from a public authority, or a registry that has one. There is no command for this: Container Apps has no way to trust a certificate of your own for pulls.',
  ],
  'platform-mismatch': [
    'asks for an image without a linux/amd64 variant',
    'app team',
    'Build the image for linux/amd64.',
  ],
  'reference-invalid': ['has an image name that cannot be read', 'app team', 'Correct the image in the template.'],
  'image-invalid': ['asks for an image that cannot be unpacked', 'app team', 'Build and push the image again.'],
  'no-space': [
    'asks for an image that does not fit on the disk',
    'app team',
    'Make the image smaller, or choose a larger workload profile.',
  ],
  unexplained: [
    'cannot pull its image, and no check explains why',
    'app team',
    'Nothing that was checked explains it. Start with what could not be read or told; the history has every look.',
  ],
};

/** The image without its tag or digest, as the template writes it. */
function bareImage(image: string): string {
  return image.replace(/@[^@]*$/, '').replace(/:[^:/]*$/, '');
}

function deploy(input: RunbookInput, title: string, image: string): Command {
  return {
    title,
    language: 'az',
    text: `az containerapp update ${appOptions(input)} --image ${wordOr(image, 'IMAGE')}`,
  };
}

function inRegistry(input: RunbookInput, title: string, command: string, more = '', option?: string): Command[] {
  if (!isAzureRegistry(input.target.registry)) return [];
  return [{ title, language: 'az', text: `${command} ${registryOptions(input, option)}${more}` }];
}

function forMissingTag(input: RunbookInput, repository: string): Command[] {
  const tag = input.diagnosis.detail['tags']?.split(', ')[0] || 'TAG';
  const more = ` --repository ${repository} --orderby time_desc --top 10 --output table`;
  return [
    ...inRegistry(input, 'List the tags that exist', 'az acr repository show-tags', more),
    deploy(input, 'Deploy one that exists', `${bareImage(input.target.image)}:${tag}`),
  ];
}

/** Docker Hub lets those pull more who say who they are. */
function signIn(input: RunbookInput): Command[] {
  if (input.target.registry !== 'docker.io') return [];
  const set = `az containerapp registry set ${appOptions(input)} --server docker.io --username ACCOUNT --password "$TOKEN"`;
  return [
    {
      title: 'Sign in with an account (the password is an access token of it)',
      language: 'az',
      text: `read -rs TOKEN\n${set}`,
    },
  ];
}

/** An image of a public registry, kept in one's own: no limit and no outage of somebody else's. */
function keepCopy(input: RunbookInput): Command[] {
  const ref = parseImageRef(input.target.image);
  if (ref === undefined || isAzureRegistry(ref.registry) || ref.digest !== undefined) return [];
  const named = `${ref.repository}:${ref.tag ?? 'latest'}`;
  const text = `az acr import --name REGISTRY --source ${shellWord(`${ref.registry}/${named}`)} --image ${shellWord(named)}`;
  return [{ title: 'Keep a copy in your own registry', language: 'az', text }];
}

function showDisk(input: RunbookInput): Command {
  const environment = optionsFor(placeOf(environmentOf(input.evidence)?.id, 'ENVIRONMENT'));
  return {
    title: 'See the workload profiles of the environment',
    language: 'az',
    text: `az containerapp env workload-profile list ${environment} --output table`,
  };
}

function commandsFor(input: RunbookInput, cause: ImageCause): Command[] {
  const ref = parseImageRef(input.target.image);
  const repository = wordOr(ref?.repository, 'REPOSITORY');
  switch (cause) {
    case 'write-rejected':
      return [deploy(input, 'Deploy the same image again (or run your pipeline)', input.target.image)];
    case 'tag-missing':
      return forMissingTag(input, repository);
    case 'repository-missing':
      return [
        ...inRegistry(input, 'List the repositories that exist', 'az acr repository list', ' --output table'),
        deploy(input, 'Deploy the right name', 'IMAGE'),
      ];
    case 'digest-missing':
      return [
        ...inRegistry(
          input,
          'List the images that exist',
          'az acr manifest list-metadata',
          ` --name ${repository} --orderby time_desc --top 10 --output table`,
          '--registry',
        ),
        deploy(input, 'Deploy one that exists', 'IMAGE'),
      ];
    case 'name-wrong':
      return [
        {
          title: 'List the registries that you can see',
          language: 'az',
          text: 'az acr list --query "[].loginServer" --output tsv',
        },
        deploy(input, 'Deploy with the right name', 'IMAGE'),
      ];
    case 'rate-limited':
      return [...signIn(input), ...keepCopy(input)];
    case 'registry-unavailable':
      return inRegistry(input, 'Ask the registry how it is', 'az acr check-health', ' --yes');
    case 'platform-mismatch':
      return inRegistry(
        input,
        'Build it for linux/amd64',
        'az acr build',
        ` --platform linux/amd64 --image ${shellWord(`${ref?.repository ?? 'REPOSITORY'}:${ref?.tag ?? 'TAG'}`)} .`,
        '--registry',
      );
    case 'reference-invalid':
      return [deploy(input, 'Deploy with a name that can be read', 'IMAGE')];
    case 'image-invalid':
      return inRegistry(
        input,
        'Build and push it again',
        'az acr build',
        ` --image ${shellWord(`${ref?.repository ?? 'REPOSITORY'}:${ref?.tag ?? 'TAG'}`)} .`,
        '--registry',
      );
    case 'no-space':
      return [showDisk(input)];
    case 'unexplained':
      return inRegistry(input, 'Ask the registry how it is', 'az acr check-health', ' --yes');
    case 'tls-untrusted':
    case 'platform-fault':
      return [];
  }
}

/** Codes and values of ARM. What a log said in its own words stays in the history: anybody can write a log. */
function sentences(findings: readonly Finding[]): string {
  return findings.map(({ code, detail: { words: _words, ...detail } }) => sayFinding({ code, detail })).join('; ');
}

/** All that was found, where no cause stands out. */
function allEvidence({ for: speaks, against }: Diagnosis): string {
  const other = against.length === 0 ? '' : ` Looked at, and no cause of it: ${sentences(against)}.`;
  return `${speaks.length === 0 ? '' : ` Found: ${sentences(speaks)}.`}${other}`;
}

/** What we know beyond the cause: the tags that the registry has, or all evidence where nothing explains it. */
function moreAdvice({ target, diagnosis, evidence }: RunbookInput, cause: ImageCause): string {
  if (cause === 'unexplained') return allEvidence(diagnosis);
  if (cause === 'name-wrong' && valueOf(evidence.registry) === 'not-found')
    return ' No subscription that pullmedic reads has this registry. If it is another tenant’s, no managed identity of this one can pull from it: use a token of that registry with a user name and secret, or copy the image into a registry of your own. If it is yours, let pullmedic read its subscription.';
  if (cause === 'rate-limited' && target.registry === 'docker.io')
    return ' Docker Hub counts the pulls of everybody who leaves Azure by the same address and does not sign in. Sign in with an account of your own, or import the image into an Azure registry once and pull it from there.';
  const { tags, what } = diagnosis.detail;
  if (what === undefined || !cause.endsWith('-missing')) return '';
  const has = tags === undefined ? '' : ` Its latest tags are ${tags}.`;
  return ` The registry was asked: the ${what} does not exist.${has}`;
}

export function imageRunbook(input: RunbookInput, cause: ImageCause): Runbook {
  const [title, owner, advice] = answers[cause];
  const commands = commandsFor(input, cause);
  const none = commands.length > 0 || advice.includes('no command') ? '' : ' There is no command for this.';
  return {
    title: `${input.target.appName} ${title}`,
    owner,
    advice: `${advice}${moreAdvice(input, cause)}${none}`,
    commands,
    verify: verifyPull(input),
    undo: 'Nothing was changed.',
  };
}
