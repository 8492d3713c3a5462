import type {
  ExternalIssue,
  ExternalPerson,
  ExternalStatus,
  Provider,
} from '../domain/sync/external-issue.ts';
import type { TrackerReply } from '../domain/sync/failure.ts';
import type { SlotChange } from '../domain/sync/slot.ts';
import type { Credentials } from './credentials.ts';
import type { Fetch } from './guarded-fetch.ts';

/**
 * A tracker, whoever makes it. Nothing here throws for what a tracker or the network does: a
 * failure is a value that says what should happen next.
 */
export type Tracker = {
  readonly provider: Provider;
  /** Reads one issue by its key; follows a move and says so by another `key`. */
  readonly getIssue: (key: string) => Promise<TrackerReply<ExternalIssue>>;
  /**
   * Makes the difference that `change` names, starting from the issue as it was read: everybody
   * else stays. Where the tracker can compare (Azure DevOps, Redmine), a write over a newer state
   * fails as `stale`. Answers the issue as it is afterwards; whether the people are really there is
   * for the caller to check, since some trackers drop them without saying so.
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
   * The one account with exactly this e-mail address or login (case and `@` aside), among those
   * that may be assigned where the tracker can say so; null when there is none, or when the tracker
   * does not let us look.
   */
  readonly findUser: (query: UserQuery) => Promise<TrackerReply<ExternalPerson | null>>;
  /** The account that we write with. */
  readonly whoAmI: () => Promise<TrackerReply<ExternalPerson>>;
};

export type UserQuery = {
  readonly by: 'email' | 'login';
  readonly value: string;
  /** The issue that somebody is to be assigned to. */
  readonly issueKey: string;
};

/** What a tracker is made from. */
export type TrackerOptions = {
  /** The API root, such as `https://api.github.com`. */
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly fetch: Fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
};
