// Finds the route of an HTTP function for a path and a method, with its parameters.
import { AppRejected, type RegisteredFunction } from './load.ts';

interface Placeholder {
  readonly name: string;
  readonly optional: boolean;
  readonly rest: boolean;
  readonly constraint?: RegExp | undefined;
}

type Segment = string | Placeholder;

export interface Route {
  readonly fn: RegisteredFunction;
  readonly methods: readonly string[];
  readonly level: string;
  readonly segments: readonly Segment[];
}

/** The inline constraints that this host models. A value that does not meet its constraint gives a 404. */
const constraints = new Map([
  ['int', /^[+-]?\d{1,10}$/],
  ['long', /^[+-]?\d{1,19}$/],
  ['bool', /^(?:true|false)$/i],
  ['alpha', /^[a-z]*$/i],
  ['guid', /^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i],
]);

function segmentOf(text: string, fn: RegisteredFunction): Segment {
  if (!/[{}]/.test(text)) return text;
  const parts = /^\{(\*{0,2})(\w+)(?::(\w+))?(\?)?\}$/.exec(text);
  const constraint = parts?.[3] === undefined ? undefined : constraints.get(parts[3]);
  if (parts?.[2] === undefined || (parts[3] !== undefined && constraint === undefined))
    throw new AppRejected(`Function "${fn.name}": the route part ${text} is not modelled here.`);
  return { name: parts[2], optional: parts[4] === '?', rest: parts[1] !== '', constraint };
}

function methodsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map((method) => String(method).toUpperCase()) : ['GET', 'POST'];
}

function routeOf(fn: RegisteredFunction): Route {
  const { route, methods, authLevel } = fn.trigger;
  const path = typeof route === 'string' ? route : fn.name;
  return {
    fn,
    methods: methodsOf(methods),
    level: typeof authLevel === 'string' ? authLevel.toLowerCase() : 'function',
    segments: path.split('/').flatMap((text) => (text === '' ? [] : [segmentOf(text, fn)])),
  };
}

/** The rank of a route: from left to right, literal segments win over placeholders, and placeholders over a rest of the path. */
function specificity({ segments }: Route): string {
  return segments.map((segment) => (typeof segment === 'string' ? '0' : segment.rest ? '2' : '1')).join('');
}

/** The routes of the app, in the order in which they are tried. */
export function routesOf(functions: readonly RegisteredFunction[]): Route[] {
  const routes = functions.filter((fn) => fn.trigger.type === 'httpTrigger').map(routeOf);
  return routes.sort((a, b) => (specificity(a) < specificity(b) ? -1 : 1));
}

/** Decodes a segment once, as the router does. A segment that cannot be decoded stays unchanged. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function matchOne(segment: Segment, part: string | undefined): [string, string][] | undefined {
  if (typeof segment === 'string')
    return part !== undefined && decoded(part).toLowerCase() === segment.toLowerCase() ? [] : undefined;
  if (part === undefined) return segment.optional ? [] : undefined;
  const value = decoded(part);
  return segment.constraint === undefined || segment.constraint.test(value) ? [[segment.name, value]] : undefined;
}

/** The parameters of a path on a route; `undefined` if it does not match. An absent optional parameter is left out, not "". */
export function matchRoute(segments: readonly Segment[], path: readonly string[]): Record<string, string> | undefined {
  const params: [string, string][] = [];
  for (const [index, segment] of segments.entries()) {
    if (typeof segment !== 'string' && segment.rest) {
      const rest = path.slice(index).map(decoded).join('/');
      return Object.fromEntries(rest === '' ? params : [...params, [segment.name, rest]]);
    }
    const matched = matchOne(segment, path[index]);
    if (matched === undefined) return undefined;
    params.push(...matched);
  }
  return path.length > segments.length ? undefined : Object.fromEntries(params);
}

/** The route for a request, below the route prefix. `undefined` means 404, even if only the method differs. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: readonly string[],
): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const params = route.methods.includes(method) ? matchRoute(route.segments, path) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}
