// Runbooks for the image itself: the registry does not have it, or it cannot be read, unpacked or stored.
import { serverWithoutImages } from '../diagnosis/reference.ts';
import { lacksPart, logSays, rowsOfTarget } from '../diagnosis/text-claims.ts';
import { appOf } from '../evidence/evidence.ts';
import { isDockerHub } from '../words/docker-hub.ts';
import { parseImageRef } from '../words/image-ref.ts';
import type { ReferenceFault } from '../words/reference-fault.ts';
import { meantReference, referenceFault } from '../words/reference-fault.ts';
import { unnamedImage } from '../words/target.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import { answer, inRegistry, nextTry } from './answer.ts';
import { sayArtifact } from './artifact-kind.ts';
import { deploy } from './deploy.ts';
import { adviceForMissing, ownerOfImage } from './owner-of-image.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { shellWord, wordOr } from './runbook.ts';

/** The registry has the repository and not the tag. Where it was not asked, the repository may be missing as well: many registries say the same. */
export function tagMissing(input: RunbookInput): RunbookText {
  const { target, evidence } = input;
  const ref = parseImageRef(target.image);
  const tag = ref?.tag ?? 'latest';
  const asked = input.diagnosis.detail['what'] !== undefined;
  const spelling = asked
    ? ''
    : ` Check the spelling of ${ref?.repository ?? target.image} as well: the registry may say the same of a repository that it does not have.`;
  const advice = adviceForMissing(target, evidence, `Push the tag again, or deploy one that exists.${spelling}`);
  return answer(input, {
    title: `${target.appName} asks for the tag ${tag} of ${ref?.repository ?? target.image}, which ${target.registry} does not have`,
    advice: `${advice} ${nextTry(input)}`,
    more: saysMissing(input),
    commands: forMissingTag(input),
  });
}

/** The registry has no such repository. */
export function repositoryMissing(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} asks for the repository ${parseImageRef(input.target.image)?.repository ?? input.target.image}, which ${input.target.registry} does not have`,
    advice: `${adviceForMissing(input.target, input.evidence, 'Check the spelling, or push the image.')} ${nextTry(input)}`,
    more: saysMissing(input),
    commands: [...listRepositories(input), ...deploy(input, 'Deploy the right name', 'IMAGE')],
  });
}

/** The registry has no image with this digest. */
export function digestMissing(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} asks for an image by a digest that the registry does not have`,
    advice: `The image was deleted, by hand or by a retention policy, or never pushed here. ${adviceForMissing(input.target, input.evidence, 'Push it again or deploy another digest.')}`,
    more: saysMissing(input),
    commands: [
      ...inRegistry(input, {
        title: 'List the images that exist',
        command: 'az acr manifest list-metadata',
        more: ` --name ${repositoryWord(input)} --orderby time_desc --top 10 --output table`,
        option: '--registry',
      }),
      ...deploy(input, 'Deploy one that exists', byTag(input) ?? 'IMAGE'),
    ],
  });
}

/** The same image by its tag, where the template names one beside the digest. */
function byTag({ target }: RunbookInput): string | undefined {
  return parseImageRef(target.image)?.tag === undefined ? undefined : target.image.replace(/@[^@]*$/, '');
}

/** The registry has the image for other platforms only. Hosts of those may run it, so the tag keeps what it has. */
export function platformMismatch(input: RunbookInput): RunbookText {
  const has = input.diagnosis.for.find(({ code }) => code === 'other-platforms')?.detail?.['platforms'];
  const title = `${input.target.appName} asks for an image without a linux/amd64 variant`;
  const more = has === undefined ? '' : ` The registry has it for ${has}.`;
  const windows = ofWindowsGroup(input);
  if (windows !== undefined) return windows;
  if (ownerOfImage(input.target, input.evidence) === 'others')
    return answer(input, {
      title,
      advice: `The image belongs to others, so you cannot build it anew. Deploy a tag of it that has linux/amd64, or another image.${more} One for Windows does not run here.`,
      commands: deploy(input, 'Deploy a tag that has linux/amd64', withTag(input, 'TAG')),
    });
  return answer(input, {
    title,
    advice: 'Build the image for linux/amd64 under a new tag, and deploy that.',
    more: `${more}${sayAttestation(input)} An image for Windows does not run here, and its Dockerfile cannot be built for Linux.`,
    commands: buildAnew(input, 'Build it for linux/amd64 under a new tag', ' --platform linux/amd64'),
  });
}

/** BuildKit gives the attestations of a build this platform (Docker, "Build attestations", on the storage of attestations). */
function sayAttestation({ target, evidence }: RunbookInput): string {
  return logSays(target, evidence, /unknown\/unknown/)
    ? ' “unknown/unknown” is the platform of an attestation that docker buildx adds to a build: where you build with it, add --provenance=false.'
    : '';
}

/**
 * A group of Windows, by the words of the codes `UnsupportedWindowsVersion` and `ImageOsTypeNotMatchContainerGroup` (Microsoft, "Troubleshoot common
 * issues in Azure Container Instances"). An image for Linux is not what it lacks.
 */
function ofWindowsGroup(input: RunbookInput): RunbookText | undefined {
  const { target, evidence } = input;
  const commands = deploy(input, 'Deploy an image that fits', 'IMAGE');
  if (logSays(target, evidence, /UnsupportedWindowsVersion|unsupported windows image version/i))
    return answer(input, {
      title: `${input.target.appName} asks for an image of a Windows version that is not supported`,
      advice:
        'Container Instances runs images of the long-term versions of Windows Server only, and the error lists them. Build the image anew on a base of one of these, or deploy a tag that has one.',
      commands,
    });
  if (!logSays(target, evidence, /OS type '?Windows'? of (?:the )?container group/i)) return undefined;
  return answer(input, {
    title: `${input.target.appName} is a group of Windows, and its image is for another system`,
    advice:
      'Deploy an image for Windows, or deploy the group with the OS type of the image: --os-type Linux for an image for Linux.',
    commands,
  });
}

/** The name of the image cannot be right. */
export function referenceInvalid(input: RunbookInput): RunbookText {
  const { target, evidence } = input;
  const server = onlyServer(input);
  const meant = meantReference(target.image, serverWithoutImages(target, evidence) ?? server);
  const perhaps = meant === undefined ? '' : ` It was probably meant as ${meant}.`;
  return answer(input, {
    title: `${target.appName} has an image name that cannot be right`,
    advice: 'Correct the image in the template.',
    more: `${sayFault(input)}${perhaps}`,
    commands: deploy(input, 'Deploy with a name that is right', meant ?? 'IMAGE'),
  });
}

/** The registry of the app's only entry. */
function onlyServer({ evidence }: RunbookInput): string | undefined {
  const [only, ...others] = appOf(evidence)?.registries ?? [];
  return others.length > 0 ? undefined : only?.server;
}

function sayFault({ target, evidence }: RunbookInput): string {
  const fault = referenceFault(target.image);
  if (fault !== undefined) return ` “${withoutUserinfo(target.image)}” ${faultWords[fault]}.`;
  const server = serverWithoutImages(target, evidence);
  if (server !== undefined)
    return ` “${target.image}” names no host, so it is pulled from Docker Hub. The only registry entry of the app is for ${server}.`;
  return parseImageRef(target.image)?.repository.startsWith('library/') && isDockerHub(target.registry)
    ? ` “${withoutUserinfo(target.image)}” would be an official image of Docker Hub. Those are public, and it refuses this name: probably none is called so.`
    : '';
}

const faultWords: Readonly<Record<ReferenceFault, string>> = {
  space: 'has a space in it',
  placeholder: 'has a variable in it that the pipeline did not replace',
  scheme: 'begins with a scheme such as https://, and a reference begins with the host',
  'leading-slash': 'begins with a slash: the host of the registry is missing before it',
  'empty-part': 'has an empty part between slashes',
  'empty-tag': 'ends where a tag or a digest should follow',
  'upper-case': 'has upper-case letters in the name of its repository, which has to be lower case',
  'upper-case-first':
    'has upper-case letters before its first slash: as the name of an account it has to be lower case, and as a host it needs a dot or a port',
  tag: 'has a tag that is too long, or with characters that a tag cannot have',
  character: 'has a character that a reference cannot have',
  'host-doubled': 'has the host of a registry twice',
  'host-in-path': 'repeats its host in the name of the repository',
  unclear: 'does not follow the rules of image references',
};

/** The layers arrive and cannot be unpacked. */
export function imageInvalid(input: RunbookInput): RunbookText {
  if (lacksPart(rowsOfTarget(input.target, input.evidence))) return partMissing(input);
  return answer(input, {
    title: `${input.target.appName} asks for an image that cannot be unpacked`,
    advice: `${sayArtifact(input)}Build the image under a new tag, and deploy that. Look first what the tag has: it may be another artifact, such as a Helm chart, that others use.`,
    commands: [
      ...inRegistry(input, {
        title: 'See what the tag has',
        command: 'az acr manifest show',
        more: ` --name ${nameAndTag(input)}`,
        option: '--registry',
      }),
      ...buildAnew(input, 'Build it under a new tag', ''),
    ],
  });
}

/** What a tag of several platforms is made of has no tag of its own, so that a clean-up of what is untagged deletes it. */
function partMissing(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.registry} lacks a part of the image that ${input.target.appName} asks for`,
    advice:
      'The registry has the image and not everything that it names: the manifest of a platform or a layer is gone, most often by a clean-up of what has no tag. No later try finds it. Build the image under a new tag and deploy that, and leave the manifests that an image of several platforms names out of the clean-up.',
    commands: [
      ...inRegistry(input, {
        title: 'Where soft delete is on: see what was deleted, to restore it',
        command: 'az acr manifest list-deleted',
        more: ` --name ${repositoryWord(input)}`,
        option: '--registry',
      }),
      ...buildAnew(input, 'Build it under a new tag', ''),
    ],
  });
}

/** Builds the image under a tag of its own, because others may use what the tag has, and deploys it. None where `az acr` cannot build. */
function buildAnew(input: RunbookInput, title: string, options: string): Command[] {
  const build = inRegistry(input, {
    title,
    command: 'az acr build',
    more: `${options} --image ${repositoryWord(input)}:NEW_TAG .`,
    option: '--registry',
  });
  return [...build, ...deploy(input, 'Deploy it', withTag(input, 'NEW_TAG'))];
}

function listRepositories(input: RunbookInput): Command[] {
  return inRegistry(input, {
    title: 'List the repositories that exist',
    command: 'az acr repository list',
    more: ' --output table',
  });
}

function forMissingTag(input: RunbookInput): Command[] {
  const tag = input.diagnosis.detail['tags']?.split(', ')[0] || 'TAG';
  return [
    ...inRegistry(input, {
      title: 'List the tags that exist',
      command: 'az acr repository show-tags',
      more: ` --repository ${repositoryWord(input)} --orderby time_desc --top 10 --output table`,
    }),
    ...(input.diagnosis.detail['unlisted'] === undefined ? [] : listRepositories(input)),
    ...deploy(input, 'Deploy one that exists', withTag(input, tag)),
  ];
}

/** The image with this tag in place of its own tag or digest, as the template writes it; a placeholder where the image is not known. */
function withTag({ target: { image } }: RunbookInput, tag: string): string {
  return image === unnamedImage ? 'IMAGE' : `${bareImage(image)}:${tag}`;
}

/** The image without its tag or digest. */
function bareImage(image: string): string {
  return image.replace(/@[^@]*$/, '').replace(/:[^:/]*$/, '');
}

/** The repository as a word of a command. */
function repositoryWord({ target }: RunbookInput): string {
  return wordOr(parseImageRef(target.image)?.repository, 'REPOSITORY');
}

/** The repository and the tag as a word of a command. */
function nameAndTag({ target }: RunbookInput): string {
  const ref = parseImageRef(target.image);
  return shellWord(`${ref?.repository ?? 'REPOSITORY'}:${ref?.tag ?? 'TAG'}`);
}

/** A sentence that the registry itself does not have the image, with its latest tags. */
function saysMissing({ diagnosis }: RunbookInput): string {
  const { tags, what, unlisted } = diagnosis.detail;
  if (what === undefined) return '';
  const has = tags === undefined ? '' : ` The latest tags of the repository are ${tags}.`;
  const perhaps =
    unlisted === undefined
      ? ''
      : ' pullmedic could not list the tags of the repository: the whole repository may be missing, because the registry answers the same then.';
  return ` The registry was asked: the ${what} does not exist.${has}${perhaps}`;
}
