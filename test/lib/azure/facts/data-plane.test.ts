// The registry itself: asked with our own rights, at the host that ARM named. Its refusal says nothing about the image.
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../../../src/lib/azure/facts/data-plane.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { type ImageRef, parseImageRef } from '../../../../src/lib/words/image-ref.ts';
import { type AskedAzure, type AzureAnswer, clientsOver } from '../clients-over.ts';

const host = 'acrshop.azurecr.io';

function ref(text: string): ImageRef {
  const image = parseImageRef(text);
  if (image === undefined) throw new Error(`${text} is not a reference`);
  return image;
}

const tagged = ref(`${host}/shop/orders:v9`);

/** A registry that signs us in and answers the manifest and the list of tags so. */
function registry(manifest: AzureAnswer, tags: AzureAnswer = { body: { tags: [] } }) {
  return clientsOver(({ path }: AskedAzure): AzureAnswer => {
    if (path === '/oauth2/exchange') return { body: { refresh_token: 'refresh' } };
    if (path === '/oauth2/token') return { body: { access_token: 'access' } };
    return path.includes('/manifests/') ? manifest : tags;
  });
}

const notFound = (code: string): AzureAnswer => ({ status: 404, body: { errors: [{ code }] } });

describe('an image', () => {
  it('that is there exists, and only its registry was asked', async () => {
    const { clients, asked } = registry({ body: {} });

    expect(await readManifest(clients, host, tagged)).toEqual(known({ state: 'exists' }));
    expect(new Set(asked.map((one) => one.host))).toEqual(new Set([host]));
    expect(asked.at(-1)).toMatchObject({ path: '/v2/shop/orders/manifests/v9', authorization: 'Bearer access' });
  });

  it('whose tag is missing comes with the latest tags', async () => {
    const { clients } = registry(notFound('MANIFEST_UNKNOWN'), { body: { tags: [{ name: 'v3' }, { name: 'v2' }] } });

    expect(await readManifest(clients, host, tagged)).toEqual(
      known({ state: 'missing', what: 'tag', tags: ['v3', 'v2'] }),
    );
  });

  const unlisted = known({ state: 'missing', what: 'tag', tags: [], unlisted: true });

  it.each<[string, AzureAnswer]>([
    ['refuses to list its tags', { status: 401, body: {} }],
    ['answers 404 to the list for another reason', notFound('DENIED')],
    ['answers 404 to the list without a word', { status: 404, body: {} }],
    ['fails to list its tags', { status: 503, body: {} }],
  ])('is a missing tag, perhaps of a missing repository, if the registry %s', async (_, tags) => {
    const { clients } = registry(notFound('MANIFEST_UNKNOWN'), tags);

    expect(await readManifest(clients, host, tagged)).toEqual(unlisted);
  });

  it('of a repository that was never pushed is missing with its repository: only the list of tags says so', async () => {
    const { clients } = registry(notFound('MANIFEST_UNKNOWN'), notFound('NAME_UNKNOWN'));
    const digest = ref(`${host}/shop/orders@sha256:${'a'.repeat(64)}`);
    const whole = known({ state: 'missing', what: 'repository', tags: [] });

    expect(await readManifest(clients, host, tagged)).toEqual(whole);
    expect(await readManifest(clients, host, digest)).toEqual(whole);
  });

  it('whose repository has no tag left is a missing tag', async () => {
    const { clients } = registry(notFound('MANIFEST_UNKNOWN'), { body: { tags: null } });

    expect(await readManifest(clients, host, tagged)).toEqual(known({ state: 'missing', what: 'tag', tags: [] }));
  });

  it('by digest or of an unknown repository is missing as such', async () => {
    const digest = ref(`${host}/shop/orders@sha256:${'a'.repeat(64)}`);

    expect(await readManifest(registry(notFound('MANIFEST_UNKNOWN')).clients, host, digest)).toMatchObject({
      value: { what: 'digest' },
    });
    expect(await readManifest(registry(notFound('NAME_UNKNOWN')).clients, host, tagged)).toMatchObject({
      value: { what: 'repository' },
    });
  });

  it.each<[string, AzureAnswer, 'forbidden' | 'unexpected-answer']>([
    ['refuses us', { status: 401, body: {} }, 'forbidden'],
    ['answers 404 for another reason', notFound('DENIED'), 'unexpected-answer'],
  ])('is unreadable, not missing, if the registry %s', async (_, manifest, why) => {
    expect(await readManifest(registry(manifest).clients, host, tagged)).toEqual(unreadable(why));
  });

  it('is unreadable if the registry does not sign us in', async () => {
    const { clients, asked } = clientsOver(() => ({ status: 403, body: {} }));

    expect(await readManifest(clients, host, tagged)).toEqual(unreadable('forbidden'));
    expect(asked).toHaveLength(1);
  });
});

describe('the platform of an image', () => {
  const variant = (os: string, architecture: string): object => ({ digest: 'x', platform: { os, architecture } });
  const list = (...manifests: object[]): AzureAnswer => ({ body: { schemaVersion: 2, manifests } });
  const digestOfOne = `sha256:${'a'.repeat(64)}`;
  const one: AzureAnswer = {
    body: { schemaVersion: 2, config: {} },
    headers: { 'docker-content-digest': digestOfOne },
  };
  const attributes: AzureAnswer = { body: { manifest: { os: 'linux', architecture: 'arm64' } } };

  it('is read from the list of its variants, without attestations', async () => {
    const { clients } = registry(
      list(variant('linux', 'arm64'), variant('Linux', 'AMD64'), variant('unknown', 'unknown')),
    );

    expect(await readManifest(clients, host, tagged)).toEqual(
      known({ state: 'exists', platforms: ['linux/arm64', 'linux/amd64'] }),
    );
  });

  it.each<[string, AzureAnswer]>([
    ['a variant names none', list(variant('linux', 'arm64'), { digest: 'x' })],
    ['only attestations are listed', list(variant('unknown', 'unknown'))],
    ['a platform is no text', list({ digest: 'x', platform: { os: 1, architecture: [] } })],
    ['there is no list', one],
  ])('is not known where %s', async (_, manifest) => {
    expect(await readManifest(registry(manifest).clients, host, tagged)).toEqual(known({ state: 'exists' }));
  });

  it('is asked for where a text doubts it and there is no list', async () => {
    const { clients, asked } = registry(one, attributes);

    expect(await readManifest(clients, host, tagged, true)).toEqual(
      known({ state: 'exists', platforms: ['linux/arm64'] }),
    );
    expect(asked.at(-1)?.path).toBe(`/acr/v1/shop/orders/_manifests/${digestOfOne}`);
  });

  it.each<[string, AzureAnswer, AzureAnswer]>([
    ['refuses', one, { status: 401, body: {} }],
    ['says nothing of it', one, { body: { manifest: {} } }],
    ['names no digest', { body: { schemaVersion: 2 } }, attributes],
  ])('is not known where the registry %s', async (_, manifest, answer) => {
    expect(await readManifest(registry(manifest, answer).clients, host, tagged, true)).toEqual(
      known({ state: 'exists' }),
    );
  });
});
