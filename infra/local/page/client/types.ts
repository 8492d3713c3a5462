/** What the page reads of the API's answers. */

export type Organization = { readonly slug: string; readonly name: string };

export type Actor = {
  readonly type: 'team' | 'user';
  readonly id: string;
  readonly name: string;
  readonly email?: string;
};

export type Status = 'unresolved' | 'resolved' | 'ignored' | 'reprocessing';

/** An issue, as lists show it. */
export type Issue = {
  readonly id: string;
  readonly shortId: string;
  readonly title: string;
  readonly culprit: string | null;
  readonly status: Status;
  readonly substatus: string | null;
  readonly level: string;
  readonly platform: string | null;
  readonly project: { readonly id: string; readonly slug: string; readonly name: string };
  readonly assignedTo: Actor | null;
  readonly count: string;
  readonly userCount: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
};

export type Activity = {
  readonly id: string;
  readonly type: string;
  readonly user: { readonly name: string } | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dateCreated: string;
};

/** One issue, as it is shown by itself. */
export type IssueDetails = Issue & { readonly activity: readonly Activity[] };

export type MatchedRule = {
  readonly rule: string;
  /** `ownership`, or the CODEOWNERS file that the rule is of. */
  readonly source: string;
  /** Frames count from the error outward; null for a rule that looks at no frame. */
  readonly frameIndex: number | null;
  readonly frame: { readonly filename: string | null; readonly module: string | null } | null;
  readonly excluded: boolean;
  readonly owners: readonly { readonly actor: Actor | null; readonly identifier: string }[];
  readonly rank: number;
};

export type Gate = { readonly gate: string; readonly stopped: boolean; readonly detail: string };

/** Why an issue has its owner, or none. */
export type Explanation = {
  readonly rules: readonly MatchedRule[];
  readonly winner: { readonly rule: string; readonly actor: Actor | null } | null;
  readonly owners: readonly SuggestedOwner[];
  readonly gates: readonly Gate[];
  readonly assignee: Actor | null;
};

type SuggestedOwner = {
  readonly type: string;
  /** `team:21`, `user:11`, or null. */
  readonly owner: string | null;
  readonly rule: string | null;
};

/** An issue of a tracker that is kept in step. */
export type Link = {
  readonly id: string;
  readonly provider: string;
  readonly key: string;
  readonly webUrl: string | null;
  readonly status: string;
  readonly lastError: string | null;
};

export type Team = { readonly id: string; readonly slug: string; readonly name: string };

export type Member = {
  readonly name: string;
  readonly user: { readonly id: string; readonly name: string } | null;
};

export type Project = { readonly id: string; readonly slug: string; readonly name: string };

export type ProjectKey = {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly dsn: { readonly public: string };
};
