// Reads an image reference the way container runtimes do: host, repository, tag, digest.

export interface ImageRef {
  /** Host with port, lower case; `docker.io` if the reference names no host. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const component = /^[a-z0-9]+(?:(?:[._]|__|-{1,8})[a-z0-9]+){0,30}$/;
const host =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,10}(?::[0-9]{1,5})?$/i;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestPattern = /^[a-z0-9]{2,20}:[0-9a-f]{32,128}$/;

/** Splits off the host. The first part is a host if it has a dot or a port or is localhost; otherwise the image is of Docker Hub. */
function splitHost(name: string): { registry: string; path: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const named = first.includes('.') || first.includes(':') || first === 'localhost';
  if (named) return { registry: first.toLowerCase(), path: name.slice(slash + 1) };
  return { registry: 'docker.io', path: slash < 0 ? `library/${name}` : name };
}

function cut(text: string, mark: string, from: number): [string, string | undefined] {
  const at = text.indexOf(mark, from);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Whether a text means this image. Runtimes write a reference in full (`docker.io/library/redis:latest` for `redis`), and some texts leave
 * the host out.
 */
export function meansImage(named: string, image: string): boolean {
  const [said, own] = [named.toLowerCase(), image.toLowerCase()];
  return said === own || own.endsWith(`/${said}`) || (inFull(said) ?? said) === (inFull(own) ?? own);
}

function inFull(image: string): string | undefined {
  const ref = parseImageRef(image);
  return ref === undefined
    ? undefined
    : `${ref.registry}/${ref.repository}:${ref.tag ?? (ref.digest === undefined ? 'latest' : '')}@${ref.digest ?? ''}`;
}

/** Reads a reference; `undefined` if the text is not a valid one. */
export function parseImageRef(text: string): ImageRef | undefined {
  if (text.length === 0 || text.length > 512) return undefined;
  const [named, digest] = cut(text, '@', 0);
  const [name, tag] = cut(named, ':', named.lastIndexOf('/') + 1);
  const { registry, path } = splitHost(name);
  const valid = host.test(registry) && path.split('/').every((part) => component.test(part));
  if (!valid || (tag !== undefined && !tagPattern.test(tag)) || (digest !== undefined && !digestPattern.test(digest)))
    return undefined;
  return {
    registry,
    repository: path,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
