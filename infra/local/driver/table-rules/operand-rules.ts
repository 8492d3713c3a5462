import { compareValues, typeOf } from './attribute-value.ts';
import { type Operand, pathText } from './operands.ts';
import { ExpressionError } from './tokens.ts';

const VALUE_TYPES = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M'];
/** The types with an order. */
const SORTABLE = ['S', 'N', 'B'];
const MAX_IN_OPERANDS = 100;

type Call = Extract<Operand, { kind: 'call' }>;

const OPERANDS_OF: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
  if_not_exists: 2,
  list_append: 2,
};
const IN_UPDATES = ['if_not_exists', 'list_append'];

/**
 * Checks that a function is allowed in this kind of expression, and the number and kinds of its
 * operands.
 */
export function requireValidCall({ name, operands }: Call, of: 'condition' | 'update'): void {
  const wanted = OPERANDS_OF[name];
  if (wanted === undefined) {
    throw new ExpressionError(`Invalid function name; function: ${name}`);
  }
  if (IN_UPDATES.includes(name) !== (of === 'update')) {
    throw misused(name);
  }
  if (operands.length !== wanted) {
    throw new ExpressionError(
      `Incorrect number of operands for operator or function; operator or function: ${name}, ` +
        `number of operands: ${operands.length}`,
    );
  }
  requireDistinct(name, operands);
  OPERAND_RULES[name]?.(name, operands);
}

const OPERAND_RULES: Readonly<
  Record<string, (name: string, operands: readonly Operand[]) => void>
> = {
  attribute_exists: requirePathFirst,
  attribute_not_exists: requirePathFirst,
  if_not_exists: requirePathFirst,
  begins_with: (name, operands) => requireTypes(name, operands, ['S', 'B']),
  list_append: (name, operands) => requireTypes(name, operands, ['L']),
  size: (name, operands) => requireTypes(name, operands, ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M']),
  attribute_type: requireTypeName,
};

function requirePathFirst(name: string, [first]: readonly Operand[]): void {
  if (first?.kind !== 'path') {
    throw new ExpressionError(
      `Operator or function requires a document path; operator or function: ${name}`,
    );
  }
}

function requireTypeName(name: string, [, second]: readonly Operand[]): void {
  if (second?.kind !== 'value') {
    throw wrongType(name, '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}');
  }
  requireTypes(name, [second], ['S']);
  if (!VALUE_TYPES.includes(String(second.value.S))) {
    throw new ExpressionError(
      `Invalid attribute type name found; type: ${second.value.S}, ` +
        `valid types: {${VALUE_TYPES.join(',')}}`,
    );
  }
}

/** Checks that each operand of a known type has one of these types. */
export function requireTypes(
  operator: string,
  operands: readonly Operand[],
  types: readonly string[],
): void {
  for (const operand of operands) {
    if (operand.kind === 'value' && !types.includes(typeOf(operand.value))) {
      throw wrongType(operator, typeOf(operand.value));
    }
  }
}

function wrongType(operator: string, type: string): ExpressionError {
  return new ExpressionError(
    `Incorrect operand type for operator or function; operator or function: ${operator}, ` +
      `operand type: ${type}`,
  );
}

/** Checks the operands of an operator of a condition. */
export function requireValidComparison(operator: string, operands: readonly Operand[]): void {
  for (const operand of operands) {
    if (operand.kind === 'call' && operand.name !== 'size') {
      throw misused(operand.name);
    }
  }
  if (operator === 'IN') {
    if (operands.length - 1 > MAX_IN_OPERANDS) {
      throw new ExpressionError(
        'The IN operator is provided with too many operands; ' +
          `number of operands: ${operands.length - 1}`,
      );
    }
    return;
  }
  if (operator === 'BETWEEN') {
    requireTypes(operator, operands, SORTABLE);
    requireOrderedBounds(operands);
    return;
  }
  requireDistinct(operator, operands);
  if (operator !== '=' && operator !== '<>') {
    requireTypes(operator, operands, SORTABLE);
  }
}

function requireOrderedBounds([, lower, upper]: readonly Operand[]): void {
  if (lower?.kind !== 'value' || upper?.kind !== 'value') {
    return;
  }
  const text = ({ value }: typeof lower) =>
    `AttributeValue: {${typeOf(value)}:${Object.values(value)[0]}}`;
  const bounds = `lower bound operand: ${text(lower)}, upper bound operand: ${text(upper)}`;
  if (typeOf(lower.value) !== typeOf(upper.value)) {
    throw new ExpressionError(
      `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`,
    );
  }
  if (compareValues(lower.value, upper.value) > 0) {
    throw new ExpressionError(
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' +
        bounds,
    );
  }
}

/** The error for a function where it is not allowed. */
export function misused(name: string): ExpressionError {
  return new ExpressionError(
    `The function is not allowed to be used this way in an expression; function: ${name}`,
  );
}

function requireDistinct(operator: string, [first, second]: readonly Operand[]): void {
  if (first?.kind !== 'path' || second?.kind !== 'path') {
    return;
  }
  if (pathText(first.path) === pathText(second.path)) {
    throw new ExpressionError(
      'The first operand must be distinct from the remaining operands for this operator or ' +
        `function; operator: ${operator}, first operand: ${pathText(first.path)}`,
    );
  }
}
