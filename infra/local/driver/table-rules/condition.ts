import { misused, requireValidCall, requireValidComparison } from './operand-rules.ts';
import { type Operand, type Parsing, readList, readOperand } from './operands.ts';
import { ExpressionError } from './tokens.ts';

/** A comparison such as `sk BETWEEN :a AND :b`, or a function that is a condition. */
export type Comparison = { readonly operator: string; readonly operands: readonly Operand[] };

const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='];

/**
 * Parses a condition, filter or key condition; returns its comparisons in their order.
 *
 * @throws ExpressionError for what DynamoDB refuses without reading an item
 */
export function readCondition(parsing: Parsing): readonly Comparison[] {
  const comparisons = [...readAlternatives(parsing)];
  if (parsing.peek().kind !== 'end') {
    parsing.fail();
  }
  return comparisons;
}

function readAlternatives(parsing: Parsing): Comparison[] {
  const comparisons = readConjunction(parsing);
  while (parsing.skipKeyword('OR')) {
    parsing.count();
    comparisons.push(...readConjunction(parsing));
  }
  return comparisons;
}

function readConjunction(parsing: Parsing): Comparison[] {
  const comparisons = readNegation(parsing);
  while (parsing.skipKeyword('AND')) {
    parsing.count();
    comparisons.push(...readNegation(parsing));
  }
  return comparisons;
}

function readNegation(parsing: Parsing): Comparison[] {
  if (parsing.skipKeyword('NOT')) {
    parsing.count();
    return readNegation(parsing);
  }
  return parsing.isSign('(') ? readInBrackets(parsing) : [readComparison(parsing)];
}

function readInBrackets(parsing: Parsing): Comparison[] {
  const end = parsing.closingBracket();
  parsing.expectSign('(');
  if (parsing.isSign('(') && parsing.closingBracket() === end - 2) {
    throw new ExpressionError('The expression has redundant parentheses;');
  }
  const comparisons = readAlternatives(parsing);
  parsing.expectSign(')');
  return comparisons;
}

function readComparison(parsing: Parsing): Comparison {
  const first = readOperand(parsing);
  if (first.kind === 'call') {
    requireValidCall(first, 'condition');
  }
  const comparison = readRest(parsing, first);
  if (comparison !== undefined) {
    parsing.count();
    requireValidComparison(comparison.operator, comparison.operands);
    return comparison;
  }
  if (first.kind !== 'call') {
    return parsing.fail();
  }
  if (first.name === 'size') {
    throw misused(first.name);
  }
  return { operator: first.name, operands: first.operands };
}

/** The operator after an operand with all of its operands; undefined if there is none. */
function readRest(parsing: Parsing, first: Operand): Comparison | undefined {
  if (parsing.skipKeyword('BETWEEN')) {
    const lower = readChecked(parsing);
    parsing.expectKeyword('AND');
    return { operator: 'BETWEEN', operands: [first, lower, readChecked(parsing)] };
  }
  if (parsing.skipKeyword('IN')) {
    return { operator: 'IN', operands: [first, ...readList(parsing)] };
  }
  if (parsing.peek().kind !== 'sign' || !COMPARATORS.includes(parsing.peek().text)) {
    return undefined;
  }
  const operator = parsing.take().text;
  return { operator, operands: [first, readChecked(parsing)] };
}

function readChecked(parsing: Parsing): Operand {
  const operand = readOperand(parsing);
  if (operand.kind === 'call') {
    requireValidCall(operand, 'condition');
  }
  return operand;
}
