// What is wrong with an image reference, where the text alone proves that no registry can have the image.

import { isDockerHub } from './docker-hub.ts';
import type { ImageRef } from './image-ref.ts';
import { parseImageRef } from './image-ref.ts';
import { withoutUserinfo } from './userinfo.ts';

/** Each of them is a mistake that a person makes in a template or a pipeline. */
export type ReferenceFault =
  | 'space'
  | 'placeholder'
  | 'scheme'
  | 'leading-slash'
  | 'empty-part'
  | 'empty-tag'
  | 'upper-case'
  /** Docker reads a first part with upper-case letters as a host (distribution/reference: `splitDockerDomain`); others refuse it. */
  | 'upper-case-first'
  | 'tag'
  | 'character'
  | 'host-doubled'
  /** The path repeats the host of its own registry. A registry may have such a repository all the same. */
  | 'host-in-path'
  /** The reference does not parse, and which rule it breaks was not found. A runtime may read it otherwise. */
  | 'unclear';

/** Whether the fault proves by itself that nothing can be pulled under this name. */
export function isCertain(fault: ReferenceFault): boolean {
  return fault !== 'host-in-path' && fault !== 'upper-case-first' && fault !== 'unclear';
}

/**
 * The fault of a reference; `undefined` for one that can be right. The rules are those of the grammar that Docker, containerd and kubelet
 * share (distribution/reference: `regexp.go`), in the order in which a reader of the text would see them.
 */
export function referenceFault(image: string): ReferenceFault | undefined {
  for (const { fault, shows } of visible) if (shows.test(image)) return fault;
  const ref = parseImageRef(image);
  return ref === undefined ? faultOfParts(image) : doubledHost(ref);
}

const visible: readonly { readonly fault: ReferenceFault; readonly shows: RegExp }[] = [
  { fault: 'placeholder', shows: /[#$%@]\{|\{\{|\}\}|[$<>{}%]/ },
  { fault: 'space', shows: /\s/ },
  { fault: 'scheme', shows: /^[a-z][a-z0-9+.-]{0,20}:\/\//i },
  { fault: 'leading-slash', shows: /^\// },
  { fault: 'empty-part', shows: /\/\/|\/$|\/[:@]/ },
  { fault: 'empty-tag', shows: /^$|[:@]$|:@/ },
  // Brackets may be an IPv6 host, which some runtimes read.
  { fault: 'character', shows: /[^\w.:/@+[\]-]/ },
];

function faultOfParts(image: string): ReferenceFault {
  const [named = '', digest] = image.split('@');
  const slash = named.indexOf('/');
  const first = slash < 0 ? '' : named.slice(0, slash);
  const path = /[.:]/.test(first) || first === 'localhost' ? named.slice(slash + 1) : named;
  const colon = path.indexOf(':', path.lastIndexOf('/') + 1);
  const name = colon < 0 ? path : path.slice(0, colon);
  const ofFirst = path === named && /[A-Z]/.test(first);
  if (/[A-Z]/.test(ofFirst ? name.slice(slash + 1) : name)) return 'upper-case';
  if (ofFirst) return 'upper-case-first';
  const tag = colon < 0 ? undefined : path.slice(colon + 1);
  return digest === undefined && tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag) ? 'tag' : 'unclear';
}

/**
 * A host that stands twice. No registry of Azure has a dot in its name, and no account of Docker Hub has one (Docker: "a Docker ID can
 * only contain numbers and lowercase letters").
 */
function doubledHost({ registry, repository }: ImageRef): ReferenceFault | undefined {
  const [first = ''] = repository.split('/');
  if (/\.azurecr\.(?:io|cn|us)\..*azurecr\.(?:io|cn|us)$/.test(registry)) return 'host-doubled';
  if (isDockerHub(registry)) return first.includes('.') && repository.includes('/') ? 'host-doubled' : undefined;
  return first === registry ? 'host-in-path' : undefined;
}

/**
 * The reference that was probably meant; `undefined` where it cannot be told. `server` is the only registry that the app has an entry for.
 */
export function meantReference(image: string, server: string | undefined): string | undefined {
  const meant = repaired(image, referenceFault(image), server);
  return meant !== undefined && meant !== image && referenceFault(meant) === undefined ? meant : undefined;
}

/** The image at this host. Where its path begins with the first label of the host, only the rest of the host was lost. */
function withHost(server: string, image: string): string {
  const [label = ''] = server.split('.');
  return image.startsWith(`${label}/`) ? `${server}${image.slice(label.length)}` : `${server}/${image}`;
}

function repaired(image: string, fault: ReferenceFault | undefined, server: string | undefined): string | undefined {
  switch (fault) {
    case 'leading-slash':
      return server === undefined ? undefined : `${server}${image}`;
    case 'scheme':
      return withoutUserinfo(image).replace(/^[^/]*\/\/(?:\[secret\]@)?/, '');
    case 'upper-case':
    case 'upper-case-first':
      return image.replace(/^[^:@]*/, (name) => name.toLowerCase());
    case 'host-doubled':
    case 'host-in-path':
      return withoutDoubledHost(image);
    case undefined:
      return server === undefined || namesHost(image) ? undefined : withHost(server, image);
    case 'space':
    case 'placeholder':
    case 'empty-part':
    case 'empty-tag':
    case 'tag':
    case 'character':
    case 'unclear':
      return undefined;
  }
}

function withoutDoubledHost(image: string): string {
  const [host = '', ...path] = image.split('/');
  const twice = /^(.*?\.azurecr\.(?:io|cn|us))\.[^/]*$/i.exec(host);
  return twice?.[1] === undefined ? path.join('/') : [twice[1], ...path].join('/');
}

/** Whether the reference itself says which registry it is of. */
export function namesHost(image: string): boolean {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  return /[.:]/.test(first) || first === 'localhost';
}
