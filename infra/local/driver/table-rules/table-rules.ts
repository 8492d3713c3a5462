import type { TableProperties } from '../engines/create-table.ts';
import type { TableAnswer, TableCall, TableCheck } from '../engines/table-front.ts';
import { readExpressions } from './expressions.ts';
import { problemOfQuery, problemOfWrittenKeys } from './key-rules.ts';
import { invalid, invalidWrite } from './refusals.ts';
import { problemOfParameters, problemOfTransaction } from './requests.ts';
import { createSchemas, type TableSchema } from './schemas.ts';
import { type Statement, statementsOf } from './statements.ts';
import { ExpressionError } from './tokens.ts';

type SchemaOf = (table: string) => TableSchema | undefined;

/**
 * Refuses what DynamoDB refuses and the embedded engine accepts, or detects only if it evaluates
 * it: it skips the right side of an OR whose left side is true.
 *
 * @param known tables that exist; others are known from the calls that create them
 */
export function createTableRules(
  known: ReadonlyMap<string, TableProperties> = new Map(),
): TableCheck {
  const schemas = createSchemas(known);
  return (call) => {
    schemas.learn(call);
    const problem = problemOfTransaction(call);
    if (problem !== undefined) {
      return invalid(problem);
    }
    const statements = statementsOf(call);
    for (const [position, statement] of statements.entries()) {
      const refusal = refusalOfStatement(call, statement, position, schemas.of);
      if (refusal !== undefined) {
        return refusal;
      }
    }
    return undefined;
  };
}

function refusalOfStatement(
  call: TableCall,
  statement: Statement,
  position: number,
  schemaOf: SchemaOf,
): TableAnswer | undefined {
  try {
    const wrong = problemOfParameters(statement);
    if (wrong !== undefined) {
      return invalid(wrong);
    }
    const expressions = readExpressions(statement);
    const schema = schemaOf(statement.table);
    if (schema === undefined) {
      return undefined;
    }
    const query =
      statement.kind === 'Query' ? problemOfQuery(statement, expressions, schema) : undefined;
    if (query !== undefined) {
      return invalid(query);
    }
    const keys = problemOfWrittenKeys(statement, expressions, schema);
    return keys === undefined ? undefined : invalidWrite(call, position, keys);
  } catch (error) {
    if (error instanceof ExpressionError) {
      return invalid(error.message);
    }
    throw error;
  }
}
