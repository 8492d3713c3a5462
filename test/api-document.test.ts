import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { apiDocument } from '../infra/api-document/document.ts';
import { recordedIn } from '../infra/api-document/recorded.ts';
import { methodsOf } from '../shared/http/routes/methods.ts';
import { heedsIfMatch, takesKey } from '../shared/http/routes/route.ts';
import { ROUTES, type Route } from '../shared/http/routes.ts';
import {
  type ApiDocument,
  operationsOf,
  schemasOf,
  writtenDocument,
} from './support/api-document.ts';

/** docs/openapi.json: the document of the API for people. `npm run openapi` writes it. */

const written = writtenDocument();
const made: ApiDocument = JSON.parse(JSON.stringify(apiDocument(recordedIn(written))));

const operations = operationsOf(made);
const named = operations.map((one) => [one.operationId, one] as const);
const routes: readonly Route[] = ROUTES;
const routeOf = (name: string) => routes.find(({ operation }) => operation === name);

const faultsOf = schemasOf(made);

describe('docs/openapi.json', () => {
  it('is what the route table, the schemas and the documentation say: run npm run openapi', () => {
    expect(written).toEqual(made);
  });

  it('is a valid document of OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(written))).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has every method that every path of the route table answers, and its slash at the end', () => {
    const found = Object.entries(made.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const answered = [...new Set(routes.map(({ path }) => path))].flatMap((path) =>
      methodsOf(routes, path).map((method) => `${method} ${path}`),
    );
    expect(found.sort()).toEqual(answered.sort());
  });

  it('uses every schema and every header that it names, and each of its tags', () => {
    const text = JSON.stringify(made);
    const components = Object.entries(made.components)
      .filter(([kind]) => kind !== 'securitySchemes')
      .flatMap(([kind, all]) => Object.keys(all).map((name) => `#/components/${kind}/${name}`));
    expect(components.length).toBeGreaterThan(40);
    expect(components.filter((reference) => !text.includes(`"$ref":"${reference}"`))).toEqual([]);
    const tags = new Set(operations.flatMap((one) => one.tags));
    expect([...tags].sort()).toEqual(made.tags.map(({ name }) => name).sort());
  });
});

describe('an operation', () => {
  it.each(named)('%s says what it does, what it needs, and what may go wrong', (name, one) => {
    const route = routeOf(name);
    expect(one.summary).toMatch(/^[A-Z].*\.$/);
    expect(one.description).toMatch(/^[A-Z`].{10,}/);
    expect(one.tags).toHaveLength(1);
    const scopes = one.security.map(({ token = [] }) => token);
    const also = route && 'alsoScope' in route && route.alsoScope ? [route.alsoScope] : [];
    const each = route?.access === 'token' ? route.scopes.map((scope) => [scope, ...also]) : [];
    expect(scopes.filter((needed) => needed.length > 0)).toEqual(each);
    const refusals = Object.keys(one.responses).filter((status) => /^4|503/.test(status));
    expect(refusals.length).toBeGreaterThan(1);
    expect(Object.keys(one.responses)).toContain('401');
    for (const { description } of one.parameters) {
      expect(description.length).toBeGreaterThan(5);
    }
  });

  it.each(named)(
    '%s has an example of its request, and one of each answer with a body',
    (_, one) => {
      const { requestBody, responses } = one;
      const bodies = [requestBody, ...Object.values(responses)].flatMap(
        (part) => part?.content?.['application/json'] ?? [],
      );
      const successes = Object.entries(responses).filter(([status]) => Number(status) < 300);
      const shown = successes.filter(([, { content }]) => content?.['application/json']?.example);
      expect(shown.length > 0 || successes.some(([, { content }]) => content === undefined)).toBe(
        true,
      );
      for (const { schema, example, examples = {} } of bodies) {
        const values = Object.values(examples).map(({ value }) => value);
        for (const value of example === undefined ? values : [example]) {
          expect(faultsOf(schema, value), JSON.stringify(value)).toEqual([]);
        }
      }
    },
  );

  it('takes a body where its endpoint parses one, and none of its fields is unexplained', () => {
    const silent: string[] = [];
    const look = (at: string, schema: unknown) => {
      const {
        properties = {},
        items,
        anyOf = [],
      } = schema as {
        properties?: Record<string, { description?: string }>;
        items?: unknown;
        anyOf?: unknown[];
      };
      for (const [field, inner] of Object.entries(properties)) {
        const { description = '', ...rest } = inner;
        if (description === '' || Object.keys(rest).length === 0) {
          silent.push(`${at}.${field}`);
        }
        look(`${at}.${field}`, inner);
      }
      for (const one of [...anyOf, ...(items === undefined ? [] : [items])]) {
        look(at, one);
      }
    };
    const withBody = operations.filter(({ requestBody }) => requestBody !== undefined);
    for (const { operationId, requestBody } of withBody) {
      look(operationId, requestBody?.content['application/json']?.schema);
    }
    expect(silent).toEqual([]);
    const puts = routes.filter(({ method }) => method === 'PUT').map(({ operation }) => operation);
    const bodies = withBody.map(({ operationId }) => operationId);
    expect(puts.filter((operation) => !bodies.includes(operation))).toEqual([]);
    expect(bodies.length).toBeGreaterThan(puts.length);
  });

  it('says which headers its answers have, and which one may send', () => {
    for (const one of operations) {
      const route = routeOf(one.operationId);
      const [, success] = Object.entries(one.responses)[0] ?? [];
      const headers = Object.keys(success?.headers ?? {});
      const sent = one.parameters.filter((parameter) => parameter.in === 'header');
      const isWrite = route !== undefined && takesKey(route);
      expect(headers.includes('Idempotency-Replayed'), one.operationId).toBe(isWrite);
      expect(headers.includes('ETag'), one.operationId).toBe(route?.tagged === true);
      expect(sent.some(({ name }) => name === 'Idempotency-Key')).toBe(isWrite);
      expect('412' in one.responses).toBe(route !== undefined && heedsIfMatch(route));
    }
  });
});
