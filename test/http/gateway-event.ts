import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { ApiHandler } from '../../shared/http/api.ts';

/**
 * What of the gateway's event a test says; the rest is as a caller with every scope in acme would
 * have it.
 */
export type GatewayRequest = {
  readonly method?: string;
  readonly resource: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
  readonly base64?: boolean;
  readonly authorizer?: Readonly<Record<string, string>> | null;
};

export const aliceAtAcme: Readonly<Record<string, string>> = {
  tokenId: 'token-of-alice',
  userId: '11',
  organizations: '[{"id":"1","slug":"acme"}]',
  scopes: 'org:admin project:admin team:admin member:admin event:admin',
};

/**
 * A proxy event of API Gateway's REST APIs: absent maps are null, header names keep the client's
 * case.
 */
export function gatewayEvent(request: GatewayRequest): APIGatewayProxyEvent {
  const path = `${request.resource}/`.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(request.path?.[name]?.toWellFormed() ?? ''),
  );
  const event = {
    httpMethod: request.method ?? 'GET',
    resource: request.resource,
    path,
    pathParameters: request.path ?? null,
    multiValueQueryStringParameters: request.query ?? null,
    headers: {
      Host: '127.0.0.1:8787',
      'X-Forwarded-Proto': 'http',
      'Content-Type': 'application/json',
      ...request.headers,
    },
    body: request.body ?? null,
    isBase64Encoded: request.base64 ?? false,
    requestContext: {
      requestId: 'request-1',
      path: `/api${path}`,
      domainName: 'api.example.com',
      authorizer: request.authorizer === undefined ? aliceAtAcme : request.authorizer,
    },
  };
  return event as unknown as APIGatewayProxyEvent;
}

/** Sends one request through a handler and reads its JSON. */
export async function send(
  handler: ApiHandler,
  request: GatewayRequest,
): Promise<Omit<APIGatewayProxyResult, 'body'> & { readonly body: unknown }> {
  const result = await handler(gatewayEvent(request), {} as Context);
  return { ...result, body: result.body === '' ? undefined : JSON.parse(result.body) };
}
