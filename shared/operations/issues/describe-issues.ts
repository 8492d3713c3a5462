import type { UserId } from '../../domain/ids.ts';
import { subscriptionOf } from '../../domain/issues/followers.ts';
import type { Subscription } from '../../domain/issues/subscription.ts';
import { NOTHING_SET, type OwnFlags, type UserFlags } from '../../domain/issues/user-flags.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { FollowerStore } from '../../stores/issues/followers.ts';
import type { UserFlagStore } from '../../stores/issues/user-flags.ts';
import type { GroupOwnerStore, SuggestedOwner } from '../../stores/ownership/group-owners.ts';
import {
  type IssueRow,
  type Names,
  namesOf,
  ownedBy,
  ownersActors,
  ownersThere,
  type ReadIssueDeps,
} from './read-issue.ts';

export type DescribeIssuesDeps = Pick<ReadIssueDeps, 'users' | 'teams'> & {
  readonly userFlags: Pick<UserFlagStore, 'ofUser'>;
  readonly followers: Pick<FollowerStore, 'listsWith'>;
  readonly owners: Pick<GroupOwnerStore, 'ofGroup'>;
};

/** An issue and what the caller has set of it. */
export type ListedIssue = IssueRow & {
  readonly userFlags: UserFlags;
  readonly ownSubscription: Subscription | null;
};

export type DescribedIssues = {
  readonly issues: readonly ListedIssue[];
  readonly names: Names;
  /** Suggested owners by issue; empty where nobody asked for them. */
  readonly owners: ReadonlyMap<string, readonly SuggestedOwner[]>;
};

/** Queries for owners at the same time. */
const WIDTH = 32;

/**
 * Reads what a list shows beside the issues themselves, all concurrently, and as eventually as the
 * list is; owners cost a Query for each issue, and their names.
 */
export async function describeIssues(
  deps: DescribeIssuesDeps,
  issues: readonly IssueRow[],
  wanted: { readonly callerUserId: string | null; readonly withOwners: boolean },
): Promise<DescribedIssues> {
  const { callerUserId } = wanted;
  const [own, { names, owners }] = await Promise.all([
    callerUserId === null ? new Map<string, OwnFlags>() : ownRows(deps, issues, callerUserId),
    namesAndOwners(deps, issues, wanted.withOwners),
  ]);
  return {
    issues: issues.map((issue) => {
      const row = own.get(issue.group.id) ?? NOTHING_SET;
      return { ...issue, userFlags: row, ownSubscription: row.subscription };
    }),
    names,
    owners,
  };
}

/** What the caller has set of each issue, with the subscription that they have for holding it. */
async function ownRows(
  deps: DescribeIssuesDeps,
  issues: readonly IssueRow[],
  userId: UserId,
): Promise<Map<string, OwnFlags>> {
  const groups = issues.map(({ group, hasUserRows }) => ({ id: group.id, hasUserRows }));
  const assignments = issues.flatMap(({ assignment }) => assignment ?? []);
  const [rows, lists] = await Promise.all([
    deps.userFlags.ofUser(userId, groups, 'eventual'),
    deps.followers.listsWith(userId, assignments, 'eventual'),
  ]);
  const user = { type: 'user', id: userId } as const;
  return new Map(
    issues.map(({ group: { id }, assignment }) => {
      const row = rows.get(id) ?? NOTHING_SET;
      const followers = lists.get(id) ?? [];
      return [
        id,
        { ...row, subscription: subscriptionOf(user, row.subscription, assignment, followers) },
      ];
    }),
  );
}

async function namesAndOwners(
  deps: DescribeIssuesDeps,
  issues: readonly IssueRow[],
  withOwners: boolean,
): Promise<Pick<DescribedIssues, 'names' | 'owners'>> {
  const stored = await mapConcurrently(
    WIDTH,
    withOwners ? issues : [],
    async ({ group: { id } }) => [id, await deps.owners.ofGroup(id)] as const,
  );
  const names = await namesOf(deps, [
    ...issues.flatMap(({ assignment }) => assignment?.assignee ?? []),
    ...issues.flatMap(({ group }) => ownedBy(group)),
    ...stored.flatMap(([, owners]) => ownersActors(owners)),
  ]);
  return {
    names,
    owners: new Map(stored.map(([id, owners]) => [id, ownersThere(owners, names)] as const)),
  };
}
