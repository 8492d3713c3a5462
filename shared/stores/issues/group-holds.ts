import type { Group } from '../../domain/issues/group.ts';
import { allOf, attributesAre, isLive, isOpen } from '../conditions.ts';
import { groupKeys } from '../keys/group-keys.ts';
import type { Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { touchAssignment } from './assignments.ts';
import { type AssignedGroupRow, checkGroupIsLive } from './groups.ts';

/**
 * Lets a transaction commit only while the group is neither deleted nor merged away, nor linked
 * since it was read.
 */
export function checkGroupIsOpen({ id, linked }: Group): Write<'group'> {
  return {
    name: 'group',
    check: { Key: groupKeys.group(id), ...allOf(isOpen, attributesAre({ linked })) },
  };
}

/**
 * Says that a live group is linked. Who has read it before and assigns it after is refused, so that
 * their event says so too; with a group that was linked before nothing changes.
 */
export function linkGroup({
  group,
  assignment,
}: AssignedGroupRow): Write<'group' | 'assignment'>[] {
  if (group.linked === true) {
    return [checkGroupIsLive(group.id)];
  }
  return [
    {
      name: 'group',
      update: updateRow(groupKeys.group(group.id), { set: { linked: true } }, isLive),
    },
    touchAssignment(group.id, assignment),
  ];
}
