import type { IntegrationId } from '../../../domain/ids.ts';
import { dictionary, parseBody, text } from '../../fields.ts';

/** The key of an external issue may be its whole URL. */
const LONGEST_REFERENCE = 2_048;

/** The body of a new link to an external issue. */
export const newLink = dictionary({
  integrationId: text({ maxLength: 64 }),
  key: text({ maxLength: LONGEST_REFERENCE }),
});

/**
 * Reads the body of a new link to an external issue. Throws `request.invalid` with the messages of
 * every field that is wrong.
 */
export function parseNewLink(body: unknown): {
  readonly integrationId: IntegrationId;
  readonly key: string;
} {
  return parseBody(newLink, body);
}
