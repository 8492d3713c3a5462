import type { TableAnswer, TableCall } from '../engines/table-front.ts';

/** An error of DynamoDB, as it travels. */
export function refusalOf(
  code: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): TableAnswer {
  const space = code === 'ValidationException' ? 'com.amazon.coral.validate' : SPACE;
  return { status: 400, body: { __type: `${space}#${code}`, message, ...more } };
}

const SPACE = 'com.amazonaws.dynamodb.v20120810';

/** The request is wrong whatever the table holds. */
export function invalid(message: string): TableAnswer {
  return refusalOf('ValidationException', message);
}

type Reason = { readonly Code: string; readonly Message?: string };

/** A transaction that did not happen, with a reason for each of its statements. */
export function cancelled(reasons: readonly Reason[]): TableAnswer {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return refusalOf(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

/**
 * What a statement would write is not possible. Of a transaction this is a reason to cancel it, and
 * of any other call a refusal.
 */
export function invalidWrite(
  { operation, input }: TableCall,
  position: number,
  message: string,
): TableAnswer {
  if (operation !== 'TransactWriteItems') {
    return invalid(message);
  }
  const statements = input.TransactItems as readonly unknown[];
  return cancelled(
    statements.map((_, index) =>
      index === position ? { Code: 'ValidationError', Message: message } : { Code: 'None' },
    ),
  );
}
