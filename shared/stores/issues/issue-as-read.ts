import type { EditableIssue, OwnMarks } from '../../domain/editable-state.ts';
import type { GroupId } from '../../domain/ids.ts';
import type { AsRead } from '../as-read.ts';
import {
  attributeIs,
  attributesAre,
  type Condition,
  doesNotExist,
  exists,
  versionIs,
} from '../conditions.ts';
import { groupKeys } from '../keys.ts';

/** That what people edit of an issue is still what was read, in every row that it lies in. */
export function issueAsRead({ group, shareId, assignment, own }: EditableIssue): AsRead[] {
  const { id, statusVersion, priority, inInbox } = group;
  return [
    {
      key: groupKeys.group(id),
      condition: attributesAre({ statusVersion, priority, inInbox, shareId }),
    },
    { key: groupKeys.assignment(id), condition: assignmentAsRead(assignment) },
    ...(own === null ? [] : marksAsRead(id, own)),
  ];
}

function assignmentAsRead(assignment: EditableIssue['assignment']): Condition {
  return assignment === null
    ? versionIs(null)
    : attributesAre({
        version: assignment.version,
        'lease.expiresAt': assignment.lease?.expiresAt,
      });
}

function marksAsRead(
  groupId: GroupId,
  { userId, hasSeen, isBookmarked, subscription }: OwnMarks,
): AsRead[] {
  return [
    { key: groupKeys.seen(groupId, userId), condition: hasSeen ? exists : doesNotExist },
    { key: groupKeys.bookmark(groupId, userId), condition: isBookmarked ? exists : doesNotExist },
    {
      key: groupKeys.subscription(groupId, 'user', userId),
      condition:
        subscription === null ? doesNotExist : attributeIs('isActive', subscription.isActive),
    },
  ];
}
