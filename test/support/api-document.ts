import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { repository } from './product-source.ts';

/** What the document says of a body, by its media type. */
type Content = {
  readonly 'application/json': {
    readonly schema: AnySchema;
    readonly example?: unknown;
    readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
  };
};

/** What the document says of an operation. */
export type OperationObject = {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly description: string;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<
    Record<
      string,
      { readonly content?: Content; readonly headers: Readonly<Record<string, object>> }
    >
  >;
  readonly security: readonly { readonly token?: readonly string[] }[];
};

export type ApiDocument = {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>;
};

type Responses = OperationObject['responses'];

/**
 * The operations of a document that are routes, with their refusals in the place of references to
 * them.
 */
export function operationsOf({ paths, components }: ApiDocument): readonly OperationObject[] {
  const responseOf = (response: Responses[string] | { readonly $ref: string }) =>
    '$ref' in response
      ? (components.responses?.[response.$ref.split('/').at(-1) ?? ''] as Responses[string])
      : response;
  return Object.values(paths)
    .flatMap((methods) => Object.entries(methods))
    .filter(([method]) => method !== 'head' && method !== 'options')
    .map(([, operation]) => operation)
    .map((one) => ({
      ...one,
      responses: Object.fromEntries(
        Object.entries(one.responses).map(([status, found]) => [status, responseOf(found)]),
      ),
    }));
}

/** docs/openapi.json, as it is. */
export function writtenDocument(): ApiDocument {
  return JSON.parse(readFileSync(join(repository, 'docs/openapi.json'), 'utf8'));
}

/** What is wrong with a value by a schema of a document; empty for one that fits. */
export function schemasOf({ components }: ApiDocument) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'document', components });
  return (schema: AnySchema, value: unknown): readonly object[] => {
    const validate = ajv.compile(
      JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')),
    );
    validate(value);
    return validate.errors ?? [];
  };
}
