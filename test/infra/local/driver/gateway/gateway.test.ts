import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningStack } from '../../../../../infra/local/stack.ts';
import { invocationUri, invoke } from '../../support/assembly.ts';
import { startApp } from '../../support/local-stack.ts';

const REQUEST_ID = { 'gatewayresponse.header.X-Request-Id': 'context.requestId' };
const guarded = { security: [{ token: [] }] };

let stack: RunningStack;

beforeAll(async () => {
  stack = await startApp({
    functions: { Echo: ECHO, Trouble: TROUBLE, Authorizer: AUTHORIZER },
    properties: { Trouble: { Timeout: 1 } },
    paths: {
      '/0': { get: invoke('Echo') },
      '/0/things/{thing}': { get: invoke('Echo'), post: invoke('Echo') },
      '/0/things/known': { get: invoke('Echo', { operationId: 'known' }) },
      '/0/rest/{rest+}': { 'x-amazon-apigateway-any-method': invoke('Echo') },
      '/0/trouble': {
        post: invoke('Trouble'),
        put: invoke('Trouble', {}, { timeoutInMillis: 200 }),
      },
      '/0/guarded/{thing}': { get: invoke('Echo', guarded), put: invoke('Echo', guarded) },
    },
    document: {
      components: {
        securitySchemes: {
          token: {
            type: 'apiKey',
            name: 'Authorization',
            in: 'header',
            'x-amazon-apigateway-authtype': 'custom',
            'x-amazon-apigateway-authorizer': {
              type: 'request',
              identitySource: 'method.request.header.Authorization',
              authorizerUri: invocationUri('Authorizer'),
              authorizerResultTtlInSeconds: 60,
            },
          },
        },
      },
      'x-amazon-apigateway-gateway-responses': {
        UNAUTHORIZED: {
          statusCode: '401',
          responseParameters: {
            ...REQUEST_ID,
            'gatewayresponse.header.WWW-Authenticate': "'Bearer'",
          },
          responseTemplates: { 'application/json': '{"detail":"who are you?"}' },
        },
        ACCESS_DENIED: {
          statusCode: '401',
          responseParameters: REQUEST_ID,
          responseTemplates: { 'application/json': '{"detail":"not you"}' },
        },
        MISSING_AUTHENTICATION_TOKEN: {
          statusCode: '404',
          responseParameters: REQUEST_ID,
          responseTemplates: { 'application/json': '{"detail":"nothing here"}' },
        },
        DEFAULT_4XX: {
          responseParameters: REQUEST_ID,
          responseTemplates: { 'application/json': '{"detail":$context.error.messageString}' },
        },
        DEFAULT_5XX: {
          responseParameters: REQUEST_ID,
          responseTemplates: {
            'application/json': '{"detail":"ours","type":"$context.error.responseType"}',
          },
        },
      },
    },
  });
});

afterAll(() => stack?.stop());

describe('the event of a function', () => {
  it('holds the request as API Gateway describes it', async () => {
    const event = await echoed('/api/0/things/a%2Fb%20c/?id=1&id=2&q=a+b%21&empty', {
      method: 'POST',
      headers: { 'X-Custom': 'Kept', 'Content-Type': 'application/json' },
      body: '{"ä":1}',
    });

    expect(event).toMatchObject({
      resource: '/0/things/{thing}',
      path: '/0/things/a%2Fb%20c/',
      httpMethod: 'POST',
      headers: { 'X-Custom': 'Kept', 'X-Forwarded-Proto': 'http' },
      multiValueHeaders: { 'X-Custom': ['Kept'] },
      queryStringParameters: { id: '2', q: 'a b!', empty: '' },
      multiValueQueryStringParameters: { id: ['1', '2'], q: ['a b!'], empty: [''] },
      pathParameters: { thing: 'a%2Fb%20c' },
      stageVariables: null,
      body: '{"ä":1}',
      isBase64Encoded: false,
      requestContext: {
        path: '/api/0/things/a%2Fb%20c/',
        resourcePath: '/0/things/{thing}',
        httpMethod: 'POST',
        stage: 'api',
        protocol: 'HTTP/1.1',
        identity: { sourceIp: '127.0.0.1' },
      },
    });
    expect(event.requestContext.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(event.requestContext.authorizer).toBeUndefined();
  });

  it('has null where there is nothing', async () => {
    const event = await echoed('/api/0');
    expect(event).toMatchObject({
      path: '/0',
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      body: null,
    });
  });

  it('survives a percent sign that means nothing', async () => {
    const event = await echoed('/api/0/things/%E0%A4%A?q=%zz');
    expect(event.pathParameters).toEqual({ thing: '%E0%A4%A' });
    expect(event.queryStringParameters).toEqual({ q: '%zz' });
  });
});

describe('a route', () => {
  it.each([
    ['a literal segment comes before a parameter', '/api/0/things/known', '/0/things/known'],
    ['a slash at the end changes nothing', '/api/0/things/known/', '/0/things/known'],
    ['a parameter takes one segment', '/api/0/things/other', '/0/things/{thing}'],
    ['the rest takes many', '/api/0/rest/a/b/c', '/0/rest/{rest+}'],
    ['the root of the API has a slash or none', '/api/0/', '/0'],
  ])('%s', async (_, path, resource) => {
    expect((await echoed(path)).resource).toBe(resource);
  });

  it.each([
    ['an unknown path', 'GET', '/api/0/nothing'],
    ['a known path with another method', 'DELETE', '/api/0/things/known'],
    ['HEAD, which GET does not imply', 'HEAD', '/api/0/things/known'],
    ['an empty segment', 'GET', '/api/0/things//'],
    ['the stage itself', 'GET', '/api'],
  ])('%s is not one', async (_, method, path) => {
    const response = await fetch(stack.url + path, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    if (method !== 'HEAD') {
      expect(await response.json()).toEqual({ detail: 'nothing here' });
    }
  });

  it('lies below the stage: anything else is forbidden', async () => {
    const response = await fetch(`${stack.url}/elsewhere`);
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: 'Forbidden' });
  });
});

describe('the authorizer', () => {
  beforeEach(() => fetch(`${stack.url}/_local/metrics`, { method: 'DELETE' }));

  it('is not asked without a token', async () => {
    const response = await get('/api/0/guarded/x');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toEqual({ detail: 'who are you?' });
    expect(await timesAsked()).toBe(0);
  });

  it('gives the function its context, all of it texts', async () => {
    const event = await echoed('/api/0/guarded/x', {
      headers: { authorization: 'Bearer context' },
    });
    expect(event.requestContext.authorizer).toMatchObject({
      principalId: 'me',
      text: 'a',
      number: '1',
      yes: 'true',
    });
  });

  it('is asked once for a token, whatever the path and the method', async () => {
    const headers = { authorization: 'Bearer once' };
    expect((await get('/api/0/guarded/x', headers)).status).toBe(200);
    expect((await get('/api/0/guarded/y', headers)).status).toBe(200);
    await fetch(`${stack.url}/api/0/guarded/x`, { method: 'PUT', headers });
    expect(await timesAsked()).toBe(1);
  });

  it.each([
    ['deny', 401, { detail: 'not you' }],
    ['only-get', 401, { detail: 'not you' }],
    ['unauthorized', 401, { detail: 'who are you?' }],
    ['throw', 500, { detail: 'ours', type: 'AUTHORIZER_FAILURE' }],
    ['object', 500, { detail: 'ours', type: 'AUTHORIZER_CONFIGURATION_ERROR' }],
    ['nothing', 500, { detail: 'ours', type: 'AUTHORIZER_CONFIGURATION_ERROR' }],
  ])('answers %s: %i', async (token, status, body) => {
    const response = await fetch(`${stack.url}/api/0/guarded/x`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
  });
});

describe('what a function does wrong', () => {
  it.each([
    'throw',
    'reject with nothing',
    'no status',
    'status as a text',
    'body as an object',
    'unknown key',
    'bad header',
    'bad status',
    'crash',
    'too large',
    'time out',
  ])('%s: 502', async (trouble) => {
    const response = await fetch(`${stack.url}/api/0/trouble`, { method: 'POST', body: trouble });
    expect(response.status).toBe(502);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.json()).toMatchObject({ detail: 'ours' });
  });

  it('does not outlive its process: the next request is answered', async () => {
    const response = await fetch(`${stack.url}/api/0/trouble`, { method: 'POST', body: 'none' });
    expect(response.status).toBe(204);
  });

  it('too slow for the gateway: 504', async () => {
    const response = await fetch(`${stack.url}/api/0/trouble`, { method: 'PUT', body: 'time out' });
    expect(response.status).toBe(504);
    expect(await response.json()).toEqual({ detail: 'ours', type: 'INTEGRATION_TIMEOUT' });
  });
});

describe('the limits of the gateway', () => {
  /** What a request is answered whose line and headers are so many bytes long together. */
  const ofBytes = (bytes: number, filled: 'URL' | 'header') =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const { host, port } = new URL(stack.url);
      const base = '/api/0/things/x?q=';
      const fixed = `GET ${base} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nX-Fill: \r\n`;
      const fill = 'a'.repeat(bytes - fixed.length);
      const path = filled === 'URL' ? `${base}${fill}` : base;
      const headers = ['Host', host, 'Connection', 'close', 'X-Fill', filled === 'URL' ? '' : fill];
      const sent = request({ port, path, headers }, async (response) => {
        let body = '';
        for await (const chunk of response) {
          body += chunk;
        }
        resolve({ status: response.statusCode, body });
      });
      sent.on('error', reject).end();
    });

  it('a line and headers of 10,240 bytes together pass, longer ones are 431', async () => {
    for (const filled of ['URL', 'header'] as const) {
      expect((await ofBytes(10_240, filled)).status).toBe(200);
      expect(await ofBytes(10_241, filled)).toEqual({
        status: 431,
        body: '{"detail":"Request Header Fields Too Large"}',
      });
    }
  });

  it('a line that is too long by itself is 414', async () => {
    const response = await get(`/api/0/things/x?q=${'a'.repeat(10_240)}`);
    expect(response.status).toBe(414);
    expect(await response.json()).toEqual({ detail: 'URI Too Long' });
    expect((await get(`/api/0/things/x?q=${'a'.repeat(100_000)}`)).status).toBe(414);
  });

  it('a body over 10 MB is 413', async () => {
    const body = 'a'.repeat(10 * 1024 * 1024 + 1);
    const response = await fetch(`${stack.url}/api/0/things/x`, { method: 'POST', body });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ detail: 'Request Too Long' });
  });

  it('an event over 6 MB is 413, since Lambda takes no more', async () => {
    const body = 'a'.repeat(7 * 1024 * 1024);
    const response = await fetch(`${stack.url}/api/0/things/x`, { method: 'POST', body });
    expect(response.status).toBe(413);
  });

  it('a caller that hangs up in the middle harms nobody', async () => {
    await new Promise<void>((resolve) => {
      const hangingUp = request(`${stack.url}/api/0/things/x`, {
        method: 'POST',
        headers: { 'content-length': '100' },
      });
      hangingUp.on('error', () => resolve());
      hangingUp.write('a', () => hangingUp.destroy(new Error('gone')));
    });
    expect((await get('/api/0/things/x')).status).toBe(200);
  });
});

describe('the answer of a function', () => {
  it('passes with its status, its headers and all values of repeated ones', async () => {
    const response = await fetch(`${stack.url}/api/0/trouble`, { method: 'POST', body: 'headers' });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-one')).toBe('1');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('"ü"');
  });
});

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(stack.url + path, { headers });
}

type Echoed = {
  resource: string;
  pathParameters: unknown;
  queryStringParameters: unknown;
  requestContext: { requestId: string; authorizer?: unknown };
};

async function echoed(path: string, init: RequestInit = {}): Promise<Echoed> {
  const response = await fetch(stack.url + path, init);
  expect(response.status).toBe(200);
  return (await response.json()) as Echoed;
}

async function timesAsked(): Promise<number> {
  const metrics = (await (await get('/_local/metrics')).json()) as { value: number }[];
  return metrics[0]?.value ?? 0;
}

const ECHO = `
export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });
`;

const TROUBLE = `
export const handler = async ({ body }) => {
  const answers = {
    'none': { statusCode: 204 },
    'no status': { body: '' },
    'status as a text': { statusCode: '200' },
    'body as an object': { statusCode: 200, body: {} },
    'unknown key': { statusCode: 200, status: 200 },
    'bad header': { statusCode: 200, headers: { 'x-a': 'line\\nbreak' } },
    'bad status': { statusCode: 99 },
    'too large': { statusCode: 200, body: 'a'.repeat(7 * 1024 * 1024) },
    'headers': {
      statusCode: 201,
      headers: { 'X-One': 1 },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      body: '"ü"',
    },
  };
  if (body === 'throw') throw new Error('thrown');
  if (body === 'reject with nothing') return Promise.reject();
  if (body === 'crash') process.exit(3);
  if (body === 'time out') await new Promise((resolve) => setTimeout(resolve, 20_000));
  return answers[body];
};
`;

const AUTHORIZER = `
const metric = JSON.stringify({
  _aws: { CloudWatchMetrics: [{ Namespace: 'n', Dimensions: [['a']], Metrics: [{ Name: 'asked' }] }] },
  a: 'b',
  asked: 1,
});
const policy = (Effect, Resource) => ({
  principalId: 'me',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
  context: { text: 'a', number: 1, yes: true },
});
export const handler = async ({ type, methodArn, headers, body }) => {
  console.log(metric);
  if (type !== 'REQUEST' || body !== undefined) throw new Error('not what an authorizer is told');
  const token = headers.authorization.slice(7);
  if (token === 'deny') return policy('Deny', '*');
  if (token === 'only-get') return policy('Allow', 'arn:aws:execute-api:*:*:*/api/GET/*');
  if (token === 'unauthorized') throw new Error('Unauthorized');
  if (token === 'throw') throw new Error('broken');
  if (token === 'object') return { ...policy('Allow', '*'), context: { a: {} } };
  if (token === 'nothing') return undefined;
  return policy('Allow', methodArn.split('/').slice(0, 2).join('/') + '/*');
};
`;
