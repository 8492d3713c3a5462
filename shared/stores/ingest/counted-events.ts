import type { GroupId } from '../../domain/ids.ts';
import { doesNotExist } from '../conditions.ts';
import type { SubscribedGroup } from '../issues/user-rows.ts';
import { groupKeys } from '../keys/group-keys.ts';
import type { Write } from '../transaction.ts';
import { hashOf, recordDelivery } from './event-deliveries.ts';

/** The events that one transaction counts. */
export type CountedEvents = {
  readonly eventIds: readonly string[];
  /**
   * The event whose owners are still to be evaluated after the transaction; null for none.
   */
  readonly unfinished: string | null;
  /** The users who have not been counted for the group yet, as text that tells them apart. */
  readonly newUsers: readonly string[];
  readonly now: string;
};

/** Notes that events are counted, and whom they happened to. */
export function noteEvents(
  group: SubscribedGroup,
  events: CountedEvents,
): Write<'affected user' | 'delivery'>[] {
  const { eventIds, unfinished, newUsers, now } = events;
  return [
    ...newUsers.map(
      (user): Write<'affected user'> => ({
        name: 'affected user',
        put: {
          Item: { ...affectedKey(group.id, user), entity: 'affectedUser', groupId: group.id },
          ...doesNotExist,
        },
      }),
    ),
    ...eventIds.map((eventId) =>
      recordDelivery(group.projectId, eventId, { now, isUnfinished: eventId === unfinished }),
    ),
  ];
}

/** Of somebody to whom events of a group happened. */
export function affectedKey(groupId: GroupId, user: string) {
  return groupKeys.affectedUser(groupId, hashOf(user));
}
