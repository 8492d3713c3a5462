import type middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { DomainError, type DomainErrorCode } from '../domain/errors.ts';
import type { FunctionLog, Log } from '../operations/deps.ts';
import { errorReply } from './errors.ts';

export type Middleware = middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;
type Request = middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult>;

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
  'bus.unavailable': 'The bus took no events, so the request was answered 503.',
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
