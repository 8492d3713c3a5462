import { invalidFields } from '../../../domain/errors.ts';
import type { IntegrationId } from '../../../domain/ids.ts';
import type { Provider } from '../../../domain/sync/external-issue.ts';
import {
  type IssueFields,
  LONGEST_TITLE,
  type NewExternalIssue,
  readNewIssue,
} from '../../../domain/sync/new-external-issue.ts';
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

/** What the trackers that allow least take as a text. */
const LONGEST_DESCRIPTION = 32_767;
const LONGEST_NAME = 255;

const named = maybe(nullable(text({ maxLength: LONGEST_NAME, blank: true })));
const titled = maybe(nullable(text({ maxLength: LONGEST_TITLE, blank: true })));

/** The body of an issue that is to be created at a tracker, in the form of Sentry's clients. */
export const newExternalIssue = dictionary({
  title: titled,
  summary: titled,
  description: maybe(nullable(text({ maxLength: LONGEST_DESCRIPTION, blank: true }))),
  repo: named,
  project: named,
  issuetype: named,
  work_item_type: named,
});

/**
 * Reads the issue that is to be created at a tracker; what is null or empty counts as absent.
 * Throws `request.invalid` with the messages of every field that is wrong.
 */
export function parseNewExternalIssue(provider: Provider, body: unknown): NewExternalIssue {
  const given = Object.entries(parseBody(newExternalIssue, body)).filter(([, value]) => value);
  const reading = readNewIssue(provider, Object.fromEntries(given) as IssueFields);
  if (!reading.ok) {
    throw invalidFields(reading.problems);
  }
  return reading.issue;
}
