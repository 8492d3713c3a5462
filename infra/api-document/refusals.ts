import {
  busUnavailable,
  changedMeanwhile,
  DomainError,
  type DomainErrorCode,
  forbidden,
  idSpaceExhausted,
  idsUnavailable,
  invalidFields,
  invalidRequest,
  notFound,
  preconditionFailed,
  rateExceeded,
  tableThrottled,
} from '../../shared/domain/errors.ts';
import { answerLost, inFlight, keyReused } from '../../shared/domain/idempotency.ts';
import { heedsIfMatch, takesKey } from '../../shared/http/routes/route.ts';
import type { Route } from '../../shared/http/routes.ts';

type Refusal = {
  /** When a request is refused so, in plain words. */
  readonly when: string;
  readonly example: DomainError;
  /** Whether it follows from the row of a route that it can be refused so. */
  readonly isOf: (route: Route) => boolean;
};

const hasBody = ({ method }: Route) => method === 'POST' || method === 'PUT';
const needsToken = ({ access }: Route) => access === 'token';
const isList = ({ narrowedBy }: Route) => narrowedBy !== undefined;
/** These answer without looking at the table. */
const isFixed = ({ operation }: Route) => ['listRegions', 'listRepositories'].includes(operation);
const never = () => false;

/** Every refusal of the API, and which routes it is a refusal of. */
export const REFUSALS: Readonly<Record<DomainErrorCode, Refusal>> = {
  'request.malformed': {
    when: 'The body is no JSON, or no envelope where it should be one.',
    example: new DomainError('request.malformed', 'JSON parse error - Unexpected end of input'),
    isOf: (route) => hasBody(route) && route.access !== 'signature',
  },
  'request.invalid': {
    when: 'A field, a parameter or a header cannot be read, or asks for what is not there.',
    example: invalidRequest('Invalid cursor parameter.'),
    isOf: (route) => takesKey(route) || isList(route) || route.access === 'signature',
  },
  'request.too_large': {
    when: 'The body is larger than 1 MiB.',
    example: new DomainError('request.too_large', 'Request body too large'),
    isOf: hasBody,
  },
  'request.media_type': {
    when: 'The body is no JSON, and its `Content-Type` says so, or its `Content-Encoding` is not known.',
    example: new DomainError(
      'request.media_type',
      'Unsupported media type "text/plain" in request.',
    ),
    isOf: (route) => hasBody(route) && needsToken(route),
  },
  'request.key_reused': {
    when: 'The `Idempotency-Key` was used for another request.',
    example: keyReused(),
    isOf: takesKey,
  },
  'request.in_flight': {
    when: 'An earlier request under the same `Idempotency-Key` is still at work.',
    example: inFlight(),
    isOf: takesKey,
  },
  'request.answer_lost': {
    when: 'An earlier request under the same key was applied, and its answer was lost.',
    example: answerLost('4f1c7f6e-2f4b-4d0e-9c0a-0f8f6a1d3b7e'),
    isOf: takesKey,
  },
  'access.unauthenticated': {
    when: 'There is no token, or no client key where one is asked for.',
    example: new DomainError(
      'access.unauthenticated',
      'Authentication credentials were not provided.',
    ),
    isOf: needsToken,
  },
  'access.invalid_token': {
    when: 'The token is not known, was revoked, or has expired.',
    example: new DomainError('access.invalid_token', 'Invalid token'),
    isOf: needsToken,
  },
  'access.forbidden': {
    when: 'The token, its user or the client key may not do this.',
    example: forbidden(),
    isOf: (route) => needsToken(route) && !('whyNoScope' in route),
  },
  'access.invalid_signature': {
    when: 'The signature is not the tracker’s.',
    example: new DomainError('access.invalid_signature', 'Invalid signature'),
    isOf: ({ access }) => access === 'signature',
  },
  'resource.not_found': {
    when: 'What the path names is not there, or the token does not reach it.',
    example: notFound(),
    isOf: ({ path }) => path.includes('{'),
  },
  'resource.moved': {
    when: 'The slug is an earlier one.',
    example: new DomainError('resource.moved', {
      code: 'resource-moved',
      message: 'Resource has been moved',
      extra: { url: 'http://127.0.0.1:8787/api/0/projects/acme/store/', slug: 'store' },
    }),
    isOf: never,
  },
  conflict: {
    when: 'What it asks for is taken, or somebody else changes the same thing at the same time.',
    example: changedMeanwhile(),
    isOf: takesKey,
  },
  'precondition.failed': {
    when: '`If-Match` has a tag that the thing no longer has.',
    example: preconditionFailed(),
    isOf: heedsIfMatch,
  },
  'rate.exceeded': {
    when: 'The caller has made more calls of this kind within a second than it may.',
    example: rateExceeded(10),
    isOf: ({ rateLimit }) => rateLimit !== undefined,
  },
  'ids.exhausted': {
    when: 'No id is free just now.',
    example: idSpaceExhausted(),
    isOf: never,
  },
  'ids.unavailable': {
    when: 'The counters of ids cannot be reached.',
    example: idsUnavailable(undefined),
    isOf: never,
  },
  'bus.unavailable': {
    when: 'The bus takes no events at the moment.',
    example: busUnavailable(undefined),
    isOf: never,
  },
  'table.throttled': {
    when: 'The table has no capacity left.',
    example: tableThrottled(undefined),
    isOf: (route) => !isFixed(route),
  },
};

/** The codes of the errors with which a route can refuse a request. */
export function refusalsOf(
  route: Route,
  added: readonly DomainErrorCode[],
): readonly DomainErrorCode[] {
  const codes = Object.keys(REFUSALS) as DomainErrorCode[];
  return codes.filter((code) => REFUSALS[code].isOf(route) || added.includes(code));
}

/** Errors that tell of single fields rather than of the request as a whole. */
export const fieldRefusal = invalidFields({ name: ['This field may not be blank.'] });
