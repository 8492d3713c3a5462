import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../infra/openapi.ts';
import { headersOf } from '../../shared/http/routes/route.ts';
import { ROUTES } from '../../shared/http/routes.ts';

type Parameter = { name: string; in: string; required: boolean };

const invocations = { uri: (name: string) => `invoke:${name}`, authorizerUri: 'invoke:authorizer' };
// biome-ignore lint/suspicious/noExplicitAny: read as API Gateway reads it, key by key
const document: any = openApiDocument('baton-test', ROUTES, invocations);

const everything = Object.entries(document.paths).flatMap(([path, methods]) =>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  Object.entries(methods as any).map(([method, operation]: any) => ({ path, method, operation })),
);
/** Those that have a row of the route table. */
const operations = everything.filter(({ method }) => method !== 'head' && method !== 'options');

describe('the route table', () => {
  it('names each operation once', () => {
    const names = ROUTES.map((route) => route.operation);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has each method of a path once', () => {
    const rows = ROUTES.map((route) => `${route.method} ${route.path}`);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it.each(ROUTES.map((route) => route.path))('%s begins and ends as Sentry’s do', (path) => {
    expect(path).toMatch(/^\/(?:0|\{projectId\})\/(?:(?:[a-z]+(?:-[a-z]+)*|\{[a-zA-Z]+\})\/)*$/);
  });

  it('calls the parameter at one place of the tree by one name: the gateway refuses two', () => {
    const names = new Map<string, Set<string>>();
    for (const { path } of ROUTES) {
      const parts = path.split('/').filter(Boolean);
      for (const [depth, part] of parts.entries()) {
        const parent = parts.slice(0, depth).join('/');
        if (part.startsWith('{')) {
          names.set(parent, (names.get(parent) ?? new Set()).add(part));
        }
      }
    }
    expect([...names].filter(([, found]) => found.size > 1)).toEqual([]);
    expect(names.size).toBeGreaterThan(3);
  });
});

describe('the API document', () => {
  it('has one operation for each route and no other', () => {
    const found = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}/`);
    expect(found.sort()).toEqual(ROUTES.map((route) => `${route.method} ${route.path}`).sort());
  });

  it.each(operations)('$method $path declares its parameters', ({ path, operation }) => {
    const named = (kind: string, required: boolean) =>
      operation.parameters
        .filter((parameter: Parameter) => parameter.in === kind && parameter.required === required)
        .map(({ name }: Parameter) => name);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(named('path', true)).toEqual(inPath);
    const route = ROUTES.find((row) => row.operation === operation.operationId);
    const headers = route && headersOf(route).map(({ name }) => name);
    expect(named('header', false)).toEqual(headers);
    expect(operation.parameters).toHaveLength(inPath.length + (headers?.length ?? 0));
  });

  it('names the headers by which a write is repeated, and held to what was read', () => {
    const heeding = (name: string) =>
      operations
        .filter(({ operation }) =>
          operation.parameters.some((parameter: Parameter) => parameter.name === name),
        )
        .map(({ operation }) => operation.operationId)
        .sort();
    const writes = ROUTES.filter(({ method, access }) => method !== 'GET' && access === 'token');
    expect(heeding('Idempotency-Key')).toEqual(writes.map(({ operation }) => operation).sort());
    expect(heeding('If-Match')).toEqual([
      'restoreOwnershipVersion',
      'updateCodeowners',
      'updateIssue',
      'updateOrganizationIssue',
      'updateOwnership',
      'updateProject',
    ]);
    expect(heeding('If-None-Match')).toEqual([
      'getCodeowners',
      'getIssue',
      'getOrganizationIssue',
      'getOwnership',
      'getProject',
    ]);
  });

  it.each(operations)('$method $path is behind the authorizer, or signed', ({ operation }) => {
    const route = ROUTES.find((row) => row.operation === operation.operationId);
    expect(operation.security).toEqual(route?.access === 'token' ? [{ token: [] }] : []);
  });

  it('leaves out the authorizer for webhooks and for SDKs, and only there', () => {
    const open = operations.filter(({ operation }) => operation.security.length === 0);
    expect(open.map(({ path }) => path)).toEqual([
      '/0/extensions/{provider}/webhook/{integrationId}',
      '/{projectId}/envelope',
      '/{projectId}/store',
    ]);
  });

  it.each(operations)('$method $path is proxied and answered in time', ({ operation }) => {
    const route = ROUTES.find((row) => row.operation === operation.operationId);
    const integration = operation['x-amazon-apigateway-integration'];
    expect(integration).toMatchObject({
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: `invoke:${route?.function}`,
    });
    expect(integration.timeoutInMillis).toBeLessThanOrEqual(29_000);
  });

  it('asks the authorizer only when there is a header, and believes it for a minute', () => {
    const scheme = document.components.securitySchemes.token;
    expect(scheme['x-amazon-apigateway-authorizer']).toEqual({
      type: 'request',
      identitySource: 'method.request.header.Authorization',
      authorizerUri: 'invoke:authorizer',
      authorizerResultTtlInSeconds: 60,
    });
  });
});

describe('methods that no row names', () => {
  it('are HEAD wherever there is GET, behind the same authorizer and function', () => {
    const heads = everything.filter(({ method }) => method === 'head');
    expect(heads.map(({ path }) => path)).toEqual(
      operations.filter(({ method }) => method === 'get').map(({ path }) => path),
    );
    for (const { path, operation } of heads) {
      const { operationId: _, ...get } = document.paths[path].get;
      expect(operation).toEqual(get);
    }
  });

  it('are OPTIONS on every path, without a token', () => {
    const preflights = everything.filter(({ method }) => method === 'options');
    expect(preflights.map(({ path }) => path)).toEqual(Object.keys(document.paths));
    for (const { operation } of preflights) {
      expect(operation.security).toEqual([]);
    }
  });
});

describe('an answer of the gateway itself', () => {
  it.each([
    [[], undefined, undefined],
    [['https://a.example'], "'https://a.example'", "'Origin'"],
    [['https://a.example', 'https://b.example'], "'*'", "'Origin'"],
  ])('names for pages of %j who may read it', (origins, allowed, vary) => {
    const { 'x-amazon-apigateway-gateway-responses': answers } = openApiDocument(
      'baton-test',
      ROUTES,
      invocations,
      origins,
    );
    for (const { responseParameters } of Object.values(answers)) {
      const header = (name: string) => responseParameters[`gatewayresponse.header.${name}`];
      expect(header('Access-Control-Allow-Origin')).toBe(allowed);
      expect(header('Vary')).toBe(vary);
    }
  });

  it.each([
    ['no header', 'UNAUTHORIZED', '401', 'Authentication credentials were not provided.'],
    ['an unknown token', 'ACCESS_DENIED', '401', 'Invalid token'],
    [
      'an unknown path or method',
      'MISSING_AUTHENTICATION_TOKEN',
      '404',
      'The requested resource does not exist',
    ],
    [
      'a token where there is no route',
      'INVALID_SIGNATURE',
      '404',
      'The requested resource does not exist',
    ],
    ['too many requests', 'THROTTLED', '429', 'Too many requests'],
    ['a body beyond the gateway', 'REQUEST_TOO_LARGE', '413', 'Request body too large'],
    ['any other fault of the caller', 'DEFAULT_4XX', undefined, 'Bad request'],
    ['a fault of ours', 'DEFAULT_5XX', undefined, 'Internal Error'],
  ])('to %s is in Sentry’s shape', (_, type, status, detail) => {
    const answer = document['x-amazon-apigateway-gateway-responses'][type];
    expect(answer.statusCode).toBe(status);
    expect(JSON.parse(answer.responseTemplates['application/json'])).toEqual({ detail });
  });

  it('always names the request', () => {
    const answers = Object.values(document['x-amazon-apigateway-gateway-responses']);
    expect(answers.length).toBeGreaterThanOrEqual(7);
    for (const answer of answers) {
      expect(answer).toHaveProperty(
        ['responseParameters', 'gatewayresponse.header.X-Request-Id'],
        'context.requestId',
      );
    }
  });
});
