import type { TableAnswer, TableCall } from '../engines/table-front.ts';

/** The response with an error of DynamoDB. */
export function refusalOf(
  code: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): TableAnswer {
  const space = code === 'ValidationException' ? 'com.amazon.coral.validate' : SPACE;
  return { status: 400, body: { __type: `${space}#${code}`, message, ...more } };
}

const SPACE = 'com.amazonaws.dynamodb.v20120810';

/** The error for a request that is invalid whatever the table contains. */
export function invalid(message: string): TableAnswer {
  return refusalOf('ValidationException', message);
}

type Reason = { readonly Code: string; readonly Message?: string };

/** The error for a cancelled transaction, with a reason for each of its statements. */
export function cancelled(reasons: readonly Reason[]): TableAnswer {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return refusalOf(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

/**
 * The error for a statement that would write something invalid: a reason to cancel a transaction,
 * and a refusal of any other call.
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
