import type { AttributeValue } from './attribute-value.ts';
import { isReserved } from './reserved-words.ts';
import { ExpressionError, type Reader } from './tokens.ts';

/** The path of an attribute: names and indexes of lists. */
export type Path = readonly (string | number)[];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Operand[] };

/** The names and values that all expressions of a request share. */
export type Scope = {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
  readonly usedNames: Set<string>;
  readonly usedValues: Set<string>;
};

/** An expression that is being parsed. */
export type Parsing = Reader & {
  readonly scope: Scope;
  /** Counts an operator or a function. */
  count(): void;
};

/** Formats a path as errors do: `[foo, [0], bar]`. */
export function pathText(path: Path): string {
  return `[${path.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;
}

/** Parses a path such as `foo.#bar[0]`. */
export function readPath(parsing: Parsing): Path {
  const path: (string | number)[] = [readName(parsing)];
  for (;;) {
    if (parsing.skipSign('.')) {
      path.push(readName(parsing));
    } else if (parsing.skipSign('[')) {
      path.push(parsing.peek().kind === 'number' ? Number(parsing.take().text) : parsing.fail());
      parsing.expectSign(']');
    } else {
      return path;
    }
  }
}

function readName({ peek, take, fail, scope }: Parsing): string {
  const { kind, text } = peek();
  if (kind === 'name') {
    take();
    const name = scope.names[text];
    if (name === undefined) {
      throw new ExpressionError(
        'An expression attribute name used in the document path is not defined; ' +
          `attribute name: ${text}`,
      );
    }
    scope.usedNames.add(text);
    return name;
  }
  if (kind !== 'word') {
    return fail();
  }
  if (isReserved(text)) {
    throw new ExpressionError(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
  }
  take();
  return text;
}

/** Parses `:value`. */
export function readValue({ peek, take, fail, scope }: Parsing): AttributeValue {
  const { kind, text } = peek();
  if (kind !== 'value') {
    return fail();
  }
  take();
  const value = scope.values[text];
  if (value === undefined) {
    throw new ExpressionError(
      `An expression attribute value used in expression is not defined; attribute value: ${text}`,
    );
  }
  scope.usedValues.add(text);
  return value;
}

/** Parses a path, a value, or a function with its operands. */
export function readOperand(parsing: Parsing): Operand {
  if (parsing.peek().kind === 'value') {
    return { kind: 'value', value: readValue(parsing) };
  }
  if (parsing.peek().kind === 'word' && parsing.isSign('(', 1)) {
    return readCall(parsing);
  }
  return { kind: 'path', path: readPath(parsing) };
}

/** Parses a function such as `begins_with(sk, :prefix)`. */
function readCall(parsing: Parsing): Operand {
  const name = parsing.take().text;
  parsing.count();
  return { kind: 'call', name, operands: readList(parsing) };
}

/** Parses a list of operands in brackets. */
export function readList(parsing: Parsing): readonly Operand[] {
  parsing.expectSign('(');
  const operands = [readOperand(parsing)];
  while (parsing.skipSign(',')) {
    operands.push(readOperand(parsing));
  }
  parsing.expectSign(')');
  return operands;
}
