import { countRangeOf } from '../../domain/issues/count-range.ts';
import type { Group } from '../../domain/issues/group.ts';
import type { GroupChanges } from '../../domain/issues/group-changes.ts';
import {
  allOf,
  attributeIsAtMost,
  attributesAre,
  type Condition,
  environmentsAre,
  isLive,
  newestReleaseIs,
} from '../conditions.ts';
import { listsOf, positionOf } from '../issues/issue-lists.ts';
import { groupKeys } from '../keys/group-keys.ts';
import type { Write } from '../transaction.ts';
import { type Changes, updateRow } from '../updates.ts';

/** What is added to a group's counts; `isExact` where they have to be what was read. */
export type Counts = {
  readonly isExact: boolean;
  readonly events: number;
  readonly newUsers: number;
};

/** A part of the update: what is set, and what has to be as it was read. */
type Part = Pick<Changes, 'set' | 'setIfAbsent'> & { readonly condition?: Condition };

/**
 * Adds events to a group's counts, whatever these are by now; only for an archive that waits for
 * counts do they have to be as they were read. Only what changes is written: each key of an index
 * costs a write of its own.
 */
export function countOnGroup(
  { facts, group }: GroupChanges,
  { isExact, events, newUsers }: Counts,
): Write<'group'> {
  const before = facts.group;
  const statusChanged = group.statusVersion !== before.statusVersion;
  const parts = [
    ...seenParts(before, group),
    ...environmentParts(before, group),
    ...statusParts(before, group),
    ...releaseParts(before, group),
    ...archiveParts(before, group, isExact),
    ...listedCountParts('timesSeen', before.timesSeen, events),
    ...listedCountParts('userCount', before.userCount, newUsers),
  ];
  return {
    name: 'group',
    update: updateRow(
      groupKeys.group(group.id),
      {
        set: Object.assign({}, ...parts.map(({ set }) => set)),
        setIfAbsent: Object.assign({}, ...parts.map(({ setIfAbsent }) => setIfAbsent)),
        add: { timesSeen: events, ...(newUsers > 0 ? { userCount: newUsers } : {}) },
        remove: statusChanged ? ['gsi2pk', 'gsi2sk'] : [],
      },
      allOf(
        isLive,
        ...parts.flatMap(({ condition }) => (condition === undefined ? [] : [condition])),
      ),
    ),
  };
}

function seenParts(before: Group, { id, firstSeen, lastSeen }: Group): Part[] {
  const parts: Part[] = [];
  if (firstSeen !== before.firstSeen) {
    parts.push({
      set: { firstSeen },
      condition: attributesAre({ firstSeen: before.firstSeen }),
    });
  }
  if (lastSeen !== before.lastSeen) {
    parts.push({
      set: { lastSeen, gsi1sk: positionOf({ id, lastSeen }) },
      condition: attributesAre({ lastSeen: before.lastSeen }),
    });
  }
  return parts;
}

/**
 * Lists know a count within a range, which is noted anew when the count leaves it: so few counts
 * cost a write of the lists. Others count at the same time, so that the count that is there has to
 * stay within the range that is noted.
 */
function listedCountParts(name: 'timesSeen' | 'userCount', before: number, added: number): Part[] {
  if (added === 0) {
    return [];
  }
  const { min, max } = countRangeOf(before + added);
  const noted = { [LISTED[name]]: min };
  const hasMoved = min !== countRangeOf(before).min;
  return [
    {
      // Rows from before lists knew counts within a range have noted none.
      ...(hasMoved ? { set: noted } : { setIfAbsent: noted }),
      condition: attributeIsAtMost(name, max - added),
    },
  ];
}

const LISTED = { timesSeen: 'listedTimesSeen', userCount: 'listedUserCount' } as const;

function environmentParts(before: Group, { environments }: Group): Part[] {
  return environments === before.environments
    ? []
    : [{ set: { environments }, condition: environmentsAre(before.environments) }];
}

function statusParts(before: Group, group: Group): Part[] {
  if (group.statusVersion === before.statusVersion) {
    return [];
  }
  const { status, substatus, statusDetails, statusVersion, resolvedAfter, inInbox } = group;
  const lists = listsOf(group);
  return [
    {
      set: { status, substatus, statusDetails, statusVersion, resolvedAfter, inInbox, ...lists },
      condition: attributesAre({ linked: before.linked }),
    },
  ];
}

function releaseParts(before: Group, { newestRelease }: Group): Part[] {
  return newestRelease === before.newestRelease
    ? []
    : [{ set: { newestRelease }, condition: newestReleaseIs(before.newestRelease) }];
}

/**
 * What an archive counts from, and the status and counts that were read, where the decision relied
 * on them.
 */
function archiveParts(before: Group, group: Group, isExact: boolean): Part[] {
  const { statusVersion, timesSeen, userCount } = before;
  const { snoozeBaseline } = group;
  const baselineChanged = snoozeBaseline !== before.snoozeBaseline;
  const statusMatters =
    isExact ||
    baselineChanged ||
    group.statusVersion !== statusVersion ||
    group.newestRelease !== before.newestRelease;
  return [
    ...(baselineChanged ? [{ set: { snoozeBaseline } }] : []),
    ...(statusMatters ? [{ condition: attributesAre({ statusVersion }) }] : []),
    ...(isExact ? [{ condition: attributesAre({ timesSeen, userCount }) }] : []),
  ];
}
