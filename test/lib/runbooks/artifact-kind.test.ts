// A tag that has another artifact than an image is told by the media type in the text, and by nothing else.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { sayArtifact } from '../../../src/lib/runbooks/artifact-kind.ts';
import { diagnosisOf, textOf } from './cases.ts';

const unpacking = 'failed to pull and unpack image "acrshop.azurecr.io/shop/orders:v1": ';

function saidOf(text: string): string {
  const { label, words, rule } = classify(`${unpacking}${text}`);
  expect(label).toBe('image-invalid');
  return sayArtifact({
    diagnosis: { ...diagnosisOf('image-invalid', {}), for: [{ code: 'log-says', detail: { label, words, rule } }] },
  });
}

describe('what a tag has in place of an image', () => {
  it.each([
    ['a Helm chart', 'application/vnd.cncf.helm.config.v1+json'],
    ['a signature', 'application/vnd.dev.cosign.simplesigning.v1+json'],
    ['a signature', 'application/vnd.cncf.notary.signature'],
    ['an attestation', 'application/vnd.in-toto+json'],
  ])('is %s', (kind, type) => {
    expect(saidOf(`unsupported media type ${type}: not implemented`)).toContain(kind);
  });

  it('is not known of a layer that is broken, or of an old manifest', () => {
    expect(saidOf('failed to extract layer sha256:55ee: exit status 1')).toBe('');
    expect(saidOf('unsupported media type application/vnd.docker.distribution.manifest.v1+json')).toBe('');
  });

  it('is said by the runbook, without a word of the log', () => {
    const words = 'unsupported media type application/vnd.in-toto+json $(reboot)';
    const found = { code: 'log-says', detail: { label: 'image-invalid', words, rule: 'media-type' } } as const;
    const said = textOf('image-invalid', { diagnosis: { ...diagnosisOf('image-invalid', {}), for: [found] } });

    expect(said).toContain('--provenance=false');
    expect(said).not.toContain('reboot');
  });
});
