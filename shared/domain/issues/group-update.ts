import type { GroupPriority } from './group.ts';
import { type GroupDraft, type GroupFacts, record, startDraft } from './group-draft.ts';
import { changeInbox, changePriority, changeStatus, type StatusRequest } from './group-status.ts';
import { type AssignedToRequest, handleAssignedTo } from './handle-assigned-to.ts';
import { dropSubscription, setSubscription, subscribe } from './subscription.ts';

/**
 * The changes that one request asks of each of its groups, validated. What is absent stays as it
 * is.
 */
export type GroupUpdate = {
  readonly priority?: GroupPriority;
  readonly status?: StatusRequest;
  readonly assignedTo?: AssignedToRequest;
  readonly hasSeen?: boolean;
  readonly isBookmarked?: boolean;
  readonly isSubscribed?: boolean;
  readonly isPublic?: boolean;
  readonly inbox?: boolean;
};

export type GroupUpdateContext = {
  readonly now: string;
  /**
   * The user who acts; null for an organization's token: then there is nobody to see, bookmark or
   * subscribe.
   */
  readonly actingUserId: string | null;
  /**
   * Whether the acting user is in the member set of the group's project: only then does their
   * `hasSeen` count.
   */
  readonly actsAsMember: boolean;
  /** The group's place in the request, from 0. */
  readonly position: number;
  /** The id that a new public link of this group will have. */
  readonly shareId: string;
};

/** Decides all that one request does to one group, in the order in which its parts take effect. */
export function decideGroupUpdate(
  facts: GroupFacts,
  update: GroupUpdate,
  context: GroupUpdateContext,
): GroupDraft {
  let draft = startDraft(facts, context);
  if (update.priority !== undefined) {
    draft = changePriority(draft, update.priority);
  }
  if (update.status !== undefined) {
    draft = changeStatus(draft, update.status);
  }
  if (update.assignedTo !== undefined) {
    draft = handleAssignedTo(draft, update.assignedTo, context.position);
  }
  if (update.hasSeen !== undefined && context.actsAsMember) {
    draft = markSeen(draft, update.hasSeen);
  }
  if (update.isBookmarked !== undefined) {
    draft = bookmark(draft, update.isBookmarked);
  }
  if (update.isSubscribed !== undefined) {
    draft = changeSubscription(draft, update.isSubscribed);
  }
  if (update.isPublic !== undefined) {
    draft = share(draft, update.isPublic ? context.shareId : null);
  }
  if (update.inbox !== undefined) {
    draft = changeInbox(draft, update.inbox);
  }
  return draft;
}

function markSeen(draft: GroupDraft, hasSeen: boolean): GroupDraft {
  if (draft.actingUserId === null) {
    return draft;
  }
  return { ...draft, marks: { ...draft.marks, userId: draft.actingUserId, hasSeen } };
}

function bookmark(draft: GroupDraft, isBookmarked: boolean): GroupDraft {
  if (draft.actingUserId === null) {
    return draft;
  }
  const user = { type: 'user', id: draft.actingUserId } as const;
  return {
    ...draft,
    marks: { ...draft.marks, userId: user.id, isBookmarked },
    subscriptions: isBookmarked
      ? subscribe(draft.subscriptions, [user], 'bookmark')
      : dropSubscription(draft.subscriptions, user),
  };
}

function changeSubscription(draft: GroupDraft, isSubscribed: boolean): GroupDraft {
  if (draft.actingUserId === null) {
    return draft;
  }
  const user = { type: 'user', id: draft.actingUserId } as const;
  return { ...draft, subscriptions: setSubscription(draft.subscriptions, user, isSubscribed) };
}

/**
 * An existing public link always ends, a new one has a new id: a link that was once withdrawn never
 * works again.
 */
function share(draft: GroupDraft, shareId: string | null): GroupDraft {
  let next: GroupDraft = { ...draft, shareId };
  if (draft.shareId !== null) {
    next = record(next, {
      activity: { type: 'set_private', userId: draft.actingUserId, data: null },
    });
  }
  if (shareId !== null) {
    next = record(next, {
      activity: { type: 'set_public', userId: draft.actingUserId, data: null },
    });
  }
  return next;
}
