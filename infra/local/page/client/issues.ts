import { type Connection, call } from './api.ts';
import { nextCursor } from './link-header.ts';
import type { Activity, Explanation, Issue, IssueDetails, Link } from './types.ts';

const PAGE_SIZE = 25;

export type IssuePage = {
  readonly issues: readonly Issue[];
  readonly next: string | undefined;
};

const issuesOf = ({ organization }: Connection) => `/organizations/${organization}/issues/`;
const issueAt = (connection: Connection, issue: string) =>
  `${issuesOf(connection)}${encodeURIComponent(issue)}/`;

export async function listIssues(
  connection: Connection,
  { query, cursor }: { readonly query: string; readonly cursor?: string | undefined },
  signal: AbortSignal,
): Promise<IssuePage> {
  const parameters = new URLSearchParams({ query, limit: String(PAGE_SIZE) });
  if (cursor !== undefined) {
    parameters.set('cursor', cursor);
  }
  const { body, headers } = await call<readonly Issue[]>(
    connection.token,
    `${issuesOf(connection)}?${parameters}`,
    { signal },
  );
  return { issues: body, next: nextCursor(headers.get('link')) };
}

/** An issue with all that is shown beside it. */
export type WholeIssue = {
  readonly issue: IssueDetails;
  readonly activity: readonly Activity[];
  readonly explanation: Explanation;
  readonly links: readonly Link[];
};

export async function readIssue(
  connection: Connection,
  id: string,
  signal: AbortSignal,
): Promise<WholeIssue> {
  const path = issueAt(connection, id);
  const get = async <T>(below: string) =>
    (await call<T>(connection.token, path + below, { signal })).body;
  const [issue, { activity }, explanation, links] = await Promise.all([
    get<IssueDetails>(''),
    get<{ activity: readonly Activity[] }>('activities/'),
    get<Explanation>('ownership/'),
    get<readonly Link[]>('external-issues/'),
  ]);
  return { issue, activity, explanation, links };
}

export type IssueChange = {
  readonly assignedTo?: string | null;
  readonly status?: 'unresolved' | 'resolved' | 'ignored';
};

export async function changeIssue(
  connection: Connection,
  id: string,
  change: IssueChange,
): Promise<Issue> {
  const path = issueAt(connection, id);
  return (await call<Issue>(connection.token, path, { method: 'PUT', body: change })).body;
}

/** Changes, or merges, the issues with these ids in one request. */
export async function changeIssues(
  connection: Connection,
  ids: readonly string[],
  change: { readonly merge: true } | IssueChange,
): Promise<void> {
  const query = ids.map((id) => `id=${encodeURIComponent(id)}`).join('&');
  await call(connection.token, `${issuesOf(connection)}?${query}`, { method: 'PUT', body: change });
}
