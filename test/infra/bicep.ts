// Works out what a deployment of the templates would make: every resource with its real values. It knows the part of the language
// that the templates use, and throws at everything else.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Node } from 'web-tree-sitter';
import { parseBicep } from './bicep-syntax.ts';

export type Value = string | number | boolean | null | Value[] | Lambda | { [name: string]: Value };
type Lambda = (...args: Value[]) => Value;

/** A resource as it would be deployed. */
export interface Deployed {
  readonly file: string;
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** Where: `/subscriptions/…`, or `/subscriptions/…/resourceGroups/…`. */
  readonly at: string;
  readonly body: { [name: string]: Value };
  readonly existing: boolean;
}

interface Place {
  readonly file: string;
  readonly at: string;
  readonly cloud: string;
  readonly found: Deployed[];
}

interface Scope {
  readonly place: Place;
  readonly names: ReadonlyMap<string, () => Value>;
}

const literal = (node: Node): string => node.text;

function member(value: Value, name: string): Value {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new Error(`${JSON.stringify(value)} has no member ${name}`);
  const found = value[name];
  if (found !== undefined) return found;
  // What only Azure knows: a name for it, so that it can be followed through the templates.
  const symbol = value['$'];
  if (typeof symbol === 'string') return { $: `${symbol}.${name}` };
  throw new Error(`there is no ${name}`);
}

/** A value as text: what only Azure knows stands as <…>. */
export function textOf(value: Value): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value['$'] === 'string')
    return `<${value['$']}>`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function plain(value: Value): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('$' in value) return textOf(value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}

function listOf(value: Value | undefined): Value[] {
  if (!Array.isArray(value)) throw new Error(`not a list: ${JSON.stringify(value)}`);
  return value;
}

function lambdaOf(value: Value | undefined): Lambda {
  if (typeof value !== 'function') throw new Error('not a lambda');
  return value;
}

function objectOf(value: Value): { [name: string]: Value } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object');
  return value;
}

/** Objects are merged deeply, lists hold each value once: as the real `union` does. */
function union(values: readonly Value[]): Value {
  if (values.every((value) => Array.isArray(value))) {
    const all = values.flatMap((value) => listOf(value));
    return [...new Map(all.map((value) => [JSON.stringify(value), value])).values()];
  }
  const merged: { [name: string]: Value } = {};
  for (const value of values) {
    for (const [name, one] of Object.entries(objectOf(value))) {
      const before = merged[name];
      const both = [before, one].every((part) => typeof part === 'object' && part !== null && !Array.isArray(part));
      merged[name] = both && before !== undefined ? union([before, one]) : one;
    }
  }
  return merged;
}

const subscriptionOf = (at: string): string => at.split('/')[2] ?? '';

function builtIns(place: Place): Record<string, (...args: Value[]) => Value> {
  const text = (value: Value | undefined): string => textOf(value ?? '');
  return {
    concat: (...lists) => lists.flatMap((list) => listOf(list)),
    union: (...values) => union(values),
    map: (list, of) => listOf(list).map((one) => lambdaOf(of)(one)),
    filter: (list, of) => listOf(list).filter((one) => lambdaOf(of)(one) === true),
    contains: (all, one) =>
      Array.isArray(all) ? all.includes(one ?? null) : Object.hasOwn(objectOf(all ?? null), text(one)),
    // In the order of their names, as the real one.
    items: (all) =>
      Object.entries(objectOf(all ?? null))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => ({ key, value })),
    empty: (value) =>
      Array.isArray(value) || typeof value === 'string'
        ? value.length === 0
        : Object.keys(objectOf(value ?? {})).length === 0,
    toObject: (list, name, value) =>
      Object.fromEntries(
        listOf(list).map((one) => [text(lambdaOf(name)(one)), value === undefined ? one : lambdaOf(value)(one)]),
      ),
    startsWith: (one, start) => text(one).toLowerCase().startsWith(text(start).toLowerCase()),
    split: (one, by) => text(one).split(text(by)),
    last: (list) => listOf(list).at(-1) ?? null,
    toLower: (one) => text(one).toLowerCase(),
    take: (one, count) => text(one).slice(0, Number(count)),
    replace: (one, from, to) => text(one).replaceAll(text(from), text(to)),
    string: (value) => JSON.stringify(plain(value ?? null)),
    guid: (...parts) => `guid(${parts.map(text).join('|')})`,
    uniqueString: (...parts) => createHash('sha256').update(parts.map(text).join('|')).digest('hex').slice(0, 13),
    loadTextContent: (path) => readFileSync(join(dirname(place.file), text(path)), 'utf8'),
    readEnvironmentVariable: (_, fallback) => fallback ?? '',
    subscription: (id) => ({
      id: id === undefined ? `/subscriptions/${subscriptionOf(place.at)}` : `/subscriptions/${text(id)}`,
      subscriptionId: id === undefined ? subscriptionOf(place.at) : text(id),
    }),
    resourceGroup: (...args) => {
      const [subscription, group] = args.length === 2 ? args : [subscriptionOf(place.at), args[0]];
      return {
        name: group === undefined ? (place.at.split('/')[4] ?? '') : text(group),
        id: group === undefined ? place.at : `/subscriptions/${text(subscription)}/resourceGroups/${text(group)}`,
      };
    },
    subscriptionResourceId: (type, name) =>
      `/subscriptions/${subscriptionOf(place.at)}/providers/${text(type)}/${text(name)}`,
    tenant: () => ({ tenantId: '99999999-9999-4999-8999-999999999999' }),
    environment: () => ({
      name: place.cloud,
      suffixes: { storage: 'core.windows.net', keyvaultDns: '.vault.azure.net' },
      authentication: { loginEndpoint: 'https://login.microsoftonline.com/' },
    }),
  };
}

function child(node: Node, name: string): Node {
  const found = node.childForFieldName(name);
  if (found === null) throw new Error(`${node.type} without ${name}: ${node.text}`);
  return found;
}

function named(node: Node): Node[] {
  return node.namedChildren.filter((one): one is Node => one !== null && !one.type.endsWith('comment'));
}

function part(node: Node, index: number): Node {
  const found = named(node).at(index);
  if (found === undefined) throw new Error(`${node.type} has too few parts: ${node.text}`);
  return found;
}

function stringOf(scope: Scope, node: Node): Value {
  const parts = named(node).map((piece) => {
    if (piece.type === 'interpolation') return textOf(evaluate(scope, part(piece, 0)));
    if (piece.type === 'escape_sequence') return piece.text.slice(1).replace('n', '\n');
    return piece.text;
  });
  return parts.join('');
}

function binary(scope: Scope, node: Node): Value {
  const left = evaluate(scope, child(node, 'left'));
  const right = (): Value => evaluate(scope, child(node, 'right'));
  switch (child(node, 'operator').text) {
    case '&&':
      return left === true && right() === true;
    case '||':
      return left === true || right() === true;
    case '==':
      return left === right();
    case '!=':
      return left !== right();
    default:
      throw new Error(`not known: ${node.text}`);
  }
}

function withNames(scope: Scope, more: readonly (readonly [string, () => Value])[]): Scope {
  return { ...scope, names: new Map([...scope.names, ...more]) };
}

function call(scope: Scope, node: Node): Value {
  const name = child(node, 'function').text;
  const known = builtIns(scope.place)[name];
  if (known === undefined) throw new Error(`The function ${name} is not known.`);
  return known(...named(child(node, 'arguments')).map((argument) => evaluate(scope, argument)));
}

function object(scope: Scope, node: Node): { [name: string]: Value } {
  return Object.fromEntries(
    named(node).map((property) => {
      const [key, value] = [part(property, 0), part(property, 1)];
      return [key.type === 'string' ? textOf(stringOf(scope, key)) : literal(key), evaluate(scope, value)];
    }),
  );
}

/** The rounds of a loop, each with its names. */
function rounds(scope: Scope, node: Node): Scope[] {
  const variables = part(node, 0);
  const names = variables.type === 'for_loop_parameters' ? named(variables).map(literal) : [variables.text];
  return listOf(evaluate(scope, part(node, 1))).map((item, index) =>
    withNames(scope, [
      [names[0] ?? '', () => item],
      ...(names[1] === undefined ? [] : [[names[1], () => index] as const]),
    ]),
  );
}

function evaluate(scope: Scope, node: Node): Value {
  switch (node.type) {
    case 'string':
      return stringOf(scope, node);
    case 'number':
      return Number(node.text);
    case 'boolean':
      return node.text === 'true';
    case 'null':
      return null;
    case 'identifier': {
      const known = scope.names.get(node.text);
      if (known === undefined) throw new Error(`${scope.place.file}: ${node.text} is not known`);
      return known();
    }
    case 'array':
      return named(node).map((item) => evaluate(scope, item));
    case 'object':
      return object(scope, node);
    case 'parenthesized_expression':
      return evaluate(scope, part(node, 0));
    case 'unary_expression':
      if (!node.text.startsWith('!')) throw new Error(`not known: ${node.text}`);
      return evaluate(scope, child(node, 'argument')) !== true;
    case 'binary_expression':
      return binary(scope, node);
    case 'ternary_expression':
      return evaluate(
        scope,
        child(node, evaluate(scope, child(node, 'condition')) === true ? 'consequence' : 'alternative'),
      );
    case 'member_expression':
      return member(evaluate(scope, child(node, 'object')), child(node, 'property').text);
    case 'subscript_expression': {
      const [of, index] = [evaluate(scope, child(node, 'object')), evaluate(scope, child(node, 'index'))];
      return Array.isArray(of) ? (of[Number(index)] ?? null) : member(of, String(index));
    }
    case 'lambda_expression': {
      const variable = part(node, 0).text;
      return (item) => evaluate(withNames(scope, [[variable, () => item]]), part(node, 1));
    }
    case 'for_statement':
      return rounds(scope, node).map((round) => evaluate(round, part(node, 2)));
    case 'call_expression':
      return call(scope, node);
    default:
      throw new Error(`${scope.place.file}: ${node.type} is not known: ${node.text}`);
  }
}

/** The bodies that a declaration makes: none behind a condition that is not met, several in a loop. */
function bodies(scope: Scope, node: Node): { scope: Scope; node: Node; holds: boolean }[] {
  if (node.type === 'for_statement') return rounds(scope, node).flatMap((round) => bodies(round, part(node, 2)));
  if (node.type !== 'if_statement') return [{ scope, node, holds: true }];
  return [{ scope, node: part(node, 1), holds: evaluate(scope, part(part(node, 0), 0)) === true }];
}

function idOf(at: string, type: string, name: string, parent: Value | undefined): string {
  if (parent !== undefined) return `${textOf(member(parent, 'id'))}/${type.split('/').at(-1)}/${name}`;
  return `${at}/providers/${type}/${name}`;
}

function resource(scope: Scope, node: Node, typed: string, existing: boolean): Value {
  const made = bodies(scope, node).map((one) => {
    const body = object(one.scope, one.node);
    const [type = ''] = typed.split('@');
    const target = body['scope'] === undefined ? scope.place.at : textOf(member(body['scope'], 'id'));
    const name = textOf(body['name'] ?? '');
    const id =
      type === 'Microsoft.Resources/resourceGroups'
        ? `${target}/resourceGroups/${name}`
        : idOf(target, type, name, body['parent']);
    const deployed: Deployed = { file: scope.place.file, type, name, id, at: target, body, existing };
    if (one.holds) scope.place.found.push(deployed);
    // What only Azure knows keeps a name of its own, `type name`.
    return { ...(existing ? {} : {}), $: `${type} ${name}`, id, name };
  });
  return node.type === 'for_statement' ? made : (made[0] ?? null);
}

function module(scope: Scope, node: Node, path: string): Value {
  const outputs = bodies(scope, node).map((one) => {
    if (!one.holds) return null;
    const body = object(one.scope, one.node);
    const at = body['scope'] === undefined ? scope.place.at : textOf(member(body['scope'], 'id'));
    const file = join(dirname(scope.place.file), path);
    return { outputs: run({ ...scope.place, file, at }, objectOf(body['params'] ?? {})) };
  });
  return node.type === 'for_statement' ? outputs : (outputs[0] ?? null);
}

function once(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Runs one template: adds what it deploys to the list, and answers its outputs. */
function run(place: Place, params: { [name: string]: Value }): { [name: string]: Value } {
  const root = parseBicep(place.file);
  const names = new Map<string, () => Value>();
  const scope: Scope = { place, names };
  const outputs: (readonly [string, Node])[] = [];
  const deployments: (() => Value)[] = [];
  const taken = new Set<string>();
  const quoted = (node: Node): string => textOf(stringOf(scope, node));
  for (const statement of named(root)) {
    const body = named(statement).at(-1) ?? statement;
    const name = named(statement)[0]?.text ?? '';
    if (statement.type === 'variable_declaration')
      names.set(
        name,
        once(() => evaluate(scope, body)),
      );
    if (statement.type === 'output_declaration') outputs.push([name, body]);
    if (statement.type === 'parameter_declaration') {
      const given = params[name];
      taken.add(name);
      if (given === undefined && named(statement).length < 3) throw new Error(`${place.file}: ${name} is missing`);
      names.set(
        name,
        once(() => given ?? evaluate(scope, body)),
      );
    }
    if (statement.type === 'resource_declaration' || statement.type === 'module_declaration') {
      const target = quoted(part(statement, 1));
      const existing = statement.children.some((one) => one?.type === 'existing');
      const make = once(() =>
        statement.type === 'module_declaration' ? module(scope, body, target) : resource(scope, body, target, existing),
      );
      names.set(name, make);
      deployments.push(make);
    }
  }
  const unknown = Object.keys(params).filter((name) => !taken.has(name));
  if (unknown.length > 0) throw new Error(`${place.file}: there is no parameter ${unknown.join(', ')}`);
  for (const deploy of deployments) deploy();
  return Object.fromEntries(outputs.map(([name, node]) => [name, evaluate(scope, node)]));
}

/** What a subscription-scoped template would deploy. */
export function deploy(
  file: string,
  subscription: string,
  params: { [name: string]: Value },
  cloud = 'AzureCloud',
): readonly Deployed[] {
  const found: Deployed[] = [];
  run({ file, at: `/subscriptions/${subscription}`, cloud, found }, params);
  return found;
}

/** The values of a parameters file. */
export function parametersOf(file: string): { [name: string]: Value } {
  const scope: Scope = { place: { file, at: '', cloud: 'AzureCloud', found: [] }, names: new Map() };
  return Object.fromEntries(
    named(parseBicep(file))
      .filter((statement) => statement.type === 'variable_declaration')
      .map((statement) => [part(statement, 0).text, evaluate(scope, part(statement, 1))]),
  );
}
