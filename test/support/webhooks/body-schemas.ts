import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';

const path = fileURLToPath(new URL('../../../docs/webhooks.schema.json', import.meta.url));

/** The published schema of webhooks' bodies. */
export const bodySchema = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly oneOf: readonly { readonly $ref: string }[];
};

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(bodySchema, 'webhooks');

/** What is wrong with some bodies by the schema of their types. */
export function problemsOf(bodies: readonly { readonly type: string }[]): string[] {
  return bodies.flatMap((body) => {
    const validate = ajv.getSchema(`webhooks#/$defs/${body.type}`);
    if (validate === undefined) {
      return [`${body.type} has no schema`];
    }
    return validate(body)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) =>
          [body.type, instancePath, message].join(' '),
        );
  });
}
