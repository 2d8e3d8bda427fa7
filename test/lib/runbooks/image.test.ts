// Runbooks of the image: what the registry was asked, and the image to deploy instead.
import { describe, expect, it } from 'vitest';
import { known } from '../../../src/lib/words/fact.ts';
import { targetOf, unnamedImage } from '../../../src/lib/words/target.ts';
import { nowMs, roleMissing, target } from '../facts.ts';
import { diagnosisOf, textOf } from './cases.ts';

describe('the runbook of an image', () => {
  it('deploys the latest tag that exists in place of a missing one', () => {
    expect(textOf('tag-missing')).toContain('--image acrshop.azurecr.io/shop/orders:v7');
  });

  it('says that the registry was asked, where it was', () => {
    const asked = { diagnosis: diagnosisOf('repository-missing', { what: 'repository' }) };
    const notAsked = { diagnosis: diagnosisOf('repository-missing', {}) };

    expect(textOf('repository-missing', asked)).toContain('the repository does not exist');
    expect(textOf('repository-missing', notAsked)).not.toContain('was asked');
  });

  it('says that the repository may be missing where its tags could not be listed, and only there', () => {
    const unlisted = { diagnosis: diagnosisOf('tag-missing', { what: 'tag', unlisted: 'yes' }) };
    const listed = { diagnosis: diagnosisOf('tag-missing', { what: 'tag' }) };

    expect(textOf('tag-missing', unlisted)).toContain('the whole repository may be missing');
    expect(textOf('tag-missing', unlisted)).toContain('az acr repository list');
    expect(textOf('tag-missing', listed)).not.toContain('the whole repository');
  });

  it('offers the tag that stands beside a missing digest', () => {
    const both = { target: { ...target, image: `${target.image}@sha256:${'a'.repeat(64)}` } };

    expect(textOf('digest-missing', both)).toContain(`--image ${target.image}`);
    expect(textOf('digest-missing', both)).not.toContain(`--image ${target.image}@`);
    expect(textOf('digest-missing')).toContain(`--image ${target.image}`);
  });

  it('builds an image anew under a tag of its own, because others may use what the tag has', () => {
    for (const cause of ['platform-mismatch', 'image-invalid'] as const) {
      const text = textOf(cause);
      expect(text).toContain('--image shop/orders:NEW_TAG .');
      expect(text).toContain('--image acrshop.azurecr.io/shop/orders:NEW_TAG');
      expect(text).not.toMatch(/az acr build[^"]*:v1 /);
    }
  });

  it('says that a part is gone, that no later try finds it, and what deletes such parts', () => {
    const text =
      'failed to copy: httpReadSeeker: failed open: could not fetch content descriptor sha256:7d0f1a66 (application/vnd.oci.image.manifest.v1+json) from remote: not found';
    const row = { atMs: nowMs, revision: '', replica: '', reason: '', severity: '', text };
    const said = textOf('image-invalid', { evidence: { ...roleMissing, logs: known([row]) } });

    expect(said).toContain('lacks a part of the image');
    expect(said).toContain('No later try finds it');
    expect(said).toContain('az acr manifest list-deleted');
    expect(said).not.toContain('Helm');
    expect(textOf('image-invalid')).not.toContain('lacks a part');
  });

  it('names the option that leaves an attestation out, where the platform is that of one', () => {
    const text = 'image OS/Arc must be linux/amd64 but found unknown/unknown';
    const row = { atMs: nowMs, revision: '', replica: '', reason: '', severity: '', text };

    expect(textOf('platform-mismatch', { evidence: { ...roleMissing, logs: known([row]) } })).toContain(
      '--provenance=false',
    );
    expect(textOf('platform-mismatch')).not.toContain('--provenance');
  });

  describe('of a container group of Windows', () => {
    const said = (text: string) => {
      const row = { atMs: nowMs, revision: '', replica: '', reason: '', severity: '', text };
      return textOf('platform-mismatch', { evidence: { ...roleMissing, logs: known([row]) } });
    };

    it('is built on a version of Windows that is supported, and never for Linux', () => {
      const old = said('UnsupportedWindowsVersion: Unsupported windows image version. Supported versions are …');

      expect(old).toContain('a Windows version that is not supported');
      expect(old).not.toContain('linux');
    });

    it('gets an image for Windows, or the system of its image', () => {
      const other = said(
        "The OS type 'Linux' of image 'x' does not match the OS type 'Windows' of container group 'y'.",
      );

      expect(other).toContain('is a group of Windows');
      expect(other).toContain('--os-type Linux');
      expect(other).not.toContain('az acr build');
    });

    it('is not meant where the group is of Linux', () => {
      expect(
        said("The OS type 'null' of image 'x' does not match the OS type 'Linux' of container group 'y'."),
      ).toContain('Build the image for linux/amd64');
    });
  });

  it('puts a placeholder where the refused write does not name its image, and no image with that name', () => {
    const unnamed = { target: targetOf(target.appId, unnamedImage) };

    for (const cause of ['platform-mismatch', 'image-invalid', 'tag-missing'] as const) {
      expect(textOf(cause, unnamed)).not.toContain(`'${unnamedImage}`);
      expect(textOf(cause, unnamed)).toContain('--image IMAGE');
    }
  });

  it('builds no image of other people for another platform, and proposes no tag of theirs to push', () => {
    const microsofts = targetOf(target.appId, 'mcr.microsoft.com/dotnet/framework/samples:aspnetapp');
    const said = textOf('platform-mismatch', { target: microsofts });

    expect(said).toContain('The image belongs to others');
    expect(said).toContain('--image mcr.microsoft.com/dotnet/framework/samples:TAG');
    expect(said).not.toMatch(/NEW_TAG|Build the image/);
  });

  it('names the platforms that the registry has the image for, where they were read', () => {
    const found = { code: 'other-platforms', detail: { platforms: 'windows/amd64' } } as const;
    const diagnosis = { ...diagnosisOf('platform-mismatch', {}), for: [found] };

    expect(textOf('platform-mismatch', { diagnosis })).toContain('The registry has it for windows/amd64.');
    expect(textOf('platform-mismatch')).not.toContain('The registry has it for');
  });

  it('offers no command of az acr for a registry that is not in Azure', () => {
    const hub = { target: { ...target, registry: 'docker.io', image: 'acme/orders:v1' } };

    for (const cause of ['tag-missing', 'digest-missing', 'platform-mismatch', 'image-invalid'] as const)
      expect(textOf(cause, hub)).not.toContain('az acr');
  });
});
