import { invalidFields } from '../../../domain/errors.ts';
import type { IntegrationId } from '../../../domain/ids.ts';
import { dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';

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

/** The body of a link in the form of Sentry's clients. */
export const linkedIssue = dictionary({
  externalIssue: maybe(nullable(text({ maxLength: LONGEST_REFERENCE, blank: true }))),
  repo: maybe(nullable(text({ maxLength: LONGEST_REFERENCE, blank: true }))),
});

/**
 * Reads which external issue is meant: its key or web address, or on GitHub its number beside the
 * repository. Throws `request.invalid` with the messages of every field that is wrong.
 */
export function parseLinkedIssue(body: unknown): string {
  const { externalIssue, repo } = parseBody(linkedIssue, body);
  if (!externalIssue) {
    throw invalidFields({ externalIssue: ['Issue ID is required'] });
  }
  return repo && /^\d+$/.test(externalIssue) ? `${repo}#${externalIssue}` : externalIssue;
}
