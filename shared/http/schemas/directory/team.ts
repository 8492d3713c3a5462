import { invalidFields } from '../../../domain/errors.ts';
import { MAX_GENERATED_SLUG_LENGTH } from '../../../domain/slug.ts';
import { dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';
import { chosenSlug, slug } from '../slug.ts';

const LONGEST_NAME = 64;

/** The body of a new team. */
export const newTeam = dictionary({
  name: maybe(nullable(text({ maxLength: LONGEST_NAME, blank: true }))),
  slug: maybe(slug(MAX_GENERATED_SLUG_LENGTH)),
});

/** The body of a change of a team. */
export const renamedTeam = dictionary({
  name: maybe(nullable(text({ maxLength: LONGEST_NAME }))),
  slug: maybe(slug(MAX_GENERATED_SLUG_LENGTH)),
});

export type NewTeamRequest = { readonly name: string; readonly slug: string | null };

/**
 * Reads the body of a new team: a name, a slug, or both. Without a name the slug is the name; a
 * slug of null is made from the name. Throws `request.invalid` with the messages of every field
 * that is wrong.
 */
export function parseNewTeam(body: unknown): NewTeamRequest {
  const fields = parseBody(newTeam, body);
  const chosen = chosenSlug(fields.slug);
  const name = fields.name || chosen;
  if (name === null) {
    throw invalidFields({ non_field_errors: ['Name or slug is required'] });
  }
  return { name, slug: chosen };
}

/**
 * Reads the body of a change of a team. Null for what is absent or null, which stays as it is.
 * Throws `request.invalid` with the messages of every field that is wrong.
 */
export function parseRenamedTeam(body: unknown): {
  readonly name: string | null;
  readonly slug: string | null;
} {
  const fields = parseBody(renamedTeam, body);
  return { name: fields.name ?? null, slug: chosenSlug(fields.slug) };
}
