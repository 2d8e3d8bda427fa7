// Docker Hub answers to several names, and each of them is the same registry.
import { describe, expect, it } from 'vitest';
import { isDockerHub, isHubWebsite } from '../../../src/lib/words/docker-hub.ts';

describe('Docker Hub', () => {
  it.each(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'Registry.Hub.Docker.com', 'auth.docker.io'])(
    'is %s',
    (host) => {
      expect(isDockerHub(host)).toBe(true);
    },
  );

  it.each(['docker.io.evil.example', 'mydocker.io', 'docker.iox', 'quay.io', 'ghcr.io', 'hub.docker.com.example', ''])(
    'is not %s',
    (host) => {
      expect(isDockerHub(host)).toBe(false);
    },
  );
});

describe('the website of Docker Hub', () => {
  it('is hub.docker.com, and no registry', () => {
    expect(['hub.docker.com', 'HUB.docker.com', 'docker.io', 'registry.hub.docker.com'].map(isHubWebsite)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(isDockerHub('hub.docker.com')).toBe(false);
  });
});
