// The mirror of a node stands in the text where the image's own registry would: the request names it.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { mirrorRequest, withoutMirror } from '../../../src/lib/classify/mirror.ts';

const head = (query: string) => `HEAD request to http://localhost:8578/v2/library/redis/manifests/7${query}: 503`;

describe('a request to the mirror', () => {
  it('names the repository, and the registry where it says so', () => {
    expect(mirrorRequest(head('?ns=docker.io'))).toEqual({ path: 'library/redis', upstream: 'docker.io' });
    expect(mirrorRequest(head('?ns=Registry.Example:5000'))).toMatchObject({ upstream: 'registry.example:5000' });
    expect(mirrorRequest(head(''))).toEqual({ path: 'library/redis' });
  });

  it.each([
    'http://localhost:5000/v2/a/manifests/1?ns=docker.io',
    'http://localhost:8578/healthz',
    'failed to pull localhost:8578/envoy:1',
    'https://registry.example/v2/a/manifests/1?ns=docker.io',
  ])('is not %s', (text) => {
    expect(mirrorRequest(text)).toBeUndefined();
    expect(withoutMirror(text)).toBe(text);
  });

  it('is read as one to the registry that it names', () => {
    expect(withoutMirror(head('?ns=docker.io'))).toBe(
      'HEAD request to http://docker.io/v2/library/redis/manifests/7: 503',
    );
    const said = classify(`ctr: failed: unexpected status from ${head('?ns=docker.io')} Service Unavailable`);

    expect(said).toMatchObject({ label: 'registry-unavailable', registry: 'docker.io' });
  });
});
