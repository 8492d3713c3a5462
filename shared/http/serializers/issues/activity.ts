import type { Activity } from '../../../domain/issues/activity.ts';
import type { Group } from '../../../domain/issues/group.ts';
import type { Names } from '../../../operations/issues/read-issue.ts';
import { serializeUser } from '../user.ts';

/** One thing that happened to an issue; `user` is null where Baton did it. */
export function serializeActivity(activity: Activity, names: Names) {
  const user = activity.userId === null ? undefined : names.users.get(activity.userId);
  return {
    id: activity.id,
    type: activity.type,
    user: user === undefined ? null : serializeUser(user),
    data: activity.data ?? {},
    dateCreated: activity.dateCreated,
  };
}

/** What every history begins with. */
export function serializeFirstSeen(group: Group) {
  return { id: '0', type: 'first_seen', user: null, data: {}, dateCreated: group.firstSeen };
}
