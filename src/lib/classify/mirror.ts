// The mirror of a node of Container Apps, `localhost:8578`: it fetches images for the node and passes on what their own registry answers.
// Source: a public report shows 503 of `localhost:8578/v2/…?ns=docker.io` where Docker Hub had answered 429 (microsoft/azure-container-apps,
// issue 1670). `ns` is containerd's parameter for the host of the image (containerd, docs/hosts.md).

export interface MirrorRequest {
  /** The repository that was asked for. */
  readonly path: string;
  /** The host of the image's own registry, as the request names it. */
  readonly upstream?: string;
}

const request =
  /https?:\/\/localhost:8578\/v2\/([\w./-]{1,255}?)\/(?:manifests|blobs)\/[\w.:-]{1,140}(?:\?ns=([\w.-]{1,253}(?::\d{1,5})?))?/i;

/** The request to the mirror that a text speaks of; `undefined` if it speaks of none. */
export function mirrorRequest(text: string): MirrorRequest | undefined {
  const [whole, path = '', named] = request.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const upstream = named?.toLowerCase().replace(/\.+$/, '');
  return { path, ...(upstream === undefined ? {} : { upstream }) };
}

/** The text with the image's own registry in place of the mirror, where the request names it. */
export function withoutMirror(text: string): string {
  return text.replace(
    /(https?:\/\/)localhost:8578(\/v2\/[\w./-]{1,255}?\/(?:manifests|blobs)\/[\w.:-]{1,140})\?ns=([\w.-]{1,253}(?::\d{1,5})?)/gi,
    '$1$3$2',
  );
}
