// Docker Hub, which answers to several names.

const names = /^(?:index\.|registry-1\.|registry\.|registry\.hub\.|auth\.)?docker\.(?:io|com)$/;

/** Whether a host is Docker Hub. An image without a host is of Docker Hub too. */
export function isDockerHub(host: string): boolean {
  return names.test(host.toLowerCase());
}
