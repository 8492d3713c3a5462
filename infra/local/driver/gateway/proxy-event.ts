import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Route } from './openapi.ts';

/** A request to the gateway. */
export type GatewayRequest = {
  readonly method: string;
  /** The path without the stage; percent-encoding and a trailing slash are kept. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Name, with its letters as sent, and value, in their order. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly receivedAt: Date;
};

export type GatewayIds = {
  readonly apiId: string;
  readonly accountId: string;
  readonly stage: string;
};

/** The context that an authorizer returned. */
export type AuthorizerContext = Readonly<Record<string, string | number | boolean>>;

/** Reads a request and its body. `stage` is removed from the path. */
export function toGatewayRequest(
  request: IncomingMessage,
  stage: string,
  body: Buffer,
): GatewayRequest {
  const url = request.url ?? '/';
  const questionMark = url.indexOf('?');
  const path = questionMark < 0 ? url : url.slice(0, questionMark);
  const headers: [string, string][] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    headers.push([request.rawHeaders[index] ?? '', request.rawHeaders[index + 1] ?? '']);
  }
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  return {
    method: request.method ?? 'GET',
    path: path.slice(stage.length + 1) || '/',
    query: new URLSearchParams(questionMark < 0 ? '' : url.slice(questionMark + 1)),
    headers: withForwarded(headers, sourceIp, request.socket.localPort ?? 80),
    body,
    sourceIp,
    requestId: randomUUID(),
    receivedAt: new Date(),
  };
}

/** Replaces the forwarding headers, which a caller must not be able to set. */
function withForwarded(
  headers: readonly [string, string][],
  sourceIp: string,
  port: number,
): [string, string][] {
  const own = new Set([
    'x-amzn-trace-id',
    'x-forwarded-port',
    'x-forwarded-proto',
    'x-forwarded-for',
    'connection',
  ]);
  const claimed = headers.find(([name]) => name.toLowerCase() === 'x-forwarded-for')?.[1];
  return [
    ...headers.filter(([name]) => !own.has(name.toLowerCase())),
    ['X-Amzn-Trace-Id', traceId()],
    ['X-Forwarded-For', claimed ? `${claimed}, ${sourceIp}` : sourceIp],
    ['X-Forwarded-Port', String(port)],
    ['X-Forwarded-Proto', 'http'],
  ];
}

/** `Root=1-`, the time in seconds and a random part, in hexadecimal digits. */
function traceId(): string {
  const seconds = Math.floor(Date.now() / 1_000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}

/** The event of a proxy integration of a REST API (payload version 1). */
export function toProxyEvent(
  request: GatewayRequest,
  { route, pathParameters }: { route: Route; pathParameters: Readonly<Record<string, string>> },
  { ids, takesBytes }: { readonly ids: GatewayIds; readonly takesBytes: boolean },
  authorizer: AuthorizerContext | undefined,
) {
  return {
    resource: route.resource,
    path: request.path,
    httpMethod: request.method,
    headers: orNull(lastValues(request.headers)),
    multiValueHeaders: orNull(allValues(request.headers)),
    queryStringParameters: orNull(lastValues(request.query)),
    multiValueQueryStringParameters: orNull(allValues(request.query)),
    pathParameters: orNull(pathParameters),
    stageVariables: null,
    requestContext: requestContext(request, route, ids, authorizer),
    body: request.body.length === 0 ? null : request.body.toString(takesBytes ? 'base64' : 'utf8'),
    isBase64Encoded: takesBytes && request.body.length > 0,
  };
}

function requestContext(
  request: GatewayRequest,
  route: Route,
  { apiId, accountId, stage }: GatewayIds,
  authorizer: AuthorizerContext | undefined,
) {
  const header = (wanted: string) =>
    request.headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;
  const host = header('host') ?? 'localhost';
  return {
    resourceId: route.resource,
    resourcePath: route.resource,
    operationName: route.operation,
    httpMethod: request.method,
    extendedRequestId: request.requestId,
    requestTime: commonLogTime(request.receivedAt),
    requestTimeEpoch: request.receivedAt.getTime(),
    path: `/${stage}${request.path}`,
    accountId,
    protocol: 'HTTP/1.1',
    stage,
    domainName: host,
    domainPrefix: host.split('.')[0],
    requestId: request.requestId,
    apiId,
    ...(authorizer && { authorizer }),
    identity: {
      accessKey: null,
      accountId: null,
      caller: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: request.sourceIp,
      user: null,
      userAgent: header('user-agent'),
      userArn: null,
    },
  };
}

/** Formats a time as `10/Oct/2025:13:55:36 +0000`. */
function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = time.toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}

function lastValues(pairs: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.fromEntries(pairs);
}

function allValues(pairs: Iterable<readonly [string, string]>): Record<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = all.get(name);
    if (values) {
      values.push(value);
    } else {
      all.set(name, [value]);
    }
  }
  return Object.fromEntries(all);
}

/** Returns null for an empty object, as in the events of API Gateway. */
function orNull<T extends object>(map: T): T | null {
  return Object.keys(map).length > 0 ? map : null;
}
