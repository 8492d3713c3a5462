import { type Actor, formatActor } from '../../domain/actor.ts';
import type {
  FamilyVersions,
  NotedHolder,
  NotedReview,
  NotedState,
} from '../../domain/bulk/noted-state.ts';
import { ASSIGNED_BY, type Lease } from '../../domain/issues/assignee.ts';
import { groupStatuses, groupSubstatuses } from '../../domain/issues/group.ts';
import { snoozeBaseline, statusDetails } from '../issues/groups.ts';
import { actor, release } from '../row-fields.ts';
import { type Field, flag, nullable, number, object, oneOf, optional, text } from '../rows.ts';

/** The versions of an issue's parts, in rows. */
export const familyVersions: Field<FamilyVersions> = object<FamilyVersions>({
  assignment: number,
  ownerTeam: number,
  status: number,
});

/** What operations note of an issue, in rows. */
export const notedState: Field<NotedState> = object<NotedState>({
  assignedTo: given(actor),
  ownerTeam: given(actor),
  status: optional(oneOf(groupStatuses)),
  substatus: given(oneOf(groupSubstatuses)),
  statusDetails: optional(statusDetails),
  holder: optional(
    object<NotedHolder>({
      lease: nullable(object<Lease>({ expiresAt: text, isEndingTold: flag })),
      lastAssignedManually: nullable(flag),
      assignedBy: nullable(oneOf(ASSIGNED_BY)),
      source: nullable(text),
    }),
  ),
  isOwnerManual: optional(flag),
  review: optional(
    object<NotedReview>({
      inInbox: flag,
      snoozeBaseline: nullable(snoozeBaseline),
      resolvedAfter: nullable(release),
    }),
  ),
});

/** A state as rows have it. */
export function notedStateItem(state: NotedState) {
  const { assignedTo, ownerTeam, ...rest } = state;
  return {
    ...rest,
    ...(assignedTo === undefined ? {} : { assignedTo: actorText(assignedTo) }),
    ...(ownerTeam === undefined ? {} : { ownerTeam: actorText(ownerTeam) }),
  };
}

/** An actor as rows have it; null for nobody. */
export function actorText(of: Actor | null): string | null {
  return of === null ? null : formatActor(of);
}

/** Undefined where the attribute is absent, null where it is null. */
function given<T>(field: Field<T>): Field<T | null | undefined> {
  return (value, at) => (value === undefined ? undefined : nullable(field)(value, at));
}
