// Runbooks for the image itself, the registry's health, and what nothing explains.
import type { Cause } from '../diagnose.ts';
import type { Owner, Runbook, RunbookInput } from './runbook.ts';
import { verifyPull } from './runbook.ts';

type ImageCause = Extract<
  Cause,
  | 'tag-missing'
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

export function imageRunbook(input: RunbookInput, cause: ImageCause): Runbook {
  const [title, owner, advice] = answers[cause];
  return {
    title: `${input.target.appName} ${title}`,
    owner,
    advice,
    commands: [],
    verify: verifyPull(input),
    undo: 'Nothing was changed.',
  };
}
