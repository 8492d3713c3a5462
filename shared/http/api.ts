import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { notFound } from '../domain/errors.ts';
import { inRequest } from '../request-scope.ts';
import { requireAdmissible } from './admission.ts';
import { bodyTextOf, jsonBody, rawBody } from './body.ts';
import { bodylessHead, crossOrigin, optionsReply } from './cors/cross-origin.ts';
import type { ApiReply, EndpointsOf } from './endpoint.ts';
import { internalErrorBody } from './errors.ts';
import {
  describeErrors,
  lowerCaseHeaders,
  type Middleware,
  requestIdentity,
  requestInLog,
} from './middleware.ts';
import { beginAdmission, limitInAnswer, type RequestLimiter, tellOfLimit } from './rate-limit.ts';
import { type ReadRequest, readRequest } from './read-request.ts';
import { isHeldAlready } from './repetition/entity-tag.ts';
import { answerKeyed, type KeyedRequestDeps } from './repetition/keyed-request.ts';
import { rowMethod } from './routes/methods.ts';
import { type FunctionName, ROUTES, type Route } from './routes.ts';

export type {
  ApiReply,
  ApiRequest,
  Endpoint,
  EndpointsOf,
  RequestOf,
  TaggedReply,
} from './endpoint.ts';

type AnyEndpoint<Deps> = (deps: Deps, request: never) => Promise<ApiReply>;

/** What handlers themselves need; some of it where their routes have limits or write anything. */
type ApiDeps = KeyedRequestDeps & {
  readonly requestLimiter?: RequestLimiter | null;
  /** The origins whose pages may call it from a browser. */
  readonly allowedOrigins: readonly string[];
};

export type ApiHandler = (
  event: APIGatewayProxyEvent,
  context: Context,
) => Promise<APIGatewayProxyResult>;

/**
 * The Lambda handler of a function with routes. It finds the endpoint of the route that the gateway
 * matched, reads and admits the request, calls the endpoint, and turns its reply or its error into
 * an HTTP response. It does not compile while a route of the function has no endpoint, or one that
 * expects other parameters than the route's path names.
 */
export function apiHandler<F extends FunctionName, Deps extends ApiDeps>({
  functionName,
  deps,
  endpoints,
  body = 'json',
}: {
  readonly functionName: F;
  readonly deps: Deps;
  readonly endpoints: EndpointsOf<F, NoInfer<Deps>>;
  /**
   * `raw`: endpoints get the text as it was sent, since a signature covers its bytes; or what else
   * reads the body.
   */
  readonly body?: 'json' | 'raw' | Middleware;
}): ApiHandler {
  const byOperation: Partial<Record<string, AnyEndpoint<Deps>>> = endpoints;
  const answer = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    if (event.httpMethod === 'OPTIONS') {
      return optionsReply(event, deps.allowedOrigins);
    }
    const route = routeOf(event, functionName);
    const endpoint = route && byOperation[route.operation];
    if (route === undefined || endpoint === undefined) {
      throw notFound();
    }
    const request = readRequest(event, route);
    requireAdmissible(route, request);
    return inRequest(async () => {
      const admission = beginAdmission(route, request.caller, deps.requestLimiter ?? null);
      tellOfLimit(event, admission);
      const counted = Object.assign(request, { whileCounted: admission.whileCounted });
      // `readRequest` has put into it whatever the path of the endpoint's route names.
      const call = () => endpoint(deps, counted as never);
      const received = { route, request: counted, text: bodyTextOf(event) };
      const reply = await answerKeyed(deps, received, call);
      return resultOf(unlessHeld(request, route.method, reply));
    });
  };
  const stack = middy<APIGatewayProxyEvent, APIGatewayProxyResult>(answer)
    .use(bodylessHead())
    .use(requestInLog(deps.log))
    .use(crossOrigin(deps.allowedOrigins))
    .use(requestIdentity())
    .use(limitInAnswer())
    .use(httpErrorHandler({ logger: false, fallbackMessage: internalErrorBody }))
    .use(describeErrors(deps.log, functionName))
    .use(lowerCaseHeaders())
    .use(readerOf(body));
  // middy's type also allows calls with a callback, which Lambda no longer makes.
  return stack as unknown as ApiHandler;
}

function readerOf(body: 'json' | 'raw' | Middleware): Middleware {
  if (body === 'json') {
    return jsonBody();
  }
  return body === 'raw' ? rawBody() : body;
}

/**
 * The gateway names the matched resource without the slash at its end. What answers GET answers
 * HEAD.
 */
function routeOf(event: APIGatewayProxyEvent, functionName: string): Route | undefined {
  return ROUTES.find(
    (route) =>
      route.function === functionName &&
      route.method === rowMethod(event.httpMethod) &&
      route.path === `${event.resource}/`,
  );
}

/** 304, without a body, for the caller of a GET who holds what the answer would say. */
function unlessHeld(request: ReadRequest, method: string, reply: ApiReply): ApiReply {
  const { etag } = reply;
  const isHeld = method === 'GET' && etag !== undefined && isHeldAlready(request, etag);
  return isHeld ? { status: 304, etag } : reply;
}

function resultOf(reply: ApiReply): APIGatewayProxyResult {
  return {
    statusCode: reply.status,
    headers: { ...reply.headers, ...(reply.etag === undefined ? {} : { ETag: reply.etag }) },
    body: reply.body === undefined ? '' : JSON.stringify(reply.body),
  };
}
