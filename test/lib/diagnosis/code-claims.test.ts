// Codes of Container Instances: what they claim of a container group, and that they claim it of nothing else.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { causeOfCode } from '../../../src/lib/diagnosis/code-claims.ts';
import { appId, groupId } from '../facts.ts';

const error = (code: string, message: string): string => JSON.stringify({ error: { code, message } });

describe('a code of Container Instances', () => {
  it.each([
    [
      'identity-not-assigned',
      error(
        'InvalidImageRegistryIdentity',
        "The identity in the 'imageRegistryCredentials' of container group 'cg' not found in container group identity list.",
      ),
    ],
    [
      'identity-not-assigned',
      error(
        'InvalidImageRegistryCredentialType',
        "Identity in 'imageRegistryCredentials' of container group 'cg' is not supported.",
      ),
    ],
    ['identity-not-assigned', error('AmbiguousImageResitryCredentialType', 'Both are given.')],
    [
      'registry-unavailable',
      error(
        'RegistryErrorResponse',
        "An error response is received from the docker registry 'index.docker.io'. Please retry later.",
      ),
    ],
    [
      undefined,
      error(
        'InaccessibleImage',
        "The image 'a.azurecr.io/x:1' in container group 'cg' is not accessible. Please check the image and registry credential.",
      ),
    ],
    [
      undefined,
      'Failed to pull image "a.azurecr.io/x:1": rpc error: code = Unknown desc = unauthorized: authentication required',
    ],
  ])('claims %s: %s', (cause, text) => {
    expect(causeOfCode(groupId, classify(text))).toBe(cause);
  });

  it('claims nothing of a container app', () => {
    const said = classify(error('InvalidImageRegistryIdentity', 'x'));
    expect(causeOfCode(appId, said)).toBeUndefined();
  });
});
