import type { EventRecord } from '../../domain/events.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import type { GroupChanges } from '../../domain/issues/group-changes.ts';
import type { IssueLink } from '../../domain/sync/issue-link.ts';
import { checkAssignment, confirmAssignment } from '../issues/assignments.ts';
import {
  type CommitContext,
  type GroupChangeWrite,
  writesOfChanges,
} from '../issues/group-changes.ts';
import { recordEvent, recordEvents } from '../outbox.ts';
import type { AnyWrite, Transact, TransactOutcome, Write } from '../transaction.ts';
import { putLink } from './links.ts';
import { insertDelivery, type WebhookDelivery } from './webhook-deliveries.ts';

/** The changes that one change in a tracker makes to a group and to its link. */
export type ExternalChange = {
  /** Null where the group stays as it is. */
  readonly changes: GroupChanges | null;
  /** The assignment that was relied on; null for a group that was never assigned. */
  readonly assignment: Assignment | null;
  /**
   * The assignment as the tracker confirmed it: the same holder, decided later. Null where it did
   * not.
   */
  readonly confirmed: Assignment | null;
  readonly link: IssueLink;
  readonly readRevision: number;
  /** The webhook that told of it; null for what was found by looking. */
  readonly delivery: WebhookDelivery | null;
  readonly events: readonly EventRecord[];
};

/** The names of the writes of an external change. */
export type ExternalWrite = 'link' | 'webhook delivery' | GroupChangeWrite;

export type ExternalChangeStore = ReturnType<typeof createExternalChangeStore>;

/**
 * Commits external changes: group, link and delivery in one transaction, so that a webhook is
 * applied once or not at all.
 */
export function createExternalChangeStore(transact: Transact) {
  return {
    /**
     * One round trip. A refusal that names `webhook delivery` means that the webhook was applied
     * already.
     */
    commit(
      change: ExternalChange,
      context: CommitContext,
    ): Promise<TransactOutcome<ExternalWrite>> {
      const own = [
        putLink(change.link, change.readRevision),
        ...(change.delivery === null ? [] : [insertDelivery(change.delivery)]),
      ];
      const { changes, events } = change;
      const ofGroup = changes === null ? [] : writesOfChanges(changes, context, { events });
      return transact([
        ...own,
        ...(ofGroup.length === 0 ? recordEvents(events) : ofGroup),
        ...assignmentWrites(change, ofGroup),
      ]);
    },

    /** Records the event that has a link synchronized, once a webhook. One round trip. */
    remind(event: EventRecord, delivery: WebhookDelivery | null) {
      return transact([
        recordEvent(event),
        ...(delivery === null ? [] : [insertDelivery(delivery)]),
      ]);
    },
  };
}

/** The assignment is written by the change set, confirmed, or only checked: exactly one of them. */
function assignmentWrites(
  change: ExternalChange,
  ofGroup: readonly AnyWrite[],
): Write<'assignment'>[] {
  if (ofGroup.some(({ name }) => name === 'assignment')) {
    return [];
  }
  const { assignment, confirmed } = change;
  if (confirmed !== null && assignment !== null) {
    return [confirmAssignment(confirmed, assignment)];
  }
  return [checkAssignment(change.link.groupId, assignment?.version ?? null)];
}
