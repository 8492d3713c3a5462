import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { notFound } from '../domain/errors.ts';
import type { FunctionLog } from '../operations/deps.ts';
import { inRequest } from '../request-scope.ts';
import type { Caller } from './access.ts';
import { admit } from './admission.ts';
import { internalErrorBody } from './errors.ts';
import { describeErrors, jsonBody, namedInTheLog, rawBody, requestIdentity } from './middleware.ts';
import { readRequest } from './request.ts';
import { type FunctionName, type Operation, ROUTES } from './routes.ts';

/** A request as an endpoint sees it. */
export type ApiRequest = {
  readonly operation: string;
  /** As the caller sent it, below the origin: `/api/0/organizations/acme/issues/`. */
  readonly path: string;
  /** The parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The query string, repeated values kept in order. */
  readonly query: URLSearchParams;
  /**
   * The parsed JSON, or the text where a function takes it raw; undefined when there was no body.
   */
  readonly body: unknown;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** The origin as the caller sees it, e.g. `http://127.0.0.1:8787`. */
  readonly baseUrl: string;
  readonly caller: Caller;
};

export type ApiReply = {
  readonly status: number;
  /** Becomes JSON; absent for an answer without a body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * Answers one operation. What it throws as a DomainError is told to the caller, anything else is
 * logged and a 500.
 */
export type Endpoint = (request: ApiRequest) => Promise<ApiReply>;

/** The operations of the route table that a function has to answer. */
export type OperationsOf<F extends FunctionName> = Extract<
  (typeof ROUTES)[number],
  { function: F }
>['operation'];

export type ApiHandler = (
  event: APIGatewayProxyEvent,
  context: Context,
) => Promise<APIGatewayProxyResult>;

/**
 * The Lambda handler of a function with routes: finds the endpoint of the route that the gateway
 * matched, and stands between it and HTTP. A route of the function without an endpoint does not
 * compile.
 */
export function apiHandler<F extends FunctionName>({
  functionName,
  endpoints,
  log,
  body = 'json',
}: {
  readonly functionName: F;
  readonly endpoints: Readonly<Record<OperationsOf<F>, Endpoint>>;
  readonly log: FunctionLog;
  /**
   * `raw`: endpoints get the text as it was sent, since a signature covers bytes and not what they
   * mean.
   */
  readonly body?: 'json' | 'raw';
}): ApiHandler {
  const byOperation: Partial<Record<Operation, Endpoint>> = endpoints;
  const answer = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const route = routeOf(event, functionName);
    const endpoint = route && byOperation[route.operation];
    if (route === undefined || endpoint === undefined) {
      throw notFound();
    }
    const request = readRequest(event, route.operation);
    admit(route, request);
    return resultOf(await inRequest(() => endpoint(request)));
  };
  const stack = middy<APIGatewayProxyEvent, APIGatewayProxyResult>(answer)
    .use(namedInTheLog(log))
    .use(requestIdentity())
    .use(httpErrorHandler({ logger: false, fallbackMessage: internalErrorBody }))
    .use(describeErrors(log, functionName))
    .use(body === 'raw' ? rawBody() : jsonBody());
  // The types of middy also know a handler with a callback; ours is awaited.
  return stack as unknown as ApiHandler;
}

/** The gateway names the matched resource without the slash at its end. */
function routeOf(
  event: APIGatewayProxyEvent,
  functionName: string,
): (typeof ROUTES)[number] | undefined {
  return ROUTES.find(
    (route) =>
      route.function === functionName &&
      route.method === event.httpMethod &&
      route.path === `${event.resource}/`,
  );
}

function resultOf(reply: ApiReply): APIGatewayProxyResult {
  return {
    statusCode: reply.status,
    headers: { ...reply.headers },
    body: reply.body === undefined ? '' : JSON.stringify(reply.body),
  };
}
