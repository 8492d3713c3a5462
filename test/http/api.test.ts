import { describe, expect, expectTypeOf, it } from 'vitest';
import { conflict, DomainError, invalidFields, rateExceeded } from '../../shared/domain/errors.ts';
import {
  type ApiReply,
  apiHandler,
  type RequestOf,
  type TaggedReply,
} from '../../shared/http/api.ts';
import type { Operation } from '../../shared/http/routes.ts';
import { aliceAtAcme, type GatewayRequest, send } from './gateway-event.ts';

type LogLine = { message: string; about: Readonly<Record<string, unknown>> };

type AnyRequest = RequestOf<UpdateOrDelete>;
type Endpoint = (deps: unknown, request: AnyRequest) => Promise<ApiReply>;
type Tagged = (deps: unknown, request: AnyRequest) => Promise<TaggedReply>;
type UpdateOrDelete = Extract<
  Operation,
  `${'update' | 'delete'}${'' | 'Organization' | 'Project'}Issue${'' | 's'}`
>;

/** group-update with one endpoint behind all of its routes. */
function handlerOf(endpoint: Endpoint, lines: LogLine[] = []) {
  const tagged: Tagged = async (deps, request) => ({
    etag: '"as-it-is"',
    ...(await endpoint(deps, request)),
  });
  const write = (message: string, about: LogLine['about']) => {
    lines.push({ message, about });
  };
  return apiHandler({
    functionName: 'group-update',
    deps: {
      allowedOrigins: [],
      log: {
        begin: (_: unknown, about: LogLine['about'] = {}) => write('begun', about),
        info: write,
        warn: write,
        error: write,
      },
    },
    endpoints: {
      updateProjectIssues: endpoint,
      updateOrganizationIssues: endpoint,
      updateOrganizationIssue: tagged,
      updateIssue: tagged,
      deleteProjectIssues: endpoint,
      deleteOrganizationIssues: endpoint,
      deleteOrganizationIssue: endpoint,
      deleteIssue: endpoint,
      createIssueNote: endpoint,
      createOrganizationIssueNote: endpoint,
      updateIssueNote: endpoint,
      updateOrganizationIssueNote: endpoint,
      deleteIssueNote: endpoint,
      deleteOrganizationIssueNote: endpoint,
    },
  });
}

const update: GatewayRequest = {
  method: 'PUT',
  resource: '/0/issues/{issue}',
  path: { issue: '101' },
};

async function requestOf(request: Partial<GatewayRequest>): Promise<AnyRequest> {
  const seen: AnyRequest[] = [];
  const handler = handlerOf(async (_, given) => {
    seen.push(given);
    return { status: 200, body: {} };
  });
  const answer = await send(handler, { ...update, ...request });
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return seen[0]!;
}

const echo: Endpoint = async (_, { body }) => ({ status: 200, body: { body } });

describe('a request', () => {
  it('of a path with an organization is about that one, else about all that the token reaches', async () => {
    const authorizer = {
      ...aliceAtAcme,
      organizations: '[{"id":"1","slug":"acme"},{"id":"2","slug":"globex"}]',
    };
    const globex = { id: '2', slug: 'globex' };
    expect((await requestOf({ authorizer })).organizations).toEqual([
      { id: '1', slug: 'acme' },
      globex,
    ]);
    const named = await requestOf({
      authorizer,
      resource: '/0/organizations/{org}/issues/{issue}',
      path: { org: 'globex', issue: '101' },
    });
    expect(named.organizations).toEqual([globex]);
    expect(named).toMatchObject({ organization: globex, params: { org: 'globex', issue: '101' } });
  });

  it('has exactly the parameters of its path, and an organization where the path has one', () => {
    expectTypeOf<RequestOf<'updateOrganizationIssue'>['params']>().toEqualTypeOf<{
      readonly org: string;
      readonly issue: string;
    }>();
    expectTypeOf<RequestOf<'updateOrganizationIssue'>>().toHaveProperty('organization');
    expectTypeOf<RequestOf<'updateIssue'>['params']>().toEqualTypeOf<{ readonly issue: string }>();
    expectTypeOf<RequestOf<'updateIssue'>>().not.toHaveProperty('organization');
    expectTypeOf<RequestOf<'getAuth'>['params']>().toEqualTypeOf<Readonly<Record<never, string>>>();
  });

  it('says who acts, and under which id', async () => {
    expect((await requestOf({})).initiator).toEqual({ actingUserId: '11', requestId: 'request-1' });
  });

  it('carries decoded path parameters and every value of a repeated query parameter', async () => {
    const request = await requestOf({
      path: { issue: 'caf%C3%A9' },
      query: { id: ['1', '2'], query: [''] },
    });
    expect(request.params).toEqual({ issue: 'café' });
    expect(request.query.getAll('id')).toEqual(['1', '2']);
    expect(request.query.get('query')).toBe('');
    expect(request.query.get('project')).toBeNull();
  });

  it.each([
    ['a broken percent sequence', '%E0%A4%A', '%E0%A4%A'],
    ['half a surrogate pair', '\ud800', '\ufffd'],
  ])('keeps %s from breaking anything', async (_, given, expected) => {
    expect((await requestOf({ path: { issue: given } })).params).toEqual({ issue: expected });
  });

  it('knows the caller from the authorizer', async () => {
    const { caller } = await requestOf({});
    expect(caller.userId).toBe('11');
    expect(caller.organizations).toEqual([{ id: '1', slug: 'acme' }]);
    expect(caller.scopes).toContain('event:admin');
  });

  it('has no acting user under the token of an organization', async () => {
    const authorizer = { tokenId: 't', userId: '', organizations: '[]', scopes: 'event:write' };
    const { caller, initiator } = await requestOf({ authorizer });
    expect(caller.userId).toBeNull();
    expect(initiator.actingUserId).toBeNull();
  });

  it.each<[string, Record<string, string>, string]>([
    ['the host it was asked at', {}, 'http://127.0.0.1:8787'],
    ['https', { 'X-Forwarded-Proto': 'https' }, 'https://127.0.0.1:8787'],
    ['the gateway’s own name where the Host is none', { Host: 'x"/><' }, 'http://api.example.com'],
  ])('gives links %s', async (_, headers, expected) => {
    expect((await requestOf({ headers })).baseUrl).toBe(expected);
  });
});

describe('a body', () => {
  it.each<[string, Partial<GatewayRequest>, unknown]>([
    ['JSON', { body: '{"a":[1,null]}' }, { a: [1, null] }],
    ['JSON in base64', { body: btoa('{"a":1}'), base64: true }, { a: 1 }],
    [
      'JSON under another media type',
      { body: '{}', headers: { 'Content-Type': 'text/plain' } },
      {},
    ],
    ['the JSON null', { body: 'null' }, null],
    ['text with half a surrogate pair', { body: '{"a":"\\ud800"}' }, { a: '\ufffd' }],
  ])('is read: %s', async (_, request, expected) => {
    expect((await requestOf(request)).body).toEqual(expected);
  });

  it.each([
    ['absent', { body: null }],
    ['empty', { body: '' }],
  ])('is undefined when %s', async (_, request) => {
    expect((await requestOf(request)).body).toBeUndefined();
  });

  it.each([
    ['not JSON', 'status=resolved'],
    ['cut off', '{"a":'],
    ['a forbidden key', '{"__proto__":{}}'],
    ['nested beyond all measure', '['.repeat(500_000)],
  ])('is refused with 400: %s', async (_, body) => {
    const answer = await send(handlerOf(echo), { ...update, body });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toEqual({ detail: expect.stringMatching(/^JSON parse error - ./) });
  });

  it('is refused with 415 when it neither is JSON nor says so', async () => {
    const answer = await send(handlerOf(echo), {
      ...update,
      body: 'status=resolved',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.statusCode).toBe(415);
    expect(answer.body).toEqual({
      detail: 'Unsupported media type "application/x-www-form-urlencoded" in request.',
    });
  });

  it.each([
    [200, 'exactly', 1024 * 1024],
    [413, 'one byte more than', 1024 * 1024 + 1],
  ])('is answered %i at %s 1 MiB', async (status, _, bytes) => {
    const body = `"${'a'.repeat(bytes - 2)}"`;
    const answer = await send(
      handlerOf(async () => ({ status: 200 })),
      { ...update, body },
    );
    expect(answer.statusCode).toBe(status);
  });
});

describe('an answer', () => {
  const identity = { 'Content-Type': 'application/json', 'X-Request-Id': 'request-1' };

  it('is JSON and carries the request id and its own headers', async () => {
    const handler = handlerOf(async () => ({
      status: 202,
      body: { a: 1 },
      headers: { Link: 'x' },
    }));
    const answer = await send(handler, update);
    expect(answer).toEqual({
      statusCode: 202,
      body: { a: 1 },
      headers: { Link: 'x', ETag: '"as-it-is"', ...identity },
    });
  });

  it.each<[string, DomainError, number, unknown, Record<string, string>]>([
    ['messages per field', invalidFields({ a: ['No.'] }), 400, { a: ['No.'] }, {}],
    [
      'a conflict with its groups',
      conflict('Some.', { groups: ['1'] }),
      409,
      { detail: 'Some.', groups: ['1'] },
      {},
    ],
    [
      'a rate',
      rateExceeded(10),
      429,
      {
        detail:
          'You are attempting to use this endpoint too frequently. Limit is 10 requests in 1 seconds',
      },
      { 'Retry-After': '1' },
    ],
    [
      'a new address',
      new DomainError('resource.moved', { code: 'resource-moved', extra: { url: '/there/' } }),
      302,
      { detail: { code: 'resource-moved', extra: { url: '/there/' } } },
      { Location: '/there/' },
    ],
  ])('tells of %s', async (_, error, statusCode, body, headers) => {
    const answer = await send(
      handlerOf(() => Promise.reject(error)),
      update,
    );
    expect(answer).toEqual({ statusCode, body, headers: { ...headers, ...identity } });
  });

  it('is 404 for a route that the function does not have', async () => {
    const answer = await send(handlerOf(echo), { resource: '/0/auth' });
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toEqual({ detail: 'The requested resource does not exist' });
    expect(answer.headers).toEqual(identity);
  });

  it('tells nothing of what nobody foresaw, and logs it without the request', async () => {
    const lines: LogLine[] = [];
    const handler = handlerOf(() => Promise.reject(new Error('boom')), lines);
    const answer = await send(handler, {
      ...update,
      body: '{"note":"confidential"}',
      headers: { Authorization: 'Bearer secret' },
    });
    expect(answer).toEqual({
      statusCode: 500,
      body: { detail: 'Internal Error' },
      headers: identity,
    });
    expect(lines.map(({ message }) => message)).toEqual(['begun', 'A request failed.']);
    expect(lines[1]?.about).toMatchObject({
      function: 'group-update',
      requestId: 'request-1',
      error: { message: 'boom' },
    });
    expect(JSON.stringify(lines)).not.toMatch(/confidential|secret/);
  });
});
