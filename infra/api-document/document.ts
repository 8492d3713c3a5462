import type { GenericSchema } from 'valibot';
import { internalErrorBody } from '../../shared/http/errors.ts';
import { takesKey } from '../../shared/http/routes/route.ts';
import { type Operation, ROUTES, type Route } from '../../shared/http/routes.ts';
import { permission } from '../openapi.ts';
import { ANSWER_OF } from './answer-of.ts';
import { refusal } from './answers/error.ts';
import { exampleOf, type Recorded } from './examples.ts';
import { ANSWER_HEADERS, type HeaderName, headersNamed, limitOf } from './headers.ts';
import { OPERATIONS } from './operations.ts';
import { OTHER_RESPONSES, otherMethods } from './other-methods.ts';
import {
  headerParameters,
  pathNamesOf,
  pathParameter,
  queryNamesOf,
  queryParameter,
  trackerHeaders,
} from './parameters.ts';
import { refusalResponses } from './refusal-responses.ts';
import type { OperationDocumentation } from './row.ts';
import { answerSchema, bodySchema, componentSchemas } from './schemas.ts';
import { createSharedResponses } from './shared-responses.ts';
import { TAGS } from './tags.ts';

const JSON_TYPE = 'application/json';

/**
 * The OpenAPI 3.1 document for people: what each route takes, answers and refuses, with a request
 * and its answer. API Gateway imports another one, `infra/openapi.ts`.
 *
 * @param recorded the answers that the local stack gave to the examples
 */
export function apiDocument(recorded: Recorded) {
  const paths: Record<string, Record<string, unknown>> = {};
  const shared = createSharedResponses();
  for (const route of ROUTES) {
    const { responses, ...operation } = operationObject(route, route.operation, recorded);
    paths[route.path] = {
      ...otherMethods(route, operation.tags, route.method === 'GET' ? operation : undefined),
      ...paths[route.path],
      ...(route.method === 'GET' && otherMethods(route, operation.tags, operation)),
      [route.method.toLowerCase()]: { ...operation, responses: shared.refer(responses) },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Baton',
      version: '0',
      summary: 'Who owns a problem, in the shape of Sentry’s REST API.',
      description: INTRODUCTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: 'http://127.0.0.1:8787/api', description: 'The local stack of `npm start`.' },
      {
        url: 'https://{host}/api',
        description: 'A deployment; its output `Url` says which host.',
        variables: { host: { default: 'baton.example.com' } },
      },
    ],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'baton_...', description: TOKENS },
      },
      headers: ANSWER_HEADERS,
      responses: { ...shared.all(), ...OTHER_RESPONSES },
      schemas: componentSchemas(),
    },
  };
}

const INTRODUCTION = `Every path begins with \`/api\` and ends with a slash. Ids are decimal text, times are ISO 8601 in UTC.
A refusal says in \`detail\` what was wrong, or names the fields of the body that were. What another organization has is answered as what is not there.
A write under an \`Idempotency-Key\` is done once, however often it is sent. Lists are answered page by page; \`Link\` says where to go on.`;

const TOKENS = `A token, sent as \`Authorization: Bearer baton_...\`. Each operation says which scopes it needs: a token has to have one of them, or one that includes it (\`x:admin\` includes \`x:write\`, which includes \`x:read\`). In the demo world \`baton_local_alice\` has all of them for acme.`;

function operationObject(route: Route, operation: Operation, recorded: Recorded) {
  const row = OPERATIONS[operation];
  const example = exampleOf(operation, recorded);
  return {
    operationId: operation,
    summary: row.summary,
    description: `${row.description}\n\n${permission(route)}`,
    tags: [row.tag],
    parameters: [
      ...pathNamesOf(route).map((name) => pathParameter(name, example.path[name] ?? '')),
      ...queryNamesOf(route, row.query ?? []).map((name) =>
        queryParameter(name, example.query[name]),
      ),
      ...headerParameters(route),
      ...trackerHeaders(example.headers),
    ],
    ...(row.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              [JSON_TYPE]: {
                schema: bodySchema(row.body, row.alsoInBody),
                example: example.body,
              },
            },
          },
        }),
    responses: {
      ...successes(route, operation, recorded),
      ...(route.tagged && route.method === 'GET' ? { '304': notModified(route) } : {}),
      ...refusalResponses(route, row),
      '500': {
        description: 'A fault of ours. The log has more under the request’s id.',
        headers: headersNamed(['X-Request-Id']),
        content: {
          [JSON_TYPE]: { schema: answerSchema(refusal), example: JSON.parse(internalErrorBody) },
        },
      },
    },
    security: securityOf(route),
  };
}

/** Each scope is enough; an operation without scopes needs a token all the same. */
function securityOf(route: Route): Readonly<Record<string, readonly string[]>>[] {
  if (route.access !== 'token') {
    return [];
  }
  const also = 'alsoScope' in route && route.alsoScope !== undefined ? [route.alsoScope] : [];
  return route.scopes.length === 0
    ? [{ token: [] }]
    : route.scopes.map((one) => ({ token: [one, ...also] }));
}

function successes(route: Route, operation: Operation, recorded: Recorded) {
  const answers = Object.entries(ANSWER_OF[operation]);
  return Object.fromEntries(
    answers.map(([status, schema]) => [
      status,
      {
        description: DESCRIPTIONS[status] ?? 'Done.',
        headers: headersNamed(answerHeaders(route, OPERATIONS[operation])),
        ...contentOf(
          schema,
          recordedAt(recorded, operation, Number(status)) ?? OPERATIONS[operation].shown,
        ),
      },
    ]),
  );
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  '200': 'Done.',
  '201': 'Made.',
  '202': 'Accepted: it is done soon.',
  '204': 'Done, or there was nothing to do; without a body.',
};

function recordedAt(recorded: Recorded, operation: Operation, status: number): unknown {
  const answer = recorded[operation];
  return answer?.status === status ? answer.body : undefined;
}

function contentOf(schema: GenericSchema | null, example: unknown) {
  if (schema === null) {
    return {};
  }
  const shown = example === undefined ? {} : { example };
  return { content: { [JSON_TYPE]: { schema: answerSchema(schema), ...shown } } };
}

function notModified(route: Route) {
  return {
    description: 'It is as `If-None-Match` says; without a body.',
    headers: headersNamed(['X-Request-Id', 'ETag', ...limitOf(route)]),
  };
}

function answerHeaders(route: Route, { query = [], headers = [] }: OperationDocumentation) {
  const isPaged = route.method === 'GET' && query.includes('cursor');
  const named: HeaderName[] = [
    'X-Request-Id',
    ...(isPaged ? (['Link'] as const) : []),
    ...(route.tagged ? (['ETag'] as const) : []),
    ...(takesKey(route) ? (['Idempotency-Replayed'] as const) : []),
    ...headers,
    ...limitOf(route),
  ];
  return named;
}
