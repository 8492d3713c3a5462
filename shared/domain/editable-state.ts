import type { UserId } from './ids.ts';
import type { Assignment } from './issues/assignee.ts';
import type { Group } from './issues/group.ts';
import type { Subscription } from './issues/subscription.ts';
import type { ProjectCodeowners, ProjectOwnership } from './ownership/project-ownership.ts';
import { type RuleTest, testsText } from './ownership/trial/rule-test.ts';
import type { ProjectWithTeams } from './projects/project.ts';

/**
 * What people edit of a thing, as it was read. Counters, and what follows from other things, are
 * not in it: an issue that is seen again is still the issue that somebody read.
 */
export type EditableState = Readonly<Record<string, unknown>>;

/**
 * What a request says about the state that it was made for. Throws `precondition.failed` for any
 * other state.
 */
export type Precondition = (state: EditableState) => void;

/** One user's own part of an issue. */
export type OwnFlags = {
  readonly userId: UserId;
  readonly hasSeen: boolean;
  readonly isBookmarked: boolean;
  readonly subscription: Subscription | null;
};

/** What of an issue is compared: `own` is null for a token without a user. */
export type EditableIssue = {
  readonly group: Group;
  readonly shareId: string | null;
  readonly assignment: Assignment | null;
  readonly own: OwnFlags | null;
};

/** What people edit of an issue, with the caller's own flags. */
export function stateOfIssue({ group, shareId, assignment, own }: EditableIssue): EditableState {
  return {
    id: group.id,
    status: group.status,
    substatus: group.substatus,
    statusDetails: group.statusDetails,
    priority: group.priority,
    inInbox: group.inInbox,
    shareId,
    assignee: assignment?.assignee ?? null,
    ...(assignment?.lease === undefined ? {} : { assignmentExpiresAt: assignment.lease.expiresAt }),
    ...(group.ownerTeam?.teamId ? { ownerTeam: group.ownerTeam.teamId } : {}),
    hasSeen: own?.hasSeen ?? false,
    isBookmarked: own?.isBookmarked ?? false,
    isSubscribed: own?.subscription?.isActive ?? false,
  };
}

/** What people edit of a project, with the caller's own bookmark. */
export function stateOfProject(
  { project, teamIds }: ProjectWithTeams,
  isBookmarked: boolean,
): EditableState {
  const { id, name, slug, platform, options } = project;
  return { id, name, slug, platform, options, teamIds: [...teamIds].sort(), isBookmarked };
}

/** What people edit of a project's ownership; null for a project that never saved any. */
export function stateOfOwnership({
  ownership,
  tests,
}: {
  readonly ownership: ProjectOwnership | null;
  readonly tests: readonly RuleTest[];
}): EditableState {
  return tests.length === 0 ? { ...ownership } : { ...ownership, tests: testsText(tests) };
}

/** What people edit of a CODEOWNERS file. */
export function stateOfCodeowners(file: ProjectCodeowners): EditableState {
  return { ...file };
}
