// Runbooks for the image itself, the registry's health, and what nothing explains.
import { resourceGroupOf } from '../arm-id.ts';
import type { Cause } from '../diagnose.ts';
import { valueOf } from '../fact.ts';
import { parseImageRef } from '../image-ref.ts';
import type { Command, Owner, Runbook, RunbookInput } from './runbook.ts';
import { shellWord, verifyPull } from './runbook.ts';

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
    'The image that cannot be pulled is not yours. Open a support request with the evidence below; a new revision or another region may help meanwhile.',
  ],
  'write-rejected': [
    'was not deployed: Azure rejected the write',
    'app team',
    'What stopped the pull is put right. Azure does not try a rejected write again: run your deployment again.',
  ],
  'name-wrong': [
    'names a registry that does not resolve',
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
    'Use a certificate from a public authority, or a registry that has one.',
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
    'Everything that was read is in the history, for and against each cause. Start with what could not be read.',
  ],
};

/** Two ways out of Docker Hub's limit: an account, or a copy. */
function dockerHub(app: string, image: string): Command[] {
  const name = image.replace(/^(?:index\.|registry-1\.)?docker\.io\//, '');
  const path = name.includes('/') ? name : `library/${name}`;
  return [
    {
      title: 'Sign in with an account (the password is an access token of it)',
      language: 'az',
      text: `read -rs TOKEN\naz containerapp registry set ${app} --server docker.io --username ACCOUNT --password "$TOKEN"`,
    },
    {
      title: 'Or copy the image into a registry of your own, and deploy that one',
      language: 'az',
      text: `az acr import --name REGISTRY --source ${shellWord(`docker.io/${path}`)} --image ${shellWord(path)}\naz containerapp update ${app} --image ${shellWord(`REGISTRY.azurecr.io/${path}`)}`,
    },
  ];
}

function commandsFor({ target, diagnosis }: RunbookInput, cause: ImageCause): Command[] {
  const app = `--name ${shellWord(target.appName)} --resource-group ${shellWord(resourceGroupOf(target.appId))}`;
  const registry = shellWord(target.registry.split('.')[0] ?? '');
  switch (cause) {
    case 'write-rejected':
      return [
        {
          title: 'Deploy the same image again (or run your pipeline)',
          language: 'az',
          text: `az containerapp update ${app} --image ${shellWord(target.image)}`,
        },
      ];
    case 'tag-missing': {
      const repository = shellWord(parseImageRef(target.image)?.repository ?? '');
      const tag = diagnosis.detail['tags']?.split(', ')[0];
      const host = target.image.replace(/(?:@sha256)?:[^:/]*$/, '');
      const list = `az acr repository show-tags --name ${registry} --repository ${repository} --orderby time_desc --top 10 --output table`;
      const deploy = `az containerapp update ${app} --image ${shellWord(`${host}:${tag ?? 'TAG'}`)}`;
      return [
        { title: 'List the tags that exist', language: 'az', text: list },
        { title: 'Deploy one that exists', language: 'az', text: deploy },
      ];
    }
    case 'repository-missing':
    case 'digest-missing':
    case 'platform-fault':
    case 'name-wrong':
    case 'registry-unavailable':
    case 'tls-untrusted':
    case 'platform-mismatch':
    case 'reference-invalid':
    case 'image-invalid':
    case 'no-space':
    case 'unexplained':
      return [];
    case 'rate-limited':
      return target.registry === 'docker.io' ? dockerHub(app, target.image) : [];
  }
}

/** What we know beyond the cause: the tags that the registry has. */
function moreAdvice({ target, diagnosis, evidence }: RunbookInput, cause: ImageCause): string {
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
  return {
    title: `${input.target.appName} ${title}`,
    owner,
    advice: `${advice}${moreAdvice(input, cause)}`,
    commands: commandsFor(input, cause),
    verify: verifyPull(input),
    undo: 'Nothing was changed.',
  };
}
