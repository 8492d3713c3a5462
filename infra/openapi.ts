import { EXPOSED_HEADERS } from '../shared/http/routes/cross-origin.ts';
import { headersOf } from '../shared/http/routes/route.ts';
import type { Route } from '../shared/http/routes.ts';

/** The addresses with which API Gateway invokes the functions. */
export type Invocations = {
  readonly uri: (functionName: string) => string;
  readonly authorizerUri: string;
};

/** Seconds for which the gateway caches an authorizer's answer: a revoked token works that long. */
const AUTHORIZER_TTL_SECONDS = 60;

/** The longest time that a REST API waits for a function. */
const INTEGRATION_TIMEOUT_MS = 29_000;

/**
 * The OpenAPI 3.0.1 document that API Gateway imports: one proxied operation for each route, the
 * token authorizer, and the gateway's own answers in Sentry's format. A REST API serves `/issues`
 * and `/issues/` from one resource, which is named without the slash. What answers GET answers
 * HEAD, and every path answers OPTIONS, without a token.
 */
export function openApiDocument(
  title: string,
  routes: readonly Route[],
  invocations: Invocations,
  /** The origins whose pages may call the API from a browser. */
  allowedOrigins: readonly string[] = [],
) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.slice(0, -1);
    const own = operation(route, invocations);
    const { operationId: _, ...unnamed } = own;
    paths[path] = {
      options: preflight(route, invocations),
      ...paths[path],
      [route.method.toLowerCase()]: own,
      ...(route.method === 'GET' && { head: unnamed }),
    };
  }
  return {
    openapi: '3.0.1',
    info: { title, version: '0' },
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          'x-amazon-apigateway-authtype': 'custom',
          'x-amazon-apigateway-authorizer': {
            type: 'request',
            // A request without the header is refused without calling the authorizer.
            identitySource: 'method.request.header.Authorization',
            authorizerUri: invocations.authorizerUri,
            authorizerResultTtlInSeconds: AUTHORIZER_TTL_SECONDS,
          },
        },
      },
    },
    // SDKs send packed bytes, some without a type: otherwise the gateway takes every body for text.
    'x-amazon-apigateway-binary-media-types': ['*/*'],
    'x-amazon-apigateway-gateway-responses': gatewayResponses(allowedOrigins),
  };
}

function operation(route: Route, { uri }: Invocations) {
  return {
    operationId: route.operation,
    description: permission(route),
    tags: [route.function],
    parameters: [
      ...pathParameters(route),
      ...headersOf(route).map((header) => ({
        ...header,
        in: 'header',
        required: false,
        schema: { type: 'string' },
      })),
    ],
    security: route.access === 'token' ? [{ token: [] }] : [],
    responses: { '200': { description: 'Done' } },
    'x-amazon-apigateway-integration': proxy(route, uri),
  };
}

/** A browser asks it before a page of another origin may call the path; it has no token then. */
function preflight(route: Route, { uri }: Invocations) {
  return {
    summary: 'Say which methods the path has, and what pages of other origins may send.',
    tags: [route.function],
    parameters: pathParameters(route),
    security: [],
    responses: { '204': { description: 'Done' } },
    'x-amazon-apigateway-integration': proxy(route, uri),
  };
}

function proxy(route: Route, uri: Invocations['uri']) {
  return {
    type: 'aws_proxy',
    httpMethod: 'POST',
    passthroughBehavior: 'when_no_match',
    timeoutInMillis: INTEGRATION_TIMEOUT_MS,
    uri: uri(route.function),
  };
}

function pathParameters({ path }: Route) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

/** Which scopes a route needs, in words: OpenAPI 3.0 lists none for a token in a header. */
export function permission(route: Route): string {
  return 'whyNoScope' in route
    ? `Needs no scope. ${route.whyNoScope}`
    : `Needs the scope ${neededScopes(route)}, or one that includes it.`;
}

function neededScopes(route: Exclude<Route, { readonly whyNoScope: string }>): string {
  const anyOf = route.scopes.join(' or ');
  const also = 'alsoScope' in route ? route.alsoScope : undefined;
  return also === undefined ? anyOf : `${anyOf} and ${also}`;
}

/** Sentry's texts for answers that the gateway gives without a function. */
function gatewayResponses(allowedOrigins: readonly string[]) {
  const cors = crossOriginHeaders(allowedOrigins);
  const answer = (status: number | undefined, detail: string, headers = {}) =>
    gatewayResponse(status, detail, { ...cors, ...headers });
  const notFound = answer(404, 'The requested resource does not exist');
  const throttled = answer(429, 'Too many requests', { 'Retry-After': "'1'" });
  return {
    UNAUTHORIZED: answer(401, 'Authentication credentials were not provided.'),
    // The authorizer answers Deny for an unknown token; functions check permissions.
    ACCESS_DENIED: answer(401, 'Invalid token'),
    // An unknown path, and a known one with a method that it does not have.
    MISSING_AUTHENTICATION_TOKEN: notFound,
    // For unknown paths the gateway may take `Bearer ...` for an invalid AWS signature.
    INVALID_SIGNATURE: notFound,
    EXPIRED_TOKEN: notFound,
    RESOURCE_NOT_FOUND: notFound,
    THROTTLED: throttled,
    QUOTA_EXCEEDED: throttled,
    WAF_FILTERED: answer(403, 'The firewall refuses this request.'),
    REQUEST_TOO_LARGE: answer(413, 'Request body too large'),
    DEFAULT_4XX: answer(undefined, 'Bad request'),
    DEFAULT_5XX: answer(undefined, 'Internal Error'),
  };
}

/**
 * Lets pages of the allowed origins read what the gateway refuses. It knows constants and what is
 * in the request, and cannot compare: where one origin is allowed it is named, and no other page
 * gets past that. Where there are several every page may read it, which the answer says openly: it
 * says nothing that is not in this file, and no cookies are let through.
 */
function crossOriginHeaders([first, ...others]: readonly string[]): Record<string, string> {
  if (first === undefined) {
    return {};
  }
  return {
    'Access-Control-Allow-Origin': others.length === 0 ? `'${first}'` : "'*'",
    'Access-Control-Expose-Headers': `'${EXPOSED_HEADERS.join(', ')}'`,
    Vary: "'Origin'",
  };
}

/** A default answer without a status keeps the original one. */
function gatewayResponse(
  status: number | undefined,
  detail: string,
  headers: Readonly<Record<string, string>>,
) {
  const parameters = { 'X-Request-Id': 'context.requestId', ...headers };
  return {
    ...(status !== undefined && { statusCode: String(status) }),
    responseParameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [`gatewayresponse.header.${name}`, value]),
    ),
    responseTemplates: { 'application/json': JSON.stringify({ detail }) },
  };
}
