// Reads Bicep files into syntax trees. The grammar ignores line ends, so that what stands on lines of its own can merge into one
// expression; such places are found and refused, and so is everything that the grammar does not know.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';

async function load(): Promise<Parser> {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return parser;
}

const parser = await load();

export function nodesOf(root: Node): Node[] {
  return [root, ...root.namedChildren.flatMap((child) => (child === null ? [] : nodesOf(child)))];
}

function where(node: Node): string {
  return `line ${node.startPosition.row + 1}`;
}

/** Two parts that the real language would end at the line break between them, and that the grammar read as one. */
function isMerged(node: Node): boolean {
  const [first, second] =
    node.type === 'call_expression'
      ? [node.childForFieldName('function'), node.childForFieldName('arguments')]
      : node.type === 'subscript_expression'
        ? [node.childForFieldName('object'), node.childForFieldName('index')]
        : node.type === 'binary_expression'
          ? [node.childForFieldName('left'), node.childForFieldName('right')]
          : [];
  return first != null && second != null && first.endPosition.row !== second.startPosition.row;
}

/** One item that was read as two: between two items of one line stands a comma. */
function isSplit(node: Node): boolean {
  if (node.type !== 'array') return false;
  return node.children.some((item, index) => {
    const next = node.children[index + 1];
    const both =
      item?.isNamed === true && next?.isNamed === true && ![item, next].some((one) => one.type.endsWith('comment'));
    return both && item.endPosition.row === next.startPosition.row;
  });
}

const ends = new Set([
  'identifier',
  'member_expression',
  'call_expression',
  'subscript_expression',
  'parenthesized_expression',
]);

/** An expression that ended too early: `one => one.id` is read as a member of the lambda, `a ? b : c.d` as one of the choice. */
function isCutShort(node: Node): boolean {
  const owner = node.childForFieldName('object') ?? node.childForFieldName('function');
  if (owner !== null) return !ends.has(owner.type);
  const first = node.childForFieldName('left') ?? node.childForFieldName('condition');
  return first?.type === 'lambda_expression' || first?.type === 'ternary_expression';
}

/** What is not read right, one sentence each. */
export function misread(source: string): string[] {
  const root = rootOf(source);
  const all = nodesOf(root);
  return [
    ...all.filter((node) => node.isError || node.isMissing).map((node) => `${where(node)}: not understood`),
    ...all.filter(isMerged).map((node) => `${where(node)}: two lines were read as one`),
    ...all.filter(isSplit).map((node) => `${where(node)}: one item was read as two`),
    ...all.filter(isCutShort).map((node) => `${where(node)}: an expression was cut short`),
    ...(root.hasError ? ['there are errors'] : []),
  ];
}

/** The grammar wants a type after the name of a parameter; a parameters file has none. */
function rootOf(source: string): Node {
  const known = /^using /m.test(source) ? source.replace(/^param (\w+) =/gm, 'var $1 =') : source;
  const tree = parser.parse(known);
  if (tree === null) throw new Error('The grammar gave no tree.');
  return tree.rootNode;
}

const parsed = new Map<string, Node>();

/** The tree of a file. Throws when anything in it is not read right. */
export function parseBicep(path: string): Node {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const source = readFileSync(path, 'utf8');
  const problems = misread(source);
  if (problems.length > 0) throw new Error(`${path}: ${problems.join('; ')}`);
  const root = rootOf(source);
  parsed.set(path, root);
  return root;
}
