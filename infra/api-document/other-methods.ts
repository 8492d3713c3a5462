import { ALLOWED_HEADERS } from '../../shared/http/routes/cross-origin.ts';
import type { Route } from '../../shared/http/routes.ts';
import { headersNamed } from './headers.ts';
import { pathNamesOf, pathParameter } from './parameters.ts';

/** What the document says of a path's `GET`, as far as `HEAD` has it too. */
type Get = {
  readonly tags: readonly string[];
  readonly parameters: readonly object[];
  readonly security: readonly object[];
};

const text = { type: 'string' } as const;

/** What every path answers beside its routes: `HEAD` where it answers `GET`, and `OPTIONS`. */
export function otherMethods(route: Route, tags: readonly string[], get: Get | undefined) {
  return {
    ...(get === undefined
      ? {}
      : {
          head: {
            summary: 'Answer as GET does, without the body.',
            tags: get.tags,
            parameters: get.parameters,
            responses: { default: { $ref: '#/components/responses/WithoutBody' } },
            security: get.security,
          },
        }),
    options: {
      summary: 'Say which methods the path has, and what pages of other origins may send.',
      tags,
      parameters: pathNamesOf(route).map((name) => pathParameter(name, '')),
      responses: { '204': { $ref: '#/components/responses/Preflight' } },
      security: [],
    },
  };
}

/** The answers that `otherMethods` refers to. */
export const OTHER_RESPONSES = {
  WithoutBody: {
    description: 'The status and the headers that `GET` answers, without its body.',
    headers: headersNamed(['X-Request-Id']),
  },
  Preflight: {
    description:
      'Without a token. The headers `Access-Control-...` are there for pages of origins that the stage allows.',
    headers: {
      ...headersNamed(['X-Request-Id']),
      Allow: { description: 'The methods of the path.', schema: text },
      'Access-Control-Allow-Origin': { description: 'The origin of the page.', schema: text },
      'Access-Control-Allow-Methods': { description: 'The methods of the path.', schema: text },
      'Access-Control-Allow-Headers': {
        description: 'What a page may send.',
        schema: { ...text, examples: [ALLOWED_HEADERS.join(', ')] },
      },
      'Access-Control-Max-Age': {
        description: 'For how many seconds a browser need not ask again.',
        schema: text,
      },
    },
  },
};
