import { type ConversionConfig, toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { COMPONENTS } from './components.ts';
import { FIELDS, type Field } from './fields.ts';

export type JsonSchema = { readonly [key: string]: unknown };

const definitions = Object.fromEntries(
  Object.entries(COMPONENTS).map(([name, { schema }]) => [name, schema]),
);

const named: ConversionConfig = {
  target: 'draft-2020-12',
  definitions,
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
};

/** The schema of an answer; what has a name is referred to by it. */
export function answerSchema(schema: GenericSchema): JsonSchema {
  const { $schema: _, $defs: __, ...converted } = toJsonSchema(schema, named);
  return converted;
}

/** The schemas with a name, each in full. */
export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  const [one] = Object.values(definitions);
  const { $defs = {} } = one === undefined ? {} : toJsonSchema(one, named);
  return Object.fromEntries(
    Object.entries($defs).map(([name, schema]) => [
      name,
      { description: COMPONENTS[name]?.description, ...(schema as JsonSchema) },
    ]),
  );
}

/**
 * The schema of a body, with the meaning of each of its fields. Endpoints take more spellings than
 * it says, such as `"yes"` for true.
 *
 * @throws Error for a field that `FIELDS` does not know
 */
export function bodySchema(schema: GenericSchema, also: readonly string[] = []): JsonSchema {
  // What the schemas check in code of their own has no JSON Schema; the rest of them has.
  const { $schema: _, ...converted } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    errorMode: 'ignore',
  });
  const properties = { ...propertiesOf(converted), ...Object.fromEntries(also.map(unwritten)) };
  return withMeanings({ ...converted, properties });
}

const unwritten = (name: string) => [name, {}] as const;

function propertiesOf({ properties }: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (properties ?? {}) as Readonly<Record<string, JsonSchema>>;
}

/** The schema with what each field means, also of objects within it. */
function withMeanings(schema: JsonSchema): JsonSchema {
  const { items, anyOf, required } = schema;
  const fields = Object.entries(propertiesOf(schema));
  return {
    ...schema,
    ...(fields.length === 0
      ? {}
      : {
          properties: Object.fromEntries(fields.map(([name, one]) => [name, fieldOf(name, one)])),
        }),
    ...(Array.isArray(required) && required.length === 0 ? { required: undefined } : {}),
    ...(items === undefined ? {} : { items: withMeanings(items as JsonSchema) }),
    ...(Array.isArray(anyOf) ? { anyOf: anyOf.map(withMeanings) } : {}),
  };
}

function fieldOf(name: string, schema: JsonSchema): JsonSchema {
  if ('const' in schema && FIELDS[name] === undefined) {
    const description = 'Baton does not have this setting: any other value is refused.';
    return { ...schema, description };
  }
  const field: Field | undefined = FIELDS[name];
  if (field === undefined) {
    throw new Error(`Say in infra/api-document/fields.ts what the field ${name} of a body means.`);
  }
  const { description, ...more } = typeof field === 'string' ? { description: field } : field;
  return { ...withMeanings(schema), description, ...more };
}
