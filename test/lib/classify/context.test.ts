// What the whole text shows before any rule is asked: a pull, a look-alike of one, or the work of another program.
import { describe, expect, it } from 'vitest';
import { classify, saysPullFailed } from '../../../src/lib/classify/classify.ts';
import { asides, clues, lookAlikes, reasonSays, refusedWork } from '../../../src/lib/classify/context.ts';

describe('the reason of a row', () => {
  it.each(['ImagePullUnauthorized', 'ImagePullUnauthorizedFailure', 'imagepullunauthorized'])(
    'says that the registry refused the pull: %s',
    (reason) => {
      expect(reasonSays(reason)).toBe('unauthorized');
    },
  );

  it.each(['ErrImagePull', 'ImagePullBackOff', 'ImagePullFailure', 'imagepullfailed'])(
    'says that a pull failed: %s',
    (reason) => {
      expect(reasonSays(reason)).toBe('pull');
    },
  );

  it.each(['PulledImage', 'PullingImage', 'KEDAScalerFailed', 'ProbeFailed', 'ProcessExited', 'FailedMount'])(
    'says that it is about something else: %s',
    (reason) => {
      expect(reasonSays(reason)).toBe('other');
    },
  );

  it.each(['', 'ContainerTerminated', 'Error', 'PulledImageNot', 'NotErrImagePull'])(
    'says nothing where crashes and pulls share it: %j',
    (reason) => {
      expect(reasonSays(reason)).toBe('nothing');
    },
  );
});

describe('a clue', () => {
  const shownBy = (text: string): string | undefined => clues.find(({ pattern }) => pattern.test(text))?.shows;

  it('of a pull is a sentence that a pull failed', () => {
    expect(shownBy('Back-off pulling image "a/b:1"')).toBe('pull');
    expect(shownBy('failed to resolve reference "ghcr.io/a/b:1"')).toBe('pull');
  });

  it('of a registry alone is talk with one, which is no failure', () => {
    expect(shownBy('GET https://shop.azurecr.io/v2/orders/tags/list 200')).toBe('registry');
    expect(shownBy('Pulling from library/redis')).toBe('registry');
  });

  it('of a registry alone is progress, also of podman', () => {
    const progress = 'Trying to pull quay.io/acme/api:1...\nGetting image source signatures\nCopying blob 1a2b done';

    expect(shownBy('Trying to pull quay.io/acme/api:1...')).toBe('registry');
    expect(classify(`${progress}\nWriting manifest to image destination`).label).toBe('not-a-pull-failure');
    expect(classify(`${progress}\nError: reading blob sha256:1a: connection reset by peer`).label).toBe('network');
  });

  it('is not the image of something that is no container, unless its reference says so', () => {
    expect(classify('Failed to pull plugin image: 401').label).toBe('not-a-pull-failure');
    expect(classify('Failed to pull plugin image ghcr.io/acme/plugin:1: 401').label).toBe('unauthorized');
  });

  it('is not the path that a server wrote down of a request that it answered', () => {
    expect(shownBy('{"path":"/v2/items/manifests/7","status":401}')).toBeUndefined();
    expect(shownBy('Max retries exceeded with url: /v2/acme/api/manifests/1')).toBe('registry');
  });

  it('is not given by another program that fails', () => {
    expect(shownBy('connection to redis failed: no such host')).toBeUndefined();
  });
});

describe('an aside', () => {
  it('takes out the sentence that another pull succeeded, and leaves the failure beside it', () => {
    const text = 'Successfully pulled image "a/manifest-unknown:1". Failed to pull image "ghcr.io/a/b:1": no such host';

    expect(asides.some(({ pattern }) => pattern.test(text))).toBe(true);
    expect(classify(text).label).toBe('dns');
  });

  it('takes out the status of the local daemon, which is always 500', () => {
    const said = classify('HTTP code 500 which indicates error: server error: manifest unknown: ghcr.io/v2/');

    expect(said.label).toBe('manifest-unknown');
  });
});

describe('the rows of the context', () => {
  it('say what their software means', () => {
    expect([...clues, ...lookAlikes, ...asides].filter(({ means }) => means === '')).toEqual([]);
  });
});

describe('look-alikes', () => {
  it('lose against a sentence that says that a pull failed', () => {
    const text = 'MountVolume.SetUp failed. Failed to pull image "ghcr.io/a/b:1": no such host';

    expect(classify(text).label).toBe('dns');
  });

  it('win against words that need no context', () => {
    expect(classify('MountVolume.SetUp failed: unauthorized: authentication required')).toStrictEqual({
      label: 'not-a-pull-failure',
      rule: 'volume',
      words: 'MountVolume.',
    });
  });
});

describe('a push or a build that a registry refused', () => {
  const refusedIn = (text: string, reason?: string): string | undefined =>
    classify(text, reason === undefined ? {} : { reason }).refused;
  const denied =
    "denied: client with IP '20.1.2.3' is not allowed access, refer https://aka.ms/acr/firewall to grant access";

  it.each([
    ['push', `docker push acrshop.azurecr.io/web:v3: ${denied}`],
    ['push', `The push refers to repository [acrshop.azurecr.io/web]\n${denied}`],
    ['push', `buildah push acrshop.azurecr.io/web:v3: ${denied}`],
    ['push', 'failed to push acrshop.azurecr.io/web:v3: unexpected status from POST request: 403 Forbidden'],
    [
      'push',
      'error pushing image: POST https://acrshop.azurecr.io/v2/web/blobs/uploads/: unexpected status code 401 Unauthorized',
    ],
    ['push', 'POST https://acrshop.azurecr.io/v2/web/blobs/uploads/: DENIED'],
    ['push', 'GET https://acrshop.azurecr.io/oauth2/token?scope=repository%3Aweb%3Apull%2Cpush: 401'],
    ['push', 'GET https://acrshop.azurecr.io/oauth2/token?scope=repository:web:push: 401'],
    ['push', 'checking push permission for acrshop.azurecr.io/web: unauthorized'],
    ['build', `az acr build --registry acrshop --image web:v3 .: ${denied}`],
    ['build', `failed to login, ran out of retries: Get "https://acrshop.azurecr.io/v2/": ${denied}`],
    ['build', `2026/01/02 failed to run step ID: build: docker push: ${denied}`],
    ['build', 'Run ID: ca12 failed after 9s. Error: failed during run, err: 403 Forbidden'],
    ['build', `docker buildx build .: ${denied}`],
    ['build', 'ERROR: failed to solve: acrshop.azurecr.io/base:1: failed to resolve source metadata: 401 Unauthorized'],
    ['build', '#2 [internal] load metadata for acrshop.azurecr.io/base:1: 403 Forbidden'],
    ['build', 'error building image: GET https://acrshop.azurecr.io/v2/base/manifests/1: UNAUTHORIZED'],
  ])('is named as a %s: %s', (work, text) => {
    expect(refusedIn(text)).toBe(work);
    expect(refusedIn(text, 'ContainerTerminated')).toBe(work);
    expect(refusedIn(text, 'ProcessExited')).toBe(work);
    expect(refusedWork(text, 'ContainerTerminated')).toBe(work);
  });

  it('is not claimed where nothing was refused', () => {
    expect(refusedIn('docker push acrshop.azurecr.io/web:v3: digest: sha256:aa size: 1573')).toBeUndefined();
    expect(refusedIn('az acr build --registry acrshop .: connection reset')).toBeUndefined();
  });

  it.each([
    `Failed to pull image "acrshop.azurecr.io/docker:push": docker push: ${denied}`,
    `ImagePullUnauthorizedFailure: docker push ${denied}`,
    `Failed to construct registry secret: az acr build: ${denied}`,
    `Invalid value: "acrshop.azurecr.io/web:v3": GET https::/ docker push ${denied}`,
  ])('is not claimed beside the words in which the platform says that it pulls: %s', (text) => {
    expect(refusedIn(text)).toBeUndefined();
  });

  it.each(['ImagePullUnauthorized', 'ErrImagePull'])('is not claimed where the reason of the row is %s', (reason) => {
    expect(refusedIn(`docker push acrshop.azurecr.io/web:v3: ${denied}`, reason)).toBeUndefined();
  });

  it('keeps the label, which says by what, and is no pull that failed', () => {
    const push = classify(`docker push acrshop.azurecr.io/web:v3: ${denied}`);
    const pull = classify(`Failed to pull image "acrshop.azurecr.io/web:v3": ${denied}`);

    expect(push).toMatchObject({ label: 'firewall', refusedIp: '20.1.2.3', refused: 'push' });
    expect([push, pull].map(saysPullFailed)).toEqual([false, true]);
    expect(saysPullFailed({ label: 'not-a-pull-failure', rule: '', words: '' })).toBe(false);
  });
});
