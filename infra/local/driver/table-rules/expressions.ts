import type { AttributeValue } from './attribute-value.ts';
import { type Comparison, readCondition } from './condition.ts';
import { type Parsing, type Path, readPath, type Scope } from './operands.ts';
import type { Statement } from './statements.ts';
import { ExpressionError, readTokens } from './tokens.ts';
import { type Change, readUpdate, requireDisjointPaths } from './update.ts';

const MAX_EXPRESSION_BYTES = 4_096;
const MAX_OPERATORS = 300;

const EXPRESSIONS = [
  'UpdateExpression',
  'KeyConditionExpression',
  'ConditionExpression',
  'FilterExpression',
  'ProjectionExpression',
];

/** The parsed expressions of a statement. */
export type Expressions = {
  readonly changes: readonly Change[];
  readonly keyConditions: readonly Comparison[];
};

/**
 * Parses all expressions of a statement.
 *
 * @throws ExpressionError with the message of DynamoDB, for what it refuses without reading an item
 */
export function readExpressions({ input }: Statement): Expressions {
  const scope: Scope = {
    names: (input.ExpressionAttributeNames ?? {}) as Record<string, string>,
    values: (input.ExpressionAttributeValues ?? {}) as Record<string, AttributeValue>,
    usedNames: new Set(),
    usedValues: new Set(),
  };
  const read = <T>(name: string, reader: (parsing: Parsing) => readonly T[]): readonly T[] =>
    input[name] === undefined ? [] : readExpression(name, String(input[name]), scope, reader);
  requireSpelling('ExpressionAttributeNames', '#', scope.names);
  requireSpelling('ExpressionAttributeValues', ':', scope.values);
  const changes = read('UpdateExpression', readUpdate);
  const keyConditions = read('KeyConditionExpression', readCondition);
  read('ConditionExpression', readCondition);
  read('FilterExpression', readCondition);
  read('ProjectionExpression', readProjection);
  const isWithout = EXPRESSIONS.every((name) => input[name] === undefined);
  requireUse('ExpressionAttributeNames', scope.names, isWithout ? null : scope.usedNames);
  requireUse('ExpressionAttributeValues', scope.values, isWithout ? null : scope.usedValues);
  return { changes, keyConditions };
}

function readExpression<T>(
  name: string,
  text: string,
  scope: Scope,
  reader: (parsing: Parsing) => readonly T[],
): readonly T[] {
  let operators = 0;
  const count = () => {
    operators += 1;
  };
  try {
    const bytes = Buffer.byteLength(text);
    if (text === '') {
      throw new ExpressionError('The expression can not be empty;');
    }
    if (bytes > MAX_EXPRESSION_BYTES) {
      throw new ExpressionError(
        `Expression size has exceeded the maximum allowed size; expression size: ${bytes}`,
      );
    }
    const parts = reader({ ...readTokens(text), scope, count });
    if (operators > MAX_OPERATORS) {
      throw new ExpressionError(
        `The expression contains more than ${MAX_OPERATORS} operators; number of operators: ${operators}`,
      );
    }
    return parts;
  } catch (error) {
    if (error instanceof ExpressionError) {
      throw new ExpressionError(`Invalid ${name}: ${error.message}`);
    }
    throw error;
  }
}

function readProjection(parsing: Parsing): readonly Path[] {
  const paths: Path[] = [];
  do {
    paths.push(readPath(parsing));
  } while (parsing.skipSign(','));
  if (parsing.peek().kind !== 'end') {
    parsing.fail();
  }
  requireDisjointPaths(paths);
  return paths;
}

function requireSpelling(
  name: string,
  sign: string,
  given: Readonly<Record<string, unknown>>,
): void {
  const wrong = Object.keys(given).find((key) => !key.startsWith(sign));
  if (wrong !== undefined) {
    throw new ExpressionError(`${name} contains invalid key: Syntax error; key: "${wrong}"`);
  }
}

/**
 * Checks that each name or value is used in an expression.
 *
 * @param used null if there is no expression
 */
function requireUse(
  name: string,
  given: Readonly<Record<string, unknown>>,
  used: ReadonlySet<string> | null,
): void {
  const unused = Object.keys(given).filter((key) => !used?.has(key));
  if (used === null && unused.length > 0) {
    throw new ExpressionError(`${name} can only be specified when using expressions`);
  }
  if (unused.length > 0) {
    throw new ExpressionError(
      `Value provided in ${name} unused in expressions: keys: {${unused.join(', ')}}`,
    );
  }
}
