import { describe, expect, it } from 'vitest';
import { broken, platform, reference, space } from '../../../src/lib/classify/rules-of-images.ts';
import { readBy, rulesWithoutMessage } from './read-by.ts';

const pulling = 'Failed to pull image "ghcr.io/acme/api:1": ';

describe('the rules about the image itself', () => {
  it('each read a message that software wrote', () => {
    expect(rulesWithoutMessage([...reference, ...space, ...platform, ...broken])).toEqual([]);
  });

  it('claim a fault of the image, its name or the disk, never one of a registry or a network', () => {
    const claimed = new Set([...reference, ...space, ...platform, ...broken].map(({ label }) => label));

    expect(claimed).toEqual(new Set(['invalid-reference', 'no-space', 'platform-mismatch', 'image-invalid']));
  });

  it.each([
    ['invalid-reference: kubelet-invalid-name', 'Error: InvalidImageName: "acme/API:1"'],
    ['invalid-reference: reference-format', 'invalid reference format: repository name must be lowercase'],
    ['no-space: disk-full', `${pulling}write /var/lib/containerd/x: no space left on device`],
    ['platform-mismatch: no-platform-in-index', `${pulling}no match for platform in manifest: not found`],
    ['image-invalid: digest-mismatch', `${pulling}failed size validation: 10 != 12: failed precondition`],
    ['image-invalid: layer-unpack', `${pulling}failed to extract layer sha256:aa: archive/tar`],
  ])('read it as %s', (read, text) => {
    expect(readBy(text)).toBe(read);
  });

  it('read a full disk only where a registry is spoken with, unless containerd itself says it', () => {
    expect(readBy('write /data/orders.db: no space left on device')).toBe('not-a-pull-failure: nothing-matched');
    expect(readBy('write /x: no space left on device: unknown')).toBe('no-space: disk-full-of-containerd');
  });

  it('read a lost blob only where a pull failed', () => {
    expect(readBy(`${pulling}content digest sha256:aa: not found`)).toBe('image-invalid: content-store');
    expect(readBy('garbage collection: content digest sha256:aa: not found')).not.toContain('image-invalid');
  });
});
