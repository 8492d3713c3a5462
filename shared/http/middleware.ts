import type middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { DomainError, type DomainErrorCode } from '../domain/errors.ts';
import { jsonDepth, MAX_JSON_DEPTH, tooDeep } from '../domain/json.ts';
import type { FunctionLog, Log } from '../operations/deps.ts';
import { errorReply } from './errors.ts';

type Middleware = middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;
type Request = middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult>;

const MAX_BODY_BYTES = 1024 * 1024;
const methodsWithBody: ReadonlySet<string> = new Set(['POST', 'PUT']);
const jsonMediaType = /^application\/(?:[a-z0-9.+-]+\+)?json *(?:;|$)/i;

/** Puts the request's id, its route and its path parameters into every line of the log. */
export function requestInLog(log: FunctionLog): Middleware {
  return {
    before({ event, context }) {
      log.begin(context, {
        requestId: event.requestContext.requestId,
        route: `${event.httpMethod} ${event.resource}`,
        ...event.pathParameters,
      });
    },
  };
}

/** Gives every response the request's id, by which the log can be searched, and its media type. */
export function requestIdentity(): Middleware {
  const identify = ({ event, response }: Request) => {
    if (!response) {
      return;
    }
    response.headers = {
      ...response.headers,
      'Content-Type': 'application/json',
      'X-Request-Id': event.requestContext.requestId,
    };
  };
  return { after: identify, onError: identify };
}

/** Lower-cases the names of headers, which the gateway passes on as the client wrote them. */
export function lowerCaseHeaders(): Middleware {
  const normalizer = httpHeaderNormalizer() as Middleware;
  return {
    before(request) {
      // A test invocation from the AWS console has no headers: null instead of an empty object.
      request.event.headers ??= {};
      return normalizer.before?.(request);
    },
  };
}

/**
 * Parses the body of POST and PUT requests as JSON whatever their `Content-Type` says, since
 * clients forget the header. A body that is no JSON, or is nested deeper than `MAX_JSON_DEPTH`, is
 * answered 400, or 415 if the header names another media type; one of more than 1 MiB is not parsed
 * and answered 413.
 */
export function jsonBody(): Middleware {
  const parser = httpJsonBodyParser({
    disableContentTypeCheck: true,
    // DynamoDB refuses text that is not well-formed Unicode.
    reviver: (_key, value) => (typeof value === 'string' ? value.toWellFormed() : value),
  }) as Middleware;
  return {
    async before(request) {
      const { event } = request;
      const { body } = event;
      requireReadableSize(event);
      if (!body || !methodsWithBody.has(event.httpMethod)) {
        setParsedBody(event, undefined);
        return;
      }
      try {
        if (jsonDepth(textOf(event) ?? '') > MAX_JSON_DEPTH) {
          throw new SyntaxError(tooDeep);
        }
        await parser.before?.(request);
      } catch (error) {
        throw unreadableBody(event, error);
      }
    },
  };
}

/** Leaves the body as the text that was sent; one of more than 1 MiB is answered 413. */
export function rawBody(): Middleware {
  return {
    before({ event }) {
      requireReadableSize(event);
      setParsedBody(event, textOf(event));
    },
  };
}

/**
 * Turns a DomainError into the response that `errors.ts` has for it, and logs any other error. The
 * log gets nothing of the request's body or headers.
 */
export function describeErrors(log: Log, functionName: string): Middleware {
  return {
    onError(request) {
      const { error, event } = request;
      if (error instanceof DomainError) {
        logUnavailable(log, event, error);
        request.error = httpError(error);
        return;
      }
      log.error('A request failed.', {
        function: functionName,
        route: `${event.httpMethod} ${event.resource}`,
        requestId: event.requestContext.requestId,
        error: { name: error?.name, message: error?.message, stack: error?.stack },
      });
    },
  };
}

const WARNINGS: Partial<Record<DomainErrorCode, string>> = {
  'ids.unavailable': 'No id could be generated, so the request was answered 503.',
  'table.throttled': 'The table was throttled, so the request was answered 503.',
};

/** The response says only to try again; the reason is for the operator. */
function logUnavailable(log: Log, event: APIGatewayProxyEvent, { code, cause }: DomainError): void {
  const warning = WARNINGS[code];
  if (warning === undefined) {
    return;
  }
  log.warn(warning, {
    route: `${event.httpMethod} ${event.resource}`,
    requestId: event.requestContext.requestId,
    reason: cause instanceof Error ? cause.message : String(cause),
  });
}

/** A DomainError as the kind of error that middy's error handler turns into a response. */
function httpError(error: DomainError): Error {
  const { status, body, headers } = errorReply(error);
  return Object.assign(new Error(JSON.stringify(body), { cause: error }), {
    statusCode: status,
    expose: true,
    headers,
  });
}

/** The body as text; undefined where there is none. */
function textOf({ body, isBase64Encoded }: APIGatewayProxyEvent): string | undefined {
  return body && isBase64Encoded
    ? Buffer.from(body, 'base64').toString('utf8')
    : (body ?? undefined);
}

/** middy's parsers replace the text by its value, which the event's type does not allow for. */
function setParsedBody(event: APIGatewayProxyEvent, body: unknown): void {
  (event as { body: unknown }).body = body;
}

function requireReadableSize(event: APIGatewayProxyEvent): void {
  if (bodyBytes(event) > MAX_BODY_BYTES) {
    throw new DomainError('request.too_large', 'Request body too large');
  }
}

function bodyBytes({ body, isBase64Encoded }: APIGatewayProxyEvent): number {
  return Buffer.byteLength(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

function unreadableBody(event: APIGatewayProxyEvent, error: unknown): DomainError {
  const mediaType = event.headers['content-type']?.trim() ?? '';
  if (mediaType !== '' && !jsonMediaType.test(mediaType)) {
    return new DomainError(
      'request.media_type',
      `Unsupported media type "${mediaType}" in request.`,
      { cause: error },
    );
  }
  return new DomainError('request.malformed', `JSON parse error - ${reasonOf(error)}`, {
    cause: error,
  });
}

/** middy's parser keeps the message of `JSON.parse` in the error's cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return 'the body is not JSON';
  }
  const { cause } = error;
  if (typeof cause === 'object' && cause !== null && 'message' in cause) {
    return String(cause.message);
  }
  return error.message;
}
