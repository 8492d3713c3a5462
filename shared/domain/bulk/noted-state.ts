import { type Actor, sameActor } from '../actor.ts';
import type { AssignedBy, Assignment, AssignmentSource, Lease } from '../issues/assignee.ts';
import {
  type Group,
  type GroupStatus,
  type GroupSubstatus,
  isVisible,
  type SnoozeBaseline,
  type StatusDetails,
} from '../issues/group.ts';
import { ownerTeamOf } from '../issues/owner-team.ts';
import type { SeenRelease } from '../release.ts';
import { sameValue } from '../same-value.ts';

/** The parts of an issue that operations change, each with a version of its own. */
const families = ['assignment', 'ownerTeam', 'status'] as const;
export type Family = (typeof families)[number];

/** How often each part had changed when it was read; 0 for one that never has. */
export type FamilyVersions = Readonly<Record<Family, number>>;

/** What nobody is shown of an assignment, and taking it back needs. */
export type NotedHolder = {
  readonly lease: Lease | null;
  readonly lastAssignedManually: boolean | null;
  readonly assignedBy: AssignedBy | null;
  readonly source: AssignmentSource;
};

/** What nobody is shown of a status, and taking it back needs. */
export type NotedReview = {
  readonly inInbox: boolean;
  readonly snoozeBaseline: SnoozeBaseline | null;
  readonly resolvedAfter: SeenRelease | null;
};

/** What operations change of an issue, of those parts that they are about. */
export type NotedState = {
  readonly assignedTo?: Actor | null;
  readonly ownerTeam?: Actor | null;
  readonly status?: GroupStatus;
  readonly substatus?: GroupSubstatus | null;
  readonly statusDetails?: StatusDetails;
  readonly holder?: NotedHolder;
  readonly isOwnerManual?: boolean;
  readonly review?: NotedReview;
};

/** An issue as its rows are. */
export type IssueRows = { readonly group: Group; readonly assignment: Assignment | null };

/** The versions of an issue's parts. */
export function versionsOf({ group, assignment }: IssueRows): FamilyVersions {
  return {
    assignment: assignment?.version ?? 0,
    ownerTeam: group.ownerTeam?.version ?? 0,
    status: group.statusVersion,
  };
}

/** An issue as operations note it, of these parts alone. */
export function noteState(rows: IssueRows, about: readonly Family[]): NotedState {
  return {
    ...(about.includes('assignment') ? notedAssignment(rows) : {}),
    ...(about.includes('ownerTeam') ? notedOwner(rows) : {}),
    ...(about.includes('status') ? notedStatus(rows) : {}),
  };
}

function notedAssignment({ assignment }: IssueRows): NotedState {
  return {
    assignedTo: assignment?.assignee ?? null,
    holder: {
      lease: assignment?.lease ?? null,
      lastAssignedManually: assignment?.lastAssignedManually ?? null,
      assignedBy: assignment?.assignedBy ?? null,
      source: assignment?.source ?? null,
    },
  };
}

function notedOwner({ group }: IssueRows): NotedState {
  return { ownerTeam: ownerTeamOf(group), isOwnerManual: group.ownerTeam?.isManual ?? false };
}

/** Of an issue that is out of everybody's sight no state is noted. */
function notedStatus({ group }: IssueRows): NotedState {
  const { status, substatus, statusDetails, inInbox, snoozeBaseline, resolvedAfter } = group;
  return isVisible(status)
    ? { status, substatus, statusDetails, review: { inInbox, snoozeBaseline, resolvedAfter } }
    : {};
}

/** The parts in which two states of an issue differ, among those that both of them tell of. */
export function familiesBetween(before: NotedState, after: NotedState): Family[] {
  return families.filter((family) => !isSame[family](before, after));
}

const isSame: Readonly<Record<Family, (one: NotedState, other: NotedState) => boolean>> = {
  assignment: sameHolder,
  ownerTeam: sameOwner,
  status: sameStatus,
};

function sameHolder(one: NotedState, other: NotedState): boolean {
  return (
    sameActor(one.assignedTo ?? null, other.assignedTo ?? null) &&
    one.holder?.lease?.expiresAt === other.holder?.lease?.expiresAt &&
    one.holder?.lastAssignedManually === other.holder?.lastAssignedManually &&
    one.holder?.assignedBy === other.holder?.assignedBy
  );
}

function sameOwner(one: NotedState, other: NotedState): boolean {
  return (
    sameActor(one.ownerTeam ?? null, other.ownerTeam ?? null) &&
    one.isOwnerManual === other.isOwnerManual
  );
}

function sameStatus(one: NotedState, other: NotedState): boolean {
  return (
    one.status === other.status &&
    one.substatus === other.substatus &&
    sameValue(one.statusDetails ?? {}, other.statusDetails ?? {})
  );
}
