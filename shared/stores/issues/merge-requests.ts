import type { EventRecord } from '../../domain/events.ts';
import type { NewActivity } from '../../domain/issues/activity.ts';
import type { Group } from '../../domain/issues/group.ts';
import { recordEvent } from '../outbox.ts';
import type { Transact } from '../transaction.ts';
import { insertActivity, type RecordedAt } from './activities.ts';
import { touchAssignment } from './assignments.ts';
import { type AssignedGroupRow, checkGroupIsLive, updateGroup } from './groups.ts';

/** A child as it was read, and as it is once it is merged. */
export type MergedChild = { readonly before: AssignedGroupRow; readonly after: Group };

export type MergeRequestStore = ReturnType<typeof createMergeRequestStore>;

/** Merges groups into another one: what belongs to them is moved later. */
export function createMergeRequestStore(transact: Transact) {
  return {
    /**
     * Hides a page of groups as merged, with an activity of the primary and the event. Refused when
     * one of the groups, or who holds it, has changed.
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
        ...input.children.flatMap(({ before, after }) => [
          updateGroup(before, { group: after, shareId: null }, { mergingInto: input.primary.id }),
          touchAssignment(after.id, before.assignment),
        ]),
        recordEvent(input.event),
      ]);
    },
  };
}
