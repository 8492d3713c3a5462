import { changedMeanwhile } from '../../domain/errors.ts';
import type { GroupId } from '../../domain/ids.ts';
import type { Group } from '../../domain/issues/group.ts';
import { listedCountsOf } from '../../domain/issues/indexed-group.ts';
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
import { groupKeys } from '../keys/group-keys.ts';
import { seenKeys } from '../keys/seen-keys.ts';
import { read, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { checkGroupIsLive } from './groups.ts';
import { positionOf } from './issue-lists.ts';
import { leadMerged, recordMerged } from './merged-groups.ts';
import {
  type Destination,
  gatherUserRows,
  isSetByUser,
  moveUserRow,
  readDestination,
  type UserRowMove,
} from './user-row-moves.ts';

export type GroupMergeStore = ReturnType<typeof createGroupMergeStore>;

/** The rows of a group that move to its primary; the others are deleted with the group. */
const movable = [
  groupKeys.activityPrefix,
  groupKeys.affectedUserPrefix,
  groupKeys.fingerprintPrefix,
  groupKeys.historyPrefix,
  groupKeys.mergedGroupPrefix,
  groupKeys.notePrefix,
  groupKeys.noteAtPrefix,
  groupKeys.noteByPrefix,
  groupKeys.noteTextPrefix,
  groupKeys.subscriptionPrefix,
];
/** Each row is three writes at most, beside those of the two groups. */
const ROWS_PER_PAGE = 30;
const ATTEMPTS = 12;

/** Moves what belongs to merged groups to the one that they went into. */
export function createGroupMergeStore(table: Table, transact: Transact) {
  return {
    /**
     * Moves the history, the subscriptions, the fingerprints and what it took in itself from a
     * merged group to its primary, page by page; rows that the primary has already stay as they
     * are. Answers whether all was moved, the primary is gone, or the time ran out.
     */
    async move(child: Group, primaryId: GroupId, hasTime: () => boolean): Promise<MoveOutcome> {
      const engine = { table, transact };
      if (!(await gatherUserRows(engine, child, hasTime))) {
        return 'outOfTime';
      }
      for (const prefix of movable) {
        const outcome = await movePrefix(engine, prefix, { child, primaryId }, hasTime);
        if (outcome !== 'moved') {
          return outcome;
        }
      }
      return 'moved';
    },

    /**
     * Adds a child's counts to its primary, removes the child's own row, and records where it went:
     * once, even where several workers try.
     */
    absorb(before: Group, after: Group, child: Group) {
      return transact([
        countAbsorbed(before, after),
        ...recordMerged(child, before.id),
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

type MoveOutcome = 'moved' | 'gone' | 'outOfTime';

type Engine = { readonly table: Table; readonly transact: Transact };

/** Moves a page of rows; answers false where the primary is gone. */
async function movePage(
  { table, transact }: Engine,
  items: readonly Item[],
  child: Group,
  primaryId: GroupId,
): Promise<boolean> {
  // Subscriptions for being assigned to the child do not move: the primary has its own assignee.
  let moves: readonly Move[] = items.map((item) => ({
    item,
    isKnown: item.reason === 'assigned',
  }));
  for (let attempt = 1; moves.length > 0; attempt++) {
    const there = await readDestination(
      table,
      primaryId,
      moves.map(({ item }) => item),
    );
    const outcome = await transact(pageWrites(moves, child, there));
    if (outcome.committed) {
      return true;
    }
    const { refused } = outcome;
    if (refused.includes('group')) {
      return false;
    }
    if (attempt === ATTEMPTS) {
      throw changedMeanwhile();
    }
    if (refused.length === 0) {
      await table.backOff(attempt);
    }
    moves = movesAfterRefusal(moves, refused);
  }
  return true;
}

/** Moves the rows whose sort keys begin with a prefix. */
async function movePrefix(
  engine: Engine,
  prefix: string,
  { child, primaryId }: { readonly child: Group; readonly primaryId: GroupId },
  hasTime: () => boolean,
): Promise<MoveOutcome> {
  for (;;) {
    const page = await engine.table.queryPage({
      ...byPrefix(groupKeys.partition(child.id), prefix),
      Limit: ROWS_PER_PAGE,
    });
    if (page.items.length === 0) {
      return 'moved';
    }
    if (!(await movePage(engine, page.items, child, primaryId))) {
      return 'gone';
    }
    if (!hasTime()) {
      return 'outOfTime';
    }
  }
}

/** A row of the child, and whether the primary has one like it already. */
type Move = { readonly item: Item; readonly isKnown: boolean };

function pageWrites(
  moves: readonly Move[],
  child: Group,
  there: Destination,
): Write<MoveWrite | 'group' | 'child'>[] {
  const known = moves.filter(({ item, isKnown }) => isKnown && item.entity === 'affectedUser');
  return [
    checkGroupIsLive(there.groupId),
    ...moves.flatMap((move) => moveWrites(move, child, there)),
    ...(known.length === 0 ? [] : [countFewerUsers(child.id, known.length)]),
  ];
}

/** Without the rows that are gone; those that the primary has by now are known, or read again. */
function movesAfterRefusal(moves: readonly Move[], refused: readonly string[]): Move[] {
  return moves
    .filter(({ item }) => !refused.includes(`original ${item.sk}`))
    .map(({ item, isKnown }) => ({
      item,
      isKnown:
        isKnown ||
        (!isSetByUser(item) && refused.includes(`copy ${item.sk}`)) ||
        refused.includes(`lead ${item.sk}`),
    }));
}

type MoveWrite = UserRowMove | `lead ${string}`;

function moveWrites({ item, isKnown }: Move, child: Group, there: Destination): Write<MoveWrite>[] {
  if (isSetByUser(item)) {
    return moveUserRow(item, child, there);
  }
  const { pk, sk } = item;
  const { groupId: primaryId } = there;
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
        ...withoutFirst(item, primaryId),
        ...(item.gsi1pk === undefined ? {} : { gsi1sk: primaryId }),
        pk: groupKeys.partition(primaryId),
        groupId: primaryId,
      },
      ...doesNotExist,
    },
  };
  return [original, copy, ...leadWrites(item, child, primaryId)];
}

/**
 * The fingerprint that the child was begun by is one of many at the primary, and the event that the
 * child was begun with is none of the primary's.
 */
function withoutFirst({ begunWith: _, ...item }: Item, primaryId: GroupId): Item {
  return item.entity === 'fingerprint'
    ? { ...item, ...groupKeys.fingerprint(primaryId, read(item, 'hash', text)) }
    : item;
}

/** What leads to the child from elsewhere because of this row leads to the primary from now on. */
function leadWrites(item: Item, child: Group, primaryId: GroupId): Write<MoveWrite>[] {
  const name = `lead ${item.sk}` as const;
  if (item.entity === 'mergedGroup') {
    return [leadMerged(name, item, child.id, primaryId)];
  }
  if (item.entity !== 'fingerprint') {
    return [];
  }
  const key = seenKeys.fingerprint(child.projectId, read(item, 'hash', text));
  const update = updateRow(key, { set: { groupId: primaryId } }, leadsToGroup(child.id));
  return [{ name, update }];
}

/** A user whom events of both groups affected is counted once. */
function countFewerUsers(childId: GroupId, users: number): Write<'child'> {
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
          gsi1sk: positionOf(after),
          ...listedCountsOf(after),
          environments: after.environments,
          newestRelease: after.newestRelease,
          snoozeBaseline: after.snoozeBaseline,
        },
        add: { numComments: after.numComments - before.numComments },
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
