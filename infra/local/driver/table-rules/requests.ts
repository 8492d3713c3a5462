import type { TableCall } from '../engines/table-front.ts';
import { type AttributeMap, type AttributeValue, valuesIn } from './attribute-value.ts';
import type { Statement } from './statements.ts';

const CONDITIONAL = ['Put', 'Update', 'Delete', 'ConditionCheck'];

/** The expression that replaces each legacy parameter. */
const LEGACY: Readonly<Record<string, string>> = {
  AttributesToGet: 'ProjectionExpression',
  AttributeUpdates: 'UpdateExpression',
  ConditionalOperator: 'ConditionExpression',
  Expected: 'ConditionExpression',
  KeyConditions: 'KeyConditionExpression',
  QueryFilter: 'FilterExpression',
  ScanFilter: 'FilterExpression',
};

/** The error of DynamoDB about the size of a transaction or equal items in it. */
export function problemOfTransaction({ operation, input }: TableCall): string | undefined {
  if (operation !== 'TransactWriteItems' || !Array.isArray(input.TransactItems)) {
    return undefined;
  }
  return (input.TransactItems as object[]).some((item) => Object.keys(item).length > 1)
    ? 'TransactItems can only contain one of Check, Put, Update or Delete'
    : undefined;
}

/** The error of DynamoDB about parameters of a statement that are not expressions. */
export function problemOfParameters({ kind, input }: Statement): string | undefined {
  const legacy = Object.keys(input).find((name) => Object.hasOwn(LEGACY, name));
  if (legacy !== undefined) {
    return (
      `The legacy parameter ${legacy}, which DynamoDB still accepts, is not supported ` +
      `by the local driver: use ${LEGACY[legacy]}.`
    );
  }
  const returned = input.ReturnValuesOnConditionCheckFailure;
  if (
    CONDITIONAL.includes(kind) &&
    returned !== undefined &&
    returned !== 'ALL_OLD' &&
    returned !== 'NONE'
  ) {
    return `1 validation error detected: Value '${returned}' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]`;
  }
  const values = [
    ...Object.values((input.Item ?? {}) as AttributeMap),
    ...Object.values((input.ExpressionAttributeValues ?? {}) as AttributeMap),
  ];
  return values.some(hasEmptyMember)
    ? 'One or more parameter values were invalid: An string set may not have a empty string as a member'
    : undefined;
}

function hasEmptyMember(value: AttributeValue): boolean {
  for (const { SS } of valuesIn(value)) {
    if (Array.isArray(SS) && SS.includes('')) {
      return true;
    }
  }
  return false;
}
