import type { EventRecord } from '../../domain/events.ts';
import type { NewActivity } from '../../domain/issues/activity.ts';
import type { Group } from '../../domain/issues/group.ts';
import {
  allOf,
  attributeIsAbsent,
  attributesAre,
  doesNotExist,
  environmentsAre,
  exists,
  leadsToGroup,
  newestReleaseIs,
} from '../conditions.ts';
import { groupKeys, gsi1, seenKeys } from '../keys.ts';
import { recordEvent } from '../outbox.ts';
import { read, text } from '../rows.ts';
import { backOff, byPrefix, type Item, type Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { insertActivity, type RecordedAt } from './activities.ts';
import { checkGroupIsLive, type GroupRow, updateGroup } from './groups.ts';

/** A child and its state once it is merged away. */
export type MergedChild = { readonly before: GroupRow; readonly after: Group };

export type GroupMergeStore = ReturnType<typeof createGroupMergeStore>;

/** What of a group moves with it into another; the rest is the group's own and goes with it. */
const movable = [
  groupKeys.activityPrefix,
  groupKeys.affectedUserPrefix,
  groupKeys.bookmarkPrefix,
  groupKeys.fingerprintPrefix,
  groupKeys.historyPrefix,
  groupKeys.seenPrefix,
  groupKeys.subscriptionPrefix,
];
/** Each row is three writes at most, beside those of the two groups. */
const ROWS_PER_PAGE = 30;
const ATTEMPTS = 12;

/** Groups that become one. */
export function createGroupMergeStore(table: Table, transact: Transact) {
  /** Moves a page of rows; answers false where the primary is gone. */
  async function movePage(items: readonly Item[], child: Group, primaryId: string) {
    // Who followed the child for holding it holds the primary, and follows that, or does not.
    let moves = items.map((item) => ({ item, isKnown: item.reason === 'assigned' }));
    for (let attempt = 1; moves.length > 0; attempt++) {
      const known = moves.filter(({ item, isKnown }) => isKnown && item.entity === 'affectedUser');
      const outcome = await transact([
        checkGroupIsLive(primaryId),
        ...moves.flatMap(({ item, isKnown }) => moveWrites(item, child, primaryId, isKnown)),
        ...(known.length === 0 ? [] : [countFewerUsers(child.id, known.length)]),
      ]);
      if (outcome.committed) {
        return true;
      }
      const { refused } = outcome;
      if (refused.includes('group')) {
        return false;
      }
      if (attempt === ATTEMPTS) {
        throw new Error(`Others keep writing to group ${child.id}.`);
      }
      if (refused.length === 0) {
        await backOff(attempt);
      }
      moves = moves
        .filter(({ item }) => !refused.includes(`original ${item.sk}`))
        .map(({ item, isKnown }) => ({
          item,
          isKnown:
            isKnown || refused.includes(`copy ${item.sk}`) || refused.includes(`lead ${item.sk}`),
        }));
    }
    return true;
  }

  return {
    /**
     * Merges a page of groups away, with what the primary's history says of it and the event: from
     * here on nobody sees them. Refused when one of the groups has moved.
     */
    request(input: {
      readonly primary: Group;
      readonly children: readonly MergedChild[];
      readonly activity: NewActivity;
      readonly at: RecordedAt;
      readonly event: EventRecord;
    }) {
      return transact([
        checkGroupIsLive(input.primary.id),
        insertActivity(input.primary, input.activity, input.at),
        ...input.children.map(({ before, after }) =>
          updateGroup(before, { group: after, shareId: null }),
        ),
        recordEvent(input.event),
      ]);
    },

    /**
     * Moves the history, the followers and the fingerprints of a marked group to its primary, page
     * by page: what the primary has already stays as it is there. Answers whether all was moved:
     * not where the primary is gone, nor where the time runs out.
     */
    async move(
      child: Group,
      primaryId: string,
      hasTime: () => boolean,
    ): Promise<'moved' | 'gone' | 'outOfTime'> {
      for (const prefix of movable) {
        for (;;) {
          const page = await table.queryPage({
            ...byPrefix(groupKeys.partition(child.id), prefix),
            Limit: ROWS_PER_PAGE,
          });
          if (page.items.length === 0) {
            break;
          }
          if (!(await movePage(page.items, child, primaryId))) {
            return 'gone';
          }
          if (!hasTime()) {
            return 'outOfTime';
          }
        }
      }
      return 'moved';
    },

    /**
     * Adds what a child counted to its primary, and removes the child's own row: once, whoever else
     * does it too.
     */
    absorb(before: Group, after: Group, child: Group) {
      return transact([
        countAbsorbed(before, after),
        {
          name: 'child',
          delete: {
            Key: groupKeys.group(child.id),
            ...attributesAre({ timesSeen: child.timesSeen, userCount: child.userCount }),
          },
        },
      ]);
    },
  };
}

type MoveWrite = `original ${string}` | `copy ${string}` | `lead ${string}`;

function moveWrites(
  item: Item,
  child: Group,
  primaryId: string,
  isKnown: boolean,
): Write<MoveWrite>[] {
  const { pk, sk } = item;
  const original: Write<`original ${string}`> = {
    name: `original ${sk}`,
    delete: { Key: { pk, sk }, ...exists },
  };
  if (isKnown) {
    return [original];
  }
  const copy: Write<`copy ${string}`> = {
    name: `copy ${sk}`,
    put: {
      Item: {
        ...item,
        ...(item.gsi1pk === undefined ? {} : { gsi1sk: primaryId }),
        pk: groupKeys.partition(primaryId),
        groupId: primaryId,
      },
      ...doesNotExist,
    },
  };
  if (item.entity !== 'fingerprint') {
    return [original, copy];
  }
  return [
    original,
    copy,
    {
      name: `lead ${sk}`,
      update: updateRow(
        seenKeys.fingerprint(child.projectId, read(item, 'hash', text)),
        { set: { groupId: primaryId } },
        leadsToGroup(child.id),
      ),
    },
  ];
}

/** Users whom both groups happened to are one user of the whole. */
function countFewerUsers(childId: string, users: number): Write<'child'> {
  return {
    name: 'child',
    update: updateRow(groupKeys.group(childId), { add: { userCount: -users } }, exists),
  };
}

function countAbsorbed(before: Group, after: Group): Write<'group'> {
  const { timesSeen, userCount, firstSeen, lastSeen, statusVersion } = before;
  return {
    name: 'group',
    update: updateRow(
      groupKeys.group(before.id),
      {
        set: {
          timesSeen: after.timesSeen,
          userCount: after.userCount,
          firstSeen: after.firstSeen,
          lastSeen: after.lastSeen,
          gsi1sk: gsi1.lastSeen(after.lastSeen, after.id),
          environments: after.environments,
          newestRelease: after.newestRelease,
          snoozeBaseline: after.snoozeBaseline,
        },
      },
      allOf(
        attributesAre({ timesSeen, userCount, firstSeen, lastSeen, statusVersion }),
        attributeIsAbsent('deletingSince'),
        environmentsAre(before.environments),
        newestReleaseIs(before.newestRelease),
      ),
    ),
  };
}
