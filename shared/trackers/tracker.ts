import type {
  ExternalIssue,
  ExternalPerson,
  ExternalStatus,
  Provider,
} from '../domain/sync/external-issue.ts';
import type { TrackerReply } from '../domain/sync/failure.ts';
import type { NewExternalIssue } from '../domain/sync/new-external-issue.ts';
import type { SlotChange } from '../domain/sync/slot.ts';
import type { Credentials } from './credentials.ts';
import type { Fetch } from './guarded-fetch.ts';

/**
 * The client of a tracker. No function throws for a failure of the tracker or the network: a
 * failure is a value that says what should happen next.
 */
export type Tracker = {
  readonly provider: Provider;
  /** Reads an issue by its key. For an issue that was moved, the result has another `key`. */
  readonly getIssue: (key: string) => Promise<TrackerReply<ExternalIssue>>;
  /**
   * Creates an issue and answers its key. After a `transient` failure nobody knows whether there is
   * one; after every other failure there is none.
   */
  readonly createIssue: (issue: NewExternalIssue) => Promise<TrackerReply<string>>;
  /**
   * Adds and removes the assignees in `change`, starting from the issue as it was read; all others
   * stay. Where the tracker can compare (Azure DevOps, Redmine), a write over a newer state fails
   * as `stale`. Returns the issue after the write. The caller has to check its assignees, since
   * some trackers silently drop people.
   */
  readonly setAssignees: (
    issue: ExternalIssue,
    change: SlotChange,
  ) => Promise<TrackerReply<ExternalIssue>>;
  readonly setStatus: (
    issue: ExternalIssue,
    status: ExternalStatus,
  ) => Promise<TrackerReply<ExternalIssue>>;
  /**
   * The only account with exactly this e-mail address or login (case and `@` are ignored), among
   * those that may be assigned where the tracker offers that. Null without one, and where the
   * tracker does not allow the search.
   */
  readonly findUser: (query: UserQuery) => Promise<TrackerReply<ExternalPerson | null>>;
  /** The account of our credentials. */
  readonly whoAmI: () => Promise<TrackerReply<ExternalPerson>>;
};

export type UserQuery = {
  readonly by: 'email' | 'login';
  readonly value: string;
  /** The issue that the account is to be assigned to. */
  readonly issueKey: string;
};

/** The options of a tracker's client. */
export type TrackerOptions = {
  /** The API root, such as `https://api.github.com`. */
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly fetch: Fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
};
