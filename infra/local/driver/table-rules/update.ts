import { typeOf, typeWord } from './attribute-value.ts';
import { requireTypes, requireValidCall } from './operand-rules.ts';
import {
  type Operand,
  type Parsing,
  type Path,
  pathText,
  readOperand,
  readPath,
  readValue,
} from './operands.ts';
import { ExpressionError } from './tokens.ts';

/** An action of an update, with the operands of its new value. */
export type Change = { readonly path: Path; readonly operands: readonly Operand[] };

const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
type Section = (typeof SECTIONS)[number];

const SET_TYPES = ['SS', 'NS', 'BS'];

/**
 * Parses an update expression; returns its actions in their order.
 *
 * @throws ExpressionError for what DynamoDB refuses without reading an item
 */
export function readUpdate(parsing: Parsing): readonly Change[] {
  const changes: Change[] = [];
  const seen = new Set<Section>();
  while (parsing.peek().kind !== 'end') {
    const section = SECTIONS.find(parsing.skipKeyword) ?? parsing.fail();
    if (seen.has(section)) {
      throw new ExpressionError(
        `The "${section}" section can only be used once in an update expression;`,
      );
    }
    seen.add(section);
    do {
      changes.push(READERS[section](parsing));
    } while (parsing.skipSign(','));
  }
  requireDisjointPaths(changes.map(({ path }) => path));
  return changes;
}

const READERS: Readonly<Record<Section, (parsing: Parsing) => Change>> = {
  SET: readAssignment,
  REMOVE: (parsing) => ({ path: readPath(parsing), operands: [] }),
  ADD: (parsing) => readChangeOf(parsing, 'ADD', ['N', ...SET_TYPES]),
  DELETE: (parsing) => readChangeOf(parsing, 'DELETE', SET_TYPES),
};

function readChangeOf(parsing: Parsing, section: Section, types: readonly string[]): Change {
  const path = readPath(parsing);
  const value = readValue(parsing);
  if (!types.includes(typeOf(value))) {
    throw new ExpressionError(
      `Incorrect operand type for operator or function; operator: ${section}, ` +
        `operand type: ${typeWord(value)}`,
    );
  }
  return { path, operands: [{ kind: 'value', value }] };
}

function readAssignment(parsing: Parsing): Change {
  const path = readPath(parsing);
  parsing.expectSign('=');
  const first = readNewValue(parsing);
  const sign = ['+', '-'].find(parsing.skipSign);
  if (sign === undefined) {
    return { path, operands: [first] };
  }
  parsing.count();
  const operands = [first, readNewValue(parsing)];
  requireTypes(sign, operands, ['N']);
  return { path, operands };
}

function readNewValue(parsing: Parsing): Operand {
  const operand = readOperand(parsing);
  requireValidCalls(operand);
  return operand;
}

function requireValidCalls(operand: Operand): void {
  if (operand.kind === 'call') {
    requireValidCall(operand, 'update');
    operand.operands.forEach(requireValidCalls);
  }
}

/** Checks that no path of an update or a projection is part of another one. */
export function requireDisjointPaths(paths: readonly Path[]): void {
  for (const [index, one] of paths.entries()) {
    for (const other of paths.slice(index + 1)) {
      requireDisjoint(one, other);
    }
  }
}

function requireDisjoint(one: Path, other: Path): void {
  const parts = Math.min(one.length, other.length);
  const differs = one.slice(0, parts).findIndex((part, index) => part !== other[index]);
  const isConflict = typeof one[differs] !== typeof other[differs];
  if (differs >= 0 && !isConflict) {
    return;
  }
  throw new ExpressionError(
    `Two document paths ${differs < 0 ? 'overlap' : 'conflict'} with each other; ` +
      'must remove or rewrite one of these paths; ' +
      `path one: ${pathText(one)}, path two: ${pathText(other)}`,
  );
}
