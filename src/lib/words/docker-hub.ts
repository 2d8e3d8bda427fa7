// Docker Hub, which answers to several names.

const names = /^(?:index\.|registry-1\.|registry\.|registry\.hub\.|auth\.)?docker\.(?:io|com)$/;

/** Whether a host is Docker Hub. An image without a host is of Docker Hub too. */
export function isDockerHub(host: string): boolean {
  return names.test(host.toLowerCase());
}

/** Whether a host is the website of Docker Hub. No registry answers there; people copy the host from their browser. */
export function isHubWebsite(host: string): boolean {
  return host.toLowerCase() === 'hub.docker.com';
}
