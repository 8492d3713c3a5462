import { dictionary, parseBody, text } from '../../fields.ts';

/** A key, or the address that somebody copied from a browser. */
const LONGEST_REFERENCE = 2_048;

const newLink = dictionary({
  integrationId: text({ maxLength: 64 }),
  key: text({ maxLength: LONGEST_REFERENCE }),
});

/**
 * Reads the body of a new link. Throws `request.invalid` with the messages of every field that is
 * wrong.
 */
export function parseNewLink(body: unknown): {
  readonly integrationId: string;
  readonly key: string;
} {
  return parseBody(newLink, body);
}
