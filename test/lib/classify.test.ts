// What a log claims: labels for the messages that the software emits, and the names in them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, labels } from '../../src/lib/classify.ts';
import { messages } from './classify-messages.ts';

describe('the messages of the software', () => {
  it.each(messages.map(({ label, text }) => [label, text] as const))('%s: %s', (label, text) => {
    expect(classify(text).label).toBe(label);
  });

  it('show every label', () => {
    expect(new Set(messages.map(({ label }) => label))).toEqual(new Set(labels));
  });
});

describe('the text of a log', () => {
  it.each([
    ['unauthorized', 'Container pull image failed with unauthorized error.', 'ImagePullUnauthorized'],
    [
      'firewall',
      `Container 'app' was terminated with exit code '' and reason 'ImagePullFailure'. Image acrshop.azurecr.io/a:v1 not found in registry. ErrorMessage=Image not found or access denied. Error: {"errors":[{"code":"DENIED","message":"client with IP '20.1.2.3' is not allowed access, refer https://aka.ms/acr/firewall to grant access"}]}`,
      'ContainerTerminated',
    ],
    [
      'manifest-unknown',
      `Container 'app' was terminated with exit code '' and reason 'ImagePullFailure'. Image acrshop.azurecr.io/a:v9 not found in registry. ErrorMessage=Image not found or access denied. Error: {"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest tagged by \\"v9\\" is not found"}]}`,
      'ContainerTerminated',
    ],
    [
      'unknown-pull-failure',
      "Container 'app' was terminated with exit code '' and reason 'ImagePullFailure'",
      'ContainerTerminated',
    ],
    [
      'not-a-pull-failure',
      "Container 'app' was terminated with exit code '1' and reason 'ProcessExited'. 401 unauthorized: access denied, user not found",
      'ContainerTerminated',
    ],
    [
      'not-a-pull-failure',
      'Successfully pulled image "acrshop.azurecr.io/a:v1" in 1.92s. Image size: 49283072 bytes.',
      'PulledImage',
    ],
    ['not-a-pull-failure', "Pulling image 'acrshop.azurecr.io/unauthorized:v1'", 'PullingImage'],
    [
      'not-a-pull-failure',
      'connection to redis failed: dial tcp: lookup test on 100.1.1.1:53: no such host',
      'KEDAScalerFailed',
    ],
  ])('is labelled %s', (label, text, reason) => {
    expect(classify(text, { reason }).label).toBe(label);
  });

  it('names the image, the registry and the refused address', () => {
    const text = `Image acrshop.azurecr.io/shop/a:v1 not found in registry. {"message":"client with IP '20.1.2.3' is not allowed access"}`;

    expect(classify(text)).toMatchObject({
      image: 'acrshop.azurecr.io/shop/a:v1',
      registry: 'acrshop.azurecr.io',
      tag: 'v1',
      refusedIp: '20.1.2.3',
    });
  });

  it('always gets one of the labels, and the same one again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, reason) => {
        const first = classify(text, { reason });
        return (
          labels.includes(first.label) &&
          first.label === classify(text, { reason }).label &&
          !/\p{Cc}/u.test(first.words)
        );
      }),
    );
  });
});
