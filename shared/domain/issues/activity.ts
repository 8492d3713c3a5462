import type { UserId } from '../ids.ts';

/** What a group's history of activities tells, by the names that the API gives them. */
export const activityTypes = [
  'assigned',
  'unassigned',
  'set_resolved',
  'set_resolved_in_release',
  'set_resolved_in_commit',
  'set_unresolved',
  'set_regression',
  'set_ignored',
  'set_public',
  'set_private',
  'set_priority',
  'mark_reviewed',
  'merge',
  'note',
] as const;
export type ActivityType = (typeof activityTypes)[number];

export type ActivityData = Readonly<Record<string, unknown>>;

/** Something that was done to a group; `userId` null means that Baton did it. */
export type NewActivity = {
  readonly type: ActivityType;
  readonly userId: UserId | null;
  readonly data: ActivityData | null;
  /** The state that it adds to the group's history; absent where it adds none. */
  readonly history?: HistoryStatus;
};

export type Activity = Omit<NewActivity, 'history'> & {
  readonly id: string;
  readonly dateCreated: string;
};

/** Some activities, each with where the next page begins after it. */
export type ActivityPage = {
  readonly activities: readonly (Activity & { readonly cursor: string })[];
  readonly more: boolean;
};

/** The states that a group's history records beside its activities. */
type HistoryStatus =
  | 'assigned'
  | 'unassigned'
  | 'resolved'
  | 'unresolved'
  | 'ignored'
  | 'regressed';
