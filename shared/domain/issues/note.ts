import { type Actor, formatActor } from '../actor.ts';
import type { Organization } from '../directory.ts';
import { invalidFields, invalidRequest } from '../errors.ts';
import type { ProjectWithTeams } from '../projects/project.ts';
import type { ActivityData } from './activity.ts';
import { type Candidate, decideAssignable } from './assignable.ts';
import type { Assignee } from './assignee.ts';
import { isAmong } from './followers.ts';
import {
  noSubscriptionChanges,
  type Subscription,
  type SubscriptionChange,
  subscribe,
} from './subscription.ts';

/** What somebody wrote about an issue, and whom they mentioned. */
export type NoteText = { readonly text: string; readonly mentions: readonly Actor[] };

/** For how long nobody says the same thing about an issue twice. */
export const REPEATED_NOTE_SECONDS = 60 * 60;

/** People whom one note subscribes: they are written in the transaction of the note. */
const MOST_FOLLOWERS = 90;

/** A note as the activity keeps it. */
export function noteData({ text, mentions }: NoteText): ActivityData {
  return mentions.length === 0 ? { text } : { text, mentions: mentions.map(formatActor) };
}

/**
 * Those who are mentioned: the same people and teams that the issue could be assigned to. Throws
 * `request.invalid` for anybody else; of another organization nothing is told.
 */
export function requireMentionable(
  candidates: readonly Candidate[],
  organization: Organization,
  project: ProjectWithTeams,
): Assignee[] {
  return candidates.map((candidate) => {
    const verdict = decideAssignable(candidate, organization, [project]);
    if (!verdict.ok) {
      throw invalidFields({
        mentions: [
          candidate.type === 'user'
            ? 'Cannot mention a non team member'
            : 'Mentioned team not found or not associated with project',
        ],
      });
    }
    return verdict.assignee;
  });
}

/**
 * Who is subscribed to an issue for a note: its author, the people that it mentions, and those of
 * the teams. Who is already, as the `followers` are for holding the issue, or does not want to be,
 * stays so. Throws `request.invalid` for too many.
 */
export function noteSubscriptions(
  authorId: string,
  mentioned: readonly Assignee[],
  followers: readonly Actor[],
): readonly SubscriptionChange[] {
  const teams = mentioned.filter(({ actor }) => actor.type === 'team');
  const users = mentioned.filter(({ actor }) => actor.type === 'user').map(({ actor }) => actor);
  const people = teams.flatMap(({ members }) => members.map((id): Actor => ({ type: 'user', id })));
  const author = subscribe(noSubscriptionChanges, [{ type: 'user', id: authorId }], 'comment');
  const all = subscribe(subscribe(author, users, 'mentioned'), people, 'team_mentioned');
  if (all.size > MOST_FOLLOWERS) {
    throw invalidFields({
      mentions: [`A note can mention ${MOST_FOLLOWERS} people at most, those of teams included.`],
    });
  }
  return [...all.values()].filter(({ subscriber }) => !isAmong(followers, subscriber));
}

/** Throws `request.invalid` for a text that its author has said of the issue within the hour. */
export function requireNewText({ isRecent }: { readonly isRecent: boolean }): void {
  if (isRecent) {
    throw invalidRequest('You have already posted that comment.');
  }
}

/**
 * What ends with the last note of an author: the subscription that they have for having written
 * one. Those that they made otherwise stay.
 */
export function unfollowedWithout(
  lastNote: boolean,
  stored: Subscription | undefined,
): readonly SubscriptionChange[] {
  return lastNote && stored?.reason === 'comment'
    ? [{ kind: 'delete', subscriber: stored.subscriber, onlyReason: 'comment' }]
    : [];
}
