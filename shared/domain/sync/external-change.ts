import type { IntegrationId, LinkId } from '../ids.ts';
import type { Assignee, Assignment } from '../issues/assignee.ts';
import { assign, deassign } from '../issues/assignment.ts';
import { type GroupChanges, type GroupFacts, startChanges } from '../issues/group-changes.ts';
import { changeStatus } from '../issues/group-status.ts';
import type { ExternalVersion, ProviderTraits } from './external-issue.ts';
import { newestOf, watermarkAfterRead } from './external-version.ts';
import { claimedBy, type InboundAssignment } from './inbound.ts';
import { type IssueLink, watchedSince } from './issue-link.ts';
import type { SeenExternal } from './link-state.ts';
import type { WebhookSnapshot } from './webhook-snapshot.ts';

/** What is taken over from a tracker; null for a family that stays as it is. */
export type TakenOver = {
  readonly assignment: InboundAssignment | null;
  /** The user whom `assignment` gives the group to. */
  readonly assignee: Assignee | null;
  readonly status: 'resolved' | 'unresolved' | null;
};

/** By whom and when it was decided in the tracker. */
export type TakenFrom = {
  readonly integrationId: IntegrationId;
  readonly linkId: LinkId;
  /** ISO 8601 in UTC. */
  readonly decidedAt: string;
};

/**
 * The group after a tracker's change: an ordinary assign, unassign or status, with nobody acting
 * here.
 */
export function groupAfter(
  facts: GroupFacts,
  { assignment, assignee, status }: TakenOver,
  from: TakenFrom & { readonly now: string },
): GroupChanges {
  let changes = startChanges(facts, { now: from.now, actingUserId: null });
  const source = from.integrationId;
  if (assignment?.kind === 'unassign') {
    changes = deassign(changes, { source }).changes;
  }
  if (assignment?.kind === 'assign' && assignee !== null) {
    changes = assign(changes, assignee, { source }).changes;
  }
  if (changes.assignment !== null && changes.assignment !== facts.assignment) {
    changes = { ...changes, assignment: withOrigin(changes.assignment, from) };
  }
  if (status === null) {
    return changes;
  }
  const request = { status, substatus: null, resolvedIn: null, conditions: {}, source };
  return changeStatus(changes, request);
}

/**
 * The assignment as its tracker confirms it; null where that was known, or decided later than the
 * tracker says.
 */
export function confirmedBy(current: Assignment | null, from: TakenFrom): Assignment | null {
  const isNews = current !== null && Date.parse(from.decidedAt) > decidedAtMs(current);
  return isNews ? withOrigin(current, from) : null;
}

/**
 * When somebody last decided whose the group is, here or in a tracker; epoch milliseconds, 0 for
 * never.
 */
export function decidedAtMs(assignment: Assignment | null): number {
  return assignment === null ? 0 : Date.parse(assignment.origin?.decidedAt ?? assignment.changedAt);
}

function withOrigin(assignment: Assignment, { linkId, decidedAt }: TakenFrom): Assignment {
  return { ...assignment, origin: { linkId, decidedAt } };
}

/** What is taken over, and of a read the whole present state beside it. */
type Seen = Pick<WebhookSnapshot, 'assignees' | 'status' | 'externalVersion'> & {
  readonly present: SeenExternal | null;
};

/**
 * The link after its issue's state was taken over, or after nobody here stood for the people in it.
 */
export function linkAfter(
  link: IssueLink,
  taken: Pick<TakenOver, 'assignment' | 'status'>,
  seen: Seen & { readonly origin: 'webhook' | 'read' },
  context: {
    /** Of the assignment as it was read. */
    readonly version: number;
    /** Of the group's status as it will be. */
    readonly statusVersion: number;
    /** Of our own writes to the same issue by other links. */
    readonly siblingVersions: readonly (ExternalVersion | null)[];
    readonly traits: ProviderTraits;
    readonly now: string;
  },
): IssueLink {
  const { assignment } = taken;
  return {
    ...link,
    ...(assignment === null ? {} : slotAfter(link, assignment, context)),
    // The tracker is known to show what was just taken from it; else its next change would look
    // like a rival's.
    ...(taken.status === null ? {} : { syncedStatusVersion: context.statusVersion }),
    watermark:
      seen.origin === 'webhook'
        ? newestOf(link.watermark, seen.externalVersion)
        : watermarkAfterRead(link.watermark, seen.externalVersion, [
            link.lastWrittenVersion,
            ...context.siblingVersions,
          ]),
    lastExternal: seenAfter(link.lastExternal, seen),
    watchUntil: watchedSince(Date.parse(context.now)),
    revision: link.revision + 1,
    updatedAt: context.now,
  };
}

function slotAfter(
  link: IssueLink,
  assignment: InboundAssignment,
  { version, traits }: { readonly version: number; readonly traits: ProviderTraits },
): Partial<IssueLink> {
  const ours = claimedBy(assignment, link.ours, traits);
  if (assignment.kind !== 'unmapped') {
    return { ours, status: 'ok', lastError: null };
  }
  const names = assignment.people.map(({ externalName }) => externalName).join(', ');
  const lastError = `No user who may be assigned to this issue is mapped to ${names}.`;
  return { ours, status: 'unmapped', lastError, heldVersion: version };
}

/**
 * Who tells of one family says nothing of the other one: what was last seen of that stays, if it
 * ever was.
 */
function seenAfter(
  before: SeenExternal | null,
  { assignees, status, externalVersion, present }: Seen,
): SeenExternal | null {
  if (before === null) {
    return present;
  }
  return {
    assignees: assignees ?? before.assignees,
    status: status ?? before.status,
    externalVersion,
  };
}
