/**
 * Every error that Baton tells its callers of, on one page. The statuses that HTTP gives them are
 * in `http/errors.ts`; a code without a status does not compile there.
 */
export type DomainErrorCode =
  | 'request.malformed'
  | 'request.invalid'
  | 'request.too_large'
  | 'request.media_type'
  | 'request.key_reused'
  | 'request.in_flight'
  | 'request.answer_lost'
  | 'access.unauthenticated'
  | 'access.invalid_token'
  | 'access.forbidden'
  | 'access.invalid_signature'
  | 'resource.not_found'
  | 'resource.moved'
  | 'conflict'
  | 'precondition.failed'
  | 'rate.exceeded'
  | 'ids.exhausted'
  | 'ids.unavailable'
  | 'table.throttled'
  | 'bus.unavailable';

/** Messages per field of the request, as Sentry's clients read them: `{"assignedTo": ["..."]}`. */
export type FieldMessages = Readonly<Record<string, readonly string[]>>;

/**
 * A rule that the caller broke, or a limit that was reached. `detail` is Sentry's `detail` (a
 * sentence, or an object for the few answers that carry a code); `fields` takes its place where
 * single fields are to blame; `extra` is added to the body beside `detail`.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: DomainErrorCode;
  readonly detail: string | Readonly<Record<string, unknown>>;
  readonly fields: FieldMessages | undefined;
  readonly extra: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: DomainErrorCode,
    detail: string | Readonly<Record<string, unknown>>,
    more: {
      fields?: FieldMessages;
      extra?: Readonly<Record<string, unknown>>;
      cause?: unknown;
    } = {},
  ) {
    super(typeof detail === 'string' ? detail : code, { cause: more.cause });
    this.code = code;
    this.detail = detail;
    this.fields = more.fields;
    this.extra = more.extra;
  }
}

/**
 * What is asked for is not there, or is another organization's: both answer the same, so that
 * nothing is told.
 */
export function notFound(): DomainError {
  return new DomainError('resource.not_found', 'The requested resource does not exist');
}

/** Single fields of the request are wrong. */
export function invalidFields(fields: FieldMessages): DomainError {
  return new DomainError('request.invalid', 'Invalid request.', { fields });
}

/** The field `integrationId` names no integration of the organization. */
export function unknownIntegration(): DomainError {
  return invalidFields({ integrationId: ['Integration does not exist for this organization'] });
}

/** The request as a whole is wrong. */
export function invalidRequest(detail: string): DomainError {
  return new DomainError('request.invalid', detail);
}

/** The request asks to be tried without being done, which it cannot be. */
export function dryRunRefused(): DomainError {
  return invalidRequest('Unknown parameter: dryRun. Nothing was written; leave it out to write.');
}

/** The token is good and may not do this. */
export function forbidden(
  detail = 'You do not have permission to perform this action.',
): DomainError {
  return new DomainError('access.forbidden', detail);
}

/** The request lost against another one, or asks for what is taken. */
export function conflict(detail: string, extra?: Readonly<Record<string, unknown>>): DomainError {
  return new DomainError('conflict', detail, extra ? { extra } : {});
}

/** What the request was made for is not what is there: somebody has changed it meanwhile. */
export function preconditionFailed(): DomainError {
  return new DomainError('precondition.failed', 'It has changed since you read it.');
}

/**
 * Others kept changing the rows that a decision was made on, in every attempt. Nothing was done,
 * and it is safe to ask again.
 */
export function changedMeanwhile(): DomainError {
  return conflict('Somebody else is changing this at the same time. Please try again in a second.');
}

/** No second of the look-back window has a free id, and none came free while the mint waited. */
export function idSpaceExhausted(): DomainError {
  return new DomainError('ids.exhausted', 'No available ID. Please try again in a second.');
}

/** The counters that ids are minted from cannot be reached. */
export function idsUnavailable(cause: unknown): DomainError {
  return new DomainError(
    'ids.unavailable',
    'No ID can be made at the moment. Please try again in a few seconds.',
    { cause },
  );
}

/** The table has no capacity left for what was asked of it, after several attempts. */
export function tableThrottled(cause: unknown): DomainError {
  return new DomainError(
    'table.throttled',
    'The table cannot take this at the moment. Please try again in a second.',
    { cause },
  );
}

/** The bus did not take what was to be put on it; whoever sent it can send it again. */
export function busUnavailable(cause: unknown): DomainError {
  return new DomainError(
    'bus.unavailable',
    'Events cannot be taken at the moment. Please try again in a second.',
    { cause },
  );
}

/** Whether the table had no capacity for what was asked. */
export function isTableThrottled(error: unknown): error is DomainError {
  return error instanceof DomainError && error.code === 'table.throttled';
}

/**
 * Whether ids will be there again without anybody's doing: none is free just now, or the counters
 * cannot be reached.
 */
export function isLackOfIds(error: unknown): error is DomainError {
  return (
    error instanceof DomainError &&
    (error.code === 'ids.exhausted' || error.code === 'ids.unavailable')
  );
}

/** More calls of one kind within one second than a caller may make. */
export function rateExceeded(limit: number): DomainError {
  return new DomainError(
    'rate.exceeded',
    `You are attempting to use this endpoint too frequently. Limit is ${limit} requests in 1 seconds`,
  );
}

/**
 * Ends a switch over a closed union: a case that is not handled does not compile, and one that
 * comes all the same throws.
 */
export function assertNever(unhandled: never): never {
  throw new Error(`A case was not handled: ${typeof unhandled}.`);
}
