import type { GroupChanges } from '../../domain/issues/group-changes.ts';
import { environmentsAreAsRead, GROUP_IS_LIVE, newestReleaseIs } from '../issues/groups.ts';
import { groupKeys, gsi1 } from '../keys.ts';
import type { Write } from '../transaction.ts';

/** What is added to a group's counts; `isExact` where they have to be what was read. */
export type Counts = {
  readonly isExact: boolean;
  readonly events: number;
  readonly newUsers: number;
};

/**
 * The counts are added to whatever they are by now; only an archive that waits for counts needs
 * them as they were read. Nothing that does not change is written, the keys of the index least of
 * all.
 */
export function countOnGroup(
  { facts, group }: GroupChanges,
  { isExact, events, newUsers }: Counts,
): Write<'group'> {
  const before = facts.group;
  const sets = ['timesSeen = timesSeen + :events'];
  const conditions = [GROUP_IS_LIVE];
  const values: Record<string, unknown> = {
    ':pendingDeletion': 'pending_deletion',
    ':events': events,
  };
  const set = (assignments: string, more: Record<string, unknown>, condition?: string) => {
    sets.push(assignments);
    if (condition !== undefined) {
      conditions.push(condition);
    }
    Object.assign(values, more);
  };
  const statusChanged = group.statusVersion !== before.statusVersion;
  if (newUsers > 0) {
    set('userCount = userCount + :users', { ':users': newUsers });
  }
  if (group.firstSeen !== before.firstSeen) {
    set(
      'firstSeen = :firstSeen',
      { ':firstSeen': group.firstSeen, ':firstSeenRead': before.firstSeen },
      'firstSeen = :firstSeenRead',
    );
  }
  if (group.lastSeen !== before.lastSeen) {
    set(
      'lastSeen = :lastSeen, gsi1sk = :gsi1sk',
      {
        ':lastSeen': group.lastSeen,
        ':gsi1sk': gsi1.lastSeen(group.lastSeen, group.id),
        ':lastSeenRead': before.lastSeen,
      },
      'lastSeen = :lastSeenRead',
    );
  }
  if (group.environments !== before.environments) {
    set(
      'environments = :environments',
      { ':environments': group.environments, ':environmentsRead': before.environments },
      environmentsAreAsRead(before),
    );
  }
  if (statusChanged) {
    set(
      '#status = :status, substatus = :substatus, statusDetails = :statusDetails, statusVersion = :statusVersion, resolvedAfter = :resolvedAfter, inInbox = :inInbox, gsi1pk = :gsi1pk',
      {
        ':status': group.status,
        ':substatus': group.substatus,
        ':statusDetails': group.statusDetails,
        ':statusVersion': group.statusVersion,
        ':resolvedAfter': group.resolvedAfter,
        ':inInbox': group.inInbox,
        ':gsi1pk': gsi1.groupsOfProject(group.projectId, group.status),
      },
    );
  }
  if (group.snoozeBaseline !== before.snoozeBaseline) {
    set('snoozeBaseline = :snoozeBaseline', { ':snoozeBaseline': group.snoozeBaseline });
  }
  const releaseChanged = group.newestRelease !== before.newestRelease;
  if (releaseChanged) {
    const { conditions: asRead, values: read } = newestReleaseIs(before);
    set(
      'newestRelease = :newestRelease',
      { ':newestRelease': group.newestRelease, ...read },
      asRead.join(' AND '),
    );
  }
  if (
    statusChanged ||
    releaseChanged ||
    group.snoozeBaseline !== before.snoozeBaseline ||
    isExact
  ) {
    conditions.push('statusVersion = :statusVersionRead');
    values[':statusVersionRead'] = before.statusVersion;
  }
  if (isExact) {
    conditions.push('timesSeen = :timesSeenRead AND userCount = :userCountRead');
    values[':timesSeenRead'] = before.timesSeen;
    values[':userCountRead'] = before.userCount;
  }
  return {
    name: 'group',
    update: {
      Key: groupKeys.group(group.id),
      UpdateExpression: `SET ${sets.join(', ')}${statusChanged ? ' REMOVE gsi2pk, gsi2sk' : ''}`,
      ConditionExpression: conditions.join(' AND '),
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: values,
    },
  };
}
