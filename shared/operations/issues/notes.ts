import type { Actor } from '../../domain/actor.ts';
import { notFound } from '../../domain/errors.ts';
import type { GroupId, OrganizationId, UserId } from '../../domain/ids.ts';
import type { Activity } from '../../domain/issues/activity.ts';
import type { Assignee } from '../../domain/issues/assignee.ts';
import { listsFollowers } from '../../domain/issues/followers.ts';
import type { Group } from '../../domain/issues/group.ts';
import {
  type NoteText,
  noteData,
  noteSubscriptions,
  requireMentionable,
  requireNewText,
  unfollowedWithout,
} from '../../domain/issues/note.ts';
import type { SubscriptionChange } from '../../domain/issues/subscription.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { FollowerStore } from '../../stores/issues/followers.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';
import type { NoteRef, NoteStore } from '../../stores/issues/notes.ts';
import type { SubscriptionStore } from '../../stores/issues/subscriptions.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { Clock } from '../deps.ts';
import {
  completeCandidate,
  type FindCandidateDeps,
  findCandidate,
} from '../lookup/find-candidate.ts';
import { type IssueRow, readIssueRow } from './read-issue.ts';

export type ChangeNotesDeps = FindCandidateDeps & {
  readonly groups: Pick<GroupStore, 'withAssignments'>;
  readonly projects: Pick<ProjectStore, 'byIds' | 'withTeams'>;
  readonly organizations: Pick<OrganizationStore, 'byId'>;
  readonly notes: Pick<NoteStore, 'find' | 'saying' | 'otherThan' | 'insert' | 'update' | 'remove'>;
  readonly subscriptions: Pick<SubscriptionStore, 'ofUser'>;
  readonly followers: Pick<FollowerStore, 'ofAssignments' | 'listsWith'>;
  readonly clock: Clock;
  readonly newId: () => string;
};

/** Which issue, of which organizations, and whose note. */
export type NoteTarget = {
  readonly groupId: GroupId;
  readonly organizationIds: readonly OrganizationId[];
  readonly userId: UserId;
};

/**
 * Adds a note to an issue; its author and whom it mentions follow the issue.
 *
 * @throws DomainError `resource.not_found` without the issue, `request.invalid` for a mention of
 * somebody to whom the issue could not be assigned and for what the author has said within the hour
 */
export function addNote(
  deps: ChangeNotesDeps,
  target: NoteTarget,
  note: NoteText,
): Promise<Activity> {
  return redecide(async () => {
    const row = await readIssueRow(deps, target);
    const now = deps.clock();
    const [follow, says] = await Promise.all([
      readFollow(deps, row, target, note),
      deps.notes.saying({ ...target, text: note.text }, now),
    ]);
    requireNewText(says);
    const ref: NoteRef = { id: deps.newId(), userId: target.userId, dateCreated: now };
    const { assignment } = row;
    const beside = { says, follow, assignment };
    const outcome = await deps.notes.insert(row.group, ref, noteData(note), beside);
    return outcome.committed ? activityOf(ref, note) : AGAIN;
  });
}

/**
 * Changes a note; only its author may, and to what they have said elsewhere, too. Throws as
 * `addNote` for the issue and for mentions, and 404 for anybody else's note.
 */
export function changeNote(
  deps: ChangeNotesDeps,
  target: NoteTarget & { readonly noteId: string },
  note: NoteText,
): Promise<Activity> {
  return redecide(async () => {
    const row = await readIssueRow(deps, target);
    const ref = await requireOwn(deps, target);
    const now = deps.clock();
    const [follow, says] = await Promise.all([
      readFollow(deps, row, target, note),
      deps.notes.saying({ ...target, text: note.text }, now),
    ]);
    const beside = { follow, says, now, assignment: row.assignment };
    const outcome = await deps.notes.update(row.group, ref, noteData(note), beside);
    return outcome.committed ? activityOf(ref, note) : AGAIN;
  });
}

/**
 * Deletes a note; only its author may. With their last one ends the subscription that writing it
 * made. Throws `resource.not_found` for anybody else's.
 */
export async function deleteNote(
  deps: ChangeNotesDeps,
  target: NoteTarget & { readonly noteId: string },
): Promise<void> {
  await redecide(async () => {
    const row = await readIssueRow(deps, target);
    const ref = await requireOwn(deps, target);
    const { group, assignment } = row;
    const [other, subscriptions, lists] = await Promise.all([
      deps.notes.otherThan(group.id, ref),
      deps.subscriptions.ofUser(target.userId, [group.id]),
      deps.followers.listsWith(target.userId, assignment === null ? [] : [assignment]),
    ]);
    const unfollow = unfollowedWithout(other === undefined, subscriptions.get(group.id));
    const list = unfollow.length === 0 ? undefined : lists.get(group.id);
    const beside = { other, unfollow, assignment, list, now: deps.clock() };
    const { committed } = await deps.notes.remove(row.group, ref, beside);
    return committed ? undefined : AGAIN;
  });
}

async function requireOwn(
  { notes }: ChangeNotesDeps,
  { groupId, userId, noteId }: NoteTarget & { readonly noteId: string },
): Promise<NoteRef> {
  const ref = await notes.find(groupId, noteId);
  if (ref?.userId !== userId) {
    throw notFound();
  }
  return ref;
}

/** Whom a note subscribes. */
async function readFollow(
  deps: ChangeNotesDeps,
  { group, assignment }: IssueRow,
  { userId }: NoteTarget,
  { mentions }: NoteText,
): Promise<readonly SubscriptionChange[]> {
  const [mentioned, followers] = await Promise.all([
    mentions.length === 0 ? [] : readMentioned(deps, group, mentions),
    deps.followers.ofAssignments(listsFollowers(assignment) ? [assignment] : []),
  ]);
  return noteSubscriptions(userId, mentioned, followers.get(group.id) ?? []);
}

async function readMentioned(
  deps: ChangeNotesDeps,
  group: Group,
  mentions: readonly Actor[],
): Promise<readonly Assignee[]> {
  const [organization, project, candidates] = await Promise.all([
    deps.organizations.byId(group.organizationId),
    deps.projects.withTeams(group.projectId),
    Promise.all(
      mentions.map(async (actor) => {
        const found = await findCandidate(deps, { kind: 'actor', actor });
        return found === null ? [] : [await completeCandidate(deps, found, group.organizationId)];
      }),
    ),
  ]);
  if (organization === undefined || project === undefined) {
    throw notFound();
  }
  return requireMentionable(candidates.flat(), organization, project);
}

function activityOf({ id, userId, dateCreated }: NoteRef, note: NoteText): Activity {
  return { id, type: 'note', userId, data: noteData(note), dateCreated };
}
