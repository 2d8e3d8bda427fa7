// Conditions of role assignments, as far as Microsoft documents them for repositories. The simulation says which conditions it does not
// understand, and never guesses.

/** What is asked for: a data action on a repository. */
export interface Asked {
  readonly action: string;
  readonly repository: string;
}

type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'action'; readonly pattern: string }
  | { readonly kind: 'name'; readonly compare: Comparison; readonly value: string };

type Comparison = (name: string, value: string) => boolean;

/** A condition that is not one of the documented forms. */
class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

const attribute = /^@(?:Request|Resource)\[Microsoft\.ContainerRegistry\/registries\/repositories:name\]$/i;

const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['stringequals', (name, value) => name === value],
  ['stringequalsignorecase', (name, value) => name.toLowerCase() === value.toLowerCase()],
  ['stringstartswith', (name, value) => name.startsWith(value)],
  ['stringstartswithignorecase', (name, value) => name.toLowerCase().startsWith(value.toLowerCase())],
]);

const token = /\s*(?:(\(|\)|!|&&|\|\||\{|\})|(@\w+\[[^\]]*\])|'([^']*)'|(\w+))/y;

interface Token {
  readonly kind: 'sign' | 'attribute' | 'text' | 'word';
  readonly text: string;
}

function tokensOf(condition: string): Token[] {
  const source = condition.trimEnd();
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const match = token.exec(source);
    if (match === null) throw new NotUnderstood();
    const [, sign, named, text, word] = match;
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (named !== undefined) tokens.push({ kind: 'attribute', text: named });
    else if (text !== undefined) tokens.push({ kind: 'text', text });
    else tokens.push({ kind: 'word', text: (word ?? '').toLowerCase() });
  }
  return tokens;
}

/** Reads tokens from the left: OR binds weaker than AND, AND weaker than NOT. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#or();
    if (this.#at < this.#tokens.length) throw new NotUnderstood();
    return expression;
  }

  #takes(...texts: readonly string[]): boolean {
    const next = this.#tokens[this.#at];
    const taken = next !== undefined && next.kind !== 'text' && texts.includes(next.text);
    if (taken) this.#at += 1;
    return taken;
  }

  #needs(kind: Token['kind'], text?: string): string {
    const next = this.#tokens[this.#at];
    if (next?.kind !== kind || (text !== undefined && next.text !== text)) throw new NotUnderstood();
    this.#at += 1;
    return next.text;
  }

  #or(): Expression {
    const parts = [this.#and()];
    while (this.#takes('or', '||')) parts.push(this.#and());
    return { kind: 'or', parts };
  }

  #and(): Expression {
    const parts = [this.#not()];
    while (this.#takes('and', '&&')) parts.push(this.#not());
    return { kind: 'and', parts };
  }

  #not(): Expression {
    if (this.#takes('not', '!')) return { kind: 'not', of: this.#not() };
    if (!this.#takes('(')) return this.#leaf();
    const inner = this.#or();
    this.#needs('sign', ')');
    return inner;
  }

  #leaf(): Expression {
    if (this.#takes('actionmatches')) {
      this.#needs('sign', '{');
      const pattern = this.#needs('text');
      this.#needs('sign', '}');
      return { kind: 'action', pattern };
    }
    if (!attribute.test(this.#needs('attribute'))) throw new NotUnderstood();
    const compare = comparisons.get(this.#needs('word'));
    if (compare === undefined) throw new NotUnderstood();
    return { kind: 'name', compare, value: this.#needs('text') };
  }
}

/** Whether a pattern of actions, with `*` for any run of characters, covers an action; without case, as in Azure. */
export function actionMatches(pattern: string, action: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`))
    .join('.*');
  return new RegExp(`^${source}$`, 'i').test(action);
}

function holds(expression: Expression, asked: Asked): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.parts.every((part) => holds(part, asked));
    case 'or':
      return expression.parts.some((part) => holds(part, asked));
    case 'not':
      return !holds(expression.of, asked);
    case 'action':
      return actionMatches(expression.pattern, asked.action);
    case 'name':
      return expression.compare(asked.repository, expression.value);
  }
}

/** Whether a condition lets this happen; `undefined` when it is not one of the documented forms. */
export function conditionHolds(condition: string, asked: Asked): boolean | undefined {
  try {
    return holds(new Parser(tokensOf(condition)).whole(), asked);
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}
