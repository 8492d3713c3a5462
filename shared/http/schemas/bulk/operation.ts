import { type OperationState, operationStates } from '../../../domain/bulk/operation.ts';
import { type IssueOutcome, issueOutcomes } from '../../../domain/bulk/outcome.ts';
import { invalidFields } from '../../../domain/errors.ts';
import { boolean, closedDictionary, maybe, parseBody } from '../../fields.ts';

/** The body of a request for an operation that may be tried out. */
export const operationRequest = closedDictionary({ dryRun: maybe(boolean()) });

/** Whether an operation shall only say what it would do. Throws `request.invalid`. */
export function parseOperationRequest(body: unknown): { readonly dryRun: boolean } {
  const { dryRun = false } = parseBody(operationRequest, body);
  return { dryRun };
}

/** The state of the operations that are asked for; null for all. Throws `request.invalid`. */
export function readState(query: URLSearchParams): OperationState | null {
  return readChoice(query, 'state', operationStates);
}

/** The outcome of the issues that are asked for; null for all. Throws `request.invalid`. */
export function readOutcome(query: URLSearchParams): IssueOutcome | null {
  return readChoice(query, 'outcome', issueOutcomes);
}

function readChoice<const T extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly T[],
): T | null {
  const asked = query.get(name) ?? '';
  if (asked === '') {
    return null;
  }
  const found = choices.find((choice) => choice === asked);
  if (found === undefined) {
    throw invalidFields({
      [name]: [`"${asked}" is not a valid choice: it is one of ${choices.join(', ')}.`],
    });
  }
  return found;
}
