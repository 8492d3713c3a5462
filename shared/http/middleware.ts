import type middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { DomainError } from '../domain/errors.ts';
import { jsonDepth, MAX_JSON_DEPTH, tooDeep } from '../domain/json.ts';
import type { FunctionLog, Log } from '../operations/deps.ts';
import { errorReply } from './errors.ts';
import { headerOf } from './request.ts';

type Middleware = middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;
type Request = middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult>;

const MAX_BODY_BYTES = 1024 * 1024;
const methodsWithBody: ReadonlySet<string> = new Set(['POST', 'PUT']);
const jsonMediaType = /^application\/(?:[a-z0-9.+-]+\+)?json *(?:;|$)/i;

/** Has every line of the log name the request: its id, its route, and what the path names. */
export function namedInTheLog(log: FunctionLog): Middleware {
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

/** Every answer says under which id it stands in the log, and that it is JSON. */
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

/**
 * Parses the body of requests that may have one, whatever media type they claim: clients forget the
 * header. What is no JSON, or nested too deep to be walked over, is 415 where the header says
 * something else than JSON, else 400; beyond 1 MiB nothing is read, and it is 413.
 */
export function jsonBody(): Middleware {
  const parser = httpJsonBodyParser({
    disableContentTypeCheck: true,
    // The table refuses text that is not well-formed Unicode.
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

/** Leaves the body as it was sent; beyond 1 MiB it is 413. */
export function rawBody(): Middleware {
  return {
    before({ event }) {
      requireReadableSize(event);
      setParsedBody(event, textOf(event));
    },
  };
}

/**
 * Turns errors into the answers that callers get; what nobody foresaw is logged, without anything
 * of the request.
 */
export function describeErrors(log: Log, functionName: string): Middleware {
  return {
    onError(request) {
      const { error, event } = request;
      if (error instanceof DomainError) {
        if (error.code === 'ids.unavailable') {
          logLackOfIds(log, event, error);
        }
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

/** The caller is told to try again; whoever looks after the stack wants to know why. */
function logLackOfIds(log: Log, event: APIGatewayProxyEvent, { cause }: DomainError): void {
  log.warn('No id could be minted; the request is answered 503.', {
    route: `${event.httpMethod} ${event.resource}`,
    requestId: event.requestContext.requestId,
    reason: cause instanceof Error ? cause.message : String(cause),
  });
}

/** A DomainError in the form that the error handler of middy shows to callers. */
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

/** The parser's replacement of the text by what it says, which the event's type does not know. */
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
  const mediaType = headerOf(event.headers, 'content-type')?.trim() ?? '';
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

/** The parser keeps what JSON itself had to say one level down. */
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
