import type { ExternalPerson, ExternalStatus } from '../../domain/sync/external-issue.ts';
import { textAt } from '../json.ts';

/** An account as Jira writes it, in answers and in webhooks. */
export function jiraPerson(account: unknown): ExternalPerson | null {
  const externalId = textAt(account, 'accountId');
  const email = textAt(account, 'emailAddress');
  return externalId === null
    ? null
    : {
        externalId,
        externalName: textAt(account, 'displayName') ?? externalId,
        ...(email?.includes('@') === true ? { email } : {}),
      };
}

const meanings: ReadonlyMap<string, ExternalStatus> = new Map(
  Object.entries<ExternalStatus>({
    new: 'open',
    indeterminate: 'open',
    done: 'closed',
  }),
);

/**
 * The status of an issue, by the category that every answer and webhook contains: names of statuses
 * are free. Null without a category (`undefined` in Jira).
 */
export function statusOf(status: unknown): ExternalStatus | null {
  const category = textAt(status, 'statusCategory', 'key') ?? '';
  return meanings.get(category) ?? null;
}

/** Text as Jira keeps it: a document with a paragraph for each line. */
export function jiraDocument(text: string) {
  const content = text.split(/\r?\n/).map((line) => ({
    type: 'paragraph',
    content: line === '' ? [] : [{ type: 'text', text: line }],
  }));
  return { type: 'doc', version: 1, content };
}
