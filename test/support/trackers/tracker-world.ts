import type {
  ExternalPerson,
  ExternalStatus,
  Provider,
} from '../../../shared/domain/sync/external-issue.ts';
import type { Credentials } from '../../../shared/trackers/credentials.ts';

type WorldState = {
  readonly name: string;
  /** Null where the tracker has no answer. */
  readonly status: ExternalStatus | null;
};

/** The text as it reaches whoever reads it, without the tracker's markup. */
export type CreatedIssue = {
  readonly key: string;
  readonly title: string;
  readonly description: string;
};

/** A running tracker with one open issue that nobody holds. */
export type TrackerWorld = {
  readonly provider: Provider;
  readonly url: string;
  readonly credentials: Credentials;
  readonly wrongCredentials: Credentials;
  readonly issueKey: string;
  readonly missingKey: string;
  /** Accounts that may be assigned; both show their e-mail address. */
  readonly bob: ExternalPerson & { readonly email: string };
  readonly carol: ExternalPerson & { readonly email: string };
  /** An account that may not. */
  readonly stranger: ExternalPerson;
  /** Bob's login, where people have logins. */
  readonly login: string | null;
  /** The account behind the credentials. */
  readonly self: Partial<ExternalPerson>;
  /** What the tracker itself holds, without going through us. */
  readonly look: () => Promise<{
    readonly assigneeIds: readonly string[];
    readonly state: string;
  }>;
  /** The states of the issue's workflow, and what the tracker's own category says of each. */
  readonly states: readonly WorldState[];
  /** The state that an issue is put into when it is over, and when it is taken up again. */
  readonly closesTo: string;
  readonly reopensTo: string;
  /** Somebody else puts the issue into a state. */
  readonly moveByHand: (state: string) => Promise<void>;
  /** How often the tracker was asked what its states mean. */
  readonly workflowReads: () => number;
  /** Somebody else sets the assignees. */
  readonly assignByHand: (people: readonly ExternalPerson[]) => Promise<void>;
  /** A project in which issues can be created, one that is not there, and the kind of an issue. */
  readonly container: string;
  readonly missingContainer: string;
  readonly kind: string;
  /** The issues that were created through its API, as the tracker itself holds them. */
  readonly created: () => Promise<readonly CreatedIssue[]>;
  /** Whether a write over a newer state is refused. */
  readonly comparesRevisions: boolean;
  readonly stop: () => Promise<void>;
};
