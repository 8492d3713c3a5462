import { dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';

/** Short enough, in any script, for a key of the table. */
const longestName = 190;

const id = text({ maxLength: 64 });
const externalName = text({ maxLength: longestName });
const externalId = maybe(nullable(text({ maxLength: longestName, blank: true })));

const newExternalUser = dictionary({ integrationId: id, userId: id, externalName, externalId });
const update = dictionary({
  integrationId: maybe(id),
  userId: maybe(id),
  externalName: maybe(externalName),
  externalId,
});

export type NewExternalUserRequest = {
  readonly integrationId: string;
  readonly userId: string;
  readonly externalName: string;
  readonly externalId: string;
};

/**
 * Reads whom an account in a tracker stands for; names may be written `external_name` as well. Throws `request.invalid` with
 * the messages of every field that is wrong.
 */
export function parseNewExternalUser(body: unknown): NewExternalUserRequest {
  const fields = parseBody(newExternalUser, inCamelCase(body));
  return { ...fields, externalId: fields.externalId ?? '' };
}

/** Reads what of it is to be corrected. Throws `request.invalid`. */
export function parseExternalUserUpdate(body: unknown): Partial<NewExternalUserRequest> {
  const { externalId: given, ...fields } = parseBody(update, inCamelCase(body));
  return { ...fields, ...(given === undefined ? {} : { externalId: given ?? '' }) };
}

function inCamelCase(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
