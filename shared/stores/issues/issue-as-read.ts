import type { EditableIssue, OwnFlags } from '../../domain/editable-state.ts';
import type { GroupId } from '../../domain/ids.ts';
import { listsFollowers } from '../../domain/issues/followers.ts';
import type { AsRead } from '../as-read.ts';
import {
  allOf,
  anyOf,
  attributeIs,
  attributeIsAbsent,
  attributeIsNot,
  attributesAre,
  type Condition,
  doesNotExist,
} from '../conditions.ts';
import { groupKeys } from '../keys/group-keys.ts';

/** That what people edit of an issue is still what was read, in every row that it lies in. */
export function issueAsRead({ group, shareId, assignment, own }: EditableIssue): AsRead[] {
  const { id, statusVersion, priority, inInbox, ownerTeam } = group;
  return [
    {
      key: groupKeys.group(id),
      condition: attributesAre({
        ...{ statusVersion, priority, inInbox, shareId },
        'ownerTeam.teamId': ownerTeam?.teamId,
      }),
    },
    { key: groupKeys.assignment(id), condition: assignmentAsRead(assignment) },
    ...(own === null ? [] : [ownRowAsRead(id, own, listsFollowers(assignment))]),
  ];
}

function assignmentAsRead(assignment: EditableIssue['assignment']): Condition {
  return assignment === null
    ? doesNotExist
    : attributesAre({
        version: assignment.version,
        subscriptionsVersion: assignment.subscriptionsVersion,
        'lease.expiresAt': assignment.lease?.expiresAt,
      });
}

/** All that a user has set of a group lies in one row. */
function ownRowAsRead(
  groupId: GroupId,
  { userId, hasSeen, isBookmarked, subscription }: OwnFlags,
  isListed: boolean,
): AsRead {
  return {
    key: groupKeys.subscription(groupId, 'user', userId),
    condition: allOf(
      timeAsRead('seenAt', hasSeen),
      timeAsRead('bookmarkedAt', isBookmarked),
      subscriptionAsRead(subscription, isListed),
    ),
  };
}

/**
 * What was set is never absent again: where the row says nothing, the row from before December 2026
 * does, which nobody changes.
 */
function timeAsRead(name: string, isSet: boolean): Condition {
  const same = isSet ? attributeIsNot(name, null) : attributeIs(name, null);
  return anyOf(attributeIsAbsent(name), same);
}

/** Where an assignment lists its followers, a row may be left from before it did. */
function subscriptionAsRead(subscription: OwnFlags['subscription'], isListed: boolean): Condition {
  const isFollower = isListed && subscription?.reason === 'assigned' && subscription.isActive;
  if (subscription !== null && !isFollower) {
    return attributeIs('isActive', subscription.isActive);
  }
  const none = attributeIsAbsent('isActive');
  return isListed ? anyOf(none, attributeIs('reason', 'assigned')) : none;
}
