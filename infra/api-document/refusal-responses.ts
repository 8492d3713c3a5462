import { errorReply } from '../../shared/http/errors.ts';
import type { Route } from '../../shared/http/routes.ts';
import { fieldErrors, moved, refusal } from './answers/error.ts';
import { type HeaderName, headersNamed, limitOf } from './headers.ts';
import { fieldRefusal, REFUSALS, refusalsOf } from './refusals.ts';
import type { OperationDocumentation } from './row.ts';
import { answerSchema, type JsonSchema } from './schemas.ts';

/** The refusals of a route, those with one status together. */
export function refusalResponses(route: Route, row: OperationDocumentation) {
  const replies = refusalsOf(route, row.refusals ?? []).map((code) => ({
    code,
    when: REFUSALS[code].when,
    reply: errorReply(REFUSALS[code].example),
  }));
  const byStatus = Map.groupBy(replies, ({ reply }) => String(reply.status));
  return Object.fromEntries(
    [...withThrottling(byStatus)].map(([status, found]) => [
      status,
      {
        description: found.map(({ when }) => when).join(' '),
        headers: headersNamed([
          'X-Request-Id',
          ...new Set(
            found.flatMap(({ reply }) => Object.keys(reply.headers ?? {}) as HeaderName[]),
          ),
          ...limitOf(route),
        ]),
        content: {
          'application/json': {
            schema: refusalSchema(status, row),
            examples: refusalExamples(status, row, found),
          },
        },
      },
    ]),
  );
}

type Found = {
  readonly code: string;
  readonly when: string;
  readonly reply: ReturnType<typeof errorReply>;
};

/** The gateway itself refuses more than it takes, whatever the route. */
function withThrottling(byStatus: ReadonlyMap<string, readonly Found[]>) {
  const throttled: Found = {
    code: 'gateway.throttled',
    when: 'There are more requests than the gateway takes.',
    reply: { status: 429, body: { detail: 'Too many requests' }, headers: { 'Retry-After': '1' } },
  };
  return new Map([...byStatus, ['429', [...(byStatus.get('429') ?? []), throttled]]]);
}

/** Bodies are refused field by field, and what has moved says where it is. */
function refusalSchema(status: string, { body }: OperationDocumentation): JsonSchema {
  if (status === '302') {
    return answerSchema(moved);
  }
  const one = answerSchema(refusal);
  return isOfFields(status, body) ? { anyOf: [one, answerSchema(fieldErrors)] } : one;
}

function refusalExamples(
  status: string,
  { body }: OperationDocumentation,
  found: readonly Found[],
) {
  const examples = found.map(({ code, reply }) => [code, { value: reply.body }] as const);
  const fields = [['fields', { value: errorReply(fieldRefusal).body }] as const];
  return Object.fromEntries(isOfFields(status, body) ? [...examples, ...fields] : examples);
}

function isOfFields(status: string, body: OperationDocumentation['body']): boolean {
  return status === '400' && body !== undefined;
}
