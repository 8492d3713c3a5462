import type { FollowersUse } from '../../domain/issues/followers.ts';
import type { GroupChanges } from '../../domain/issues/group-changes.ts';
import {
  confirmedBy,
  decidedAtMs,
  groupAfter,
  linkAfter,
  type TakenOver,
} from '../../domain/sync/external-change.ts';
import { samePerson } from '../../domain/sync/external-issue.ts';
import { compareExternalVersions } from '../../domain/sync/external-version.ts';
import { decideInboundAssignment } from '../../domain/sync/inbound.ts';
import { decideInboundGate, type InboundGate } from '../../domain/sync/inbound-gate.ts';
import type { IssueLink } from '../../domain/sync/issue-link.ts';
import type { SeenExternal } from '../../domain/sync/link-state.ts';
import type { OnDrift } from '../../domain/sync/outbound.ts';
import { decideInboundStatusGate, type InboundStatusGate } from '../../domain/sync/status.ts';
import type { WebhookSnapshot } from '../../domain/sync/webhook-snapshot.ts';
import type { ExternalChangeStore, ExternalWrite } from '../../stores/sync/external-changes.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { TransactOutcome } from '../../stores/transaction.ts';
import type { Clock, Count } from '../deps.ts';
import { type ChangeGroupDeps, completeFacts } from '../issues/change-group.ts';
import { candidatesFor, type SyncPeopleDeps } from './external-people.ts';
import { cameFromHere, type LinkFacts, syncRequested, versionOf } from './link-facts.ts';

export type ApplyInboundDeps = SyncPeopleDeps &
  Pick<ChangeGroupDeps, 'followers'> & {
    readonly links: Pick<LinkStore, 'ofExternalKey'>;
    readonly externalChanges: ExternalChangeStore;
    readonly clock: Clock;
    readonly newEventId: () => string;
    readonly count: Count;
  };

/** What a tracker shows of an issue: told by a webhook, or read just now. */
export type SeenIssue = Pick<
  WebhookSnapshot,
  'assignees' | 'status' | 'externalVersion' | 'actor' | 'incomplete'
> & {
  readonly origin: 'webhook' | 'read';
  /** The whole issue, where it was read; null for what a webhook told. */
  readonly present: SeenExternal | null;
  /** The webhook that told of it; null for what was found by looking. */
  readonly deliveryId: string | null;
  /** The request that all of it goes back to. */
  readonly requestId: string;
};

/**
 * `applied`: it is true here now, or somebody was asked to look at the link. `ignored`: nothing was
 * written. `again`: others wrote in between, so read everything again. `reread`: only the tracker
 * itself can tell what is so.
 */
export type InboundResult = 'applied' | 'ignored' | 'again' | 'reread';

type Gates = {
  readonly people: InboundGate | null;
  readonly status: InboundStatusGate | null;
  /** The other links of the same external issue. */
  readonly siblings: readonly IssueLink[];
};

/**
 * Applies what a tracker shows to the group of one link, or leaves it. Assignee, status, watermark
 * and delivery are one transaction that holds only while link and assignment are those that were
 * read.
 */
export async function applyInbound(
  deps: ApplyInboundDeps,
  facts: LinkFacts,
  seen: SeenIssue,
): Promise<InboundResult> {
  const { link } = facts;
  const linked = await deps.links.ofExternalKey(link.integrationId, link.externalKey);
  const siblings = linked.filter(({ id }) => id !== link.id);
  const nowMs = Date.parse(deps.clock());
  const gates: Gates = {
    people:
      seen.assignees !== null || seen.incomplete
        ? decidePeopleGate(facts, seen, siblings, nowMs)
        : null,
    status:
      seen.status !== null || seen.incomplete ? decideStatusGate(facts, seen, siblings) : null,
    siblings,
  };
  if (gates.people?.kind === 'reread' || gates.status?.kind === 'reread') {
    return 'reread';
  }
  if (gates.people?.kind === 'resolve' || gates.status?.kind === 'apply') {
    return takeOver(deps, facts, seen, gates);
  }
  const [doubt] = [gates.people, gates.status].filter((gate) => gate?.kind === 'verify');
  return doubt === undefined ? 'ignored' : requestLook(deps, facts, seen, doubt?.onDrift);
}

function decidePeopleGate(
  facts: LinkFacts,
  seen: SeenIssue,
  siblings: readonly IssueLink[],
  nowMs: number,
): InboundGate {
  const { link, row, integration, config, traits } = facts;
  return decideInboundGate({
    nowMs,
    snapshot: seen,
    origin: seen.origin,
    reverse: config.reverseAssignment,
    ownActor: integration.actor,
    link,
    local: {
      version: versionOf(facts),
      syncedVersion: link.syncedVersion,
      decidedAtMs: decidedAtMs(row.assignment),
      cameFromHere: cameFromHere(facts),
    },
    siblings: siblings.flatMap(({ ours, inflight }) => {
      const add = inflight?.add ?? null;
      return add === null ? ours : [...ours, add];
    }),
    traits,
  });
}

function decideStatusGate(
  facts: LinkFacts,
  seen: SeenIssue,
  siblings: readonly IssueLink[],
): InboundStatusGate {
  const { link, row, integration, config, traits } = facts;
  return decideInboundStatusGate({
    external: seen.status,
    groupStatus: row.group.status,
    origin: seen.origin,
    reverse: config.reverseStatus,
    forward: config.forwardStatus,
    isOwn:
      seen.actor !== null &&
      integration.actor !== null &&
      samePerson(seen.actor, integration.actor, traits),
    isOwnWrite: compareExternalVersions(seen.externalVersion, link.lastWrittenVersion) === 'equal',
    lastExternal: link.lastExternal?.status ?? null,
    hasSiblings: siblings.length > 0,
    order: compareExternalVersions(seen.externalVersion, link.watermark),
    incomplete: seen.incomplete,
    version: row.group.statusVersion,
    syncedVersion: link.syncedStatusVersion,
  });
}

/** Commits group and link together; afterwards the link is always looked at once more. */
async function takeOver(
  deps: ApplyInboundDeps,
  facts: LinkFacts,
  seen: SeenIssue,
  { people, status, siblings }: Gates,
): Promise<InboundResult> {
  const { link, row, organization, integration, traits } = facts;
  const { assignment } = row;
  const now = deps.clock();
  const from = {
    integrationId: integration.id,
    linkId: link.id,
    decidedAt: changedAt(seen) ?? now,
  };

  const resolved = people?.kind === 'resolve' ? await resolvePeople(deps, facts, seen) : nobody;
  const taken = { ...resolved, status: status?.kind === 'apply' ? status.groupStatus : null };
  const before = await completeFacts(deps, row, organization, usesOf(taken));
  const changes = groupAfter(before, taken, { ...from, now });
  const next = linkAfter(link, taken, seen, {
    version: versionOf(facts),
    statusVersion: changes.group.statusVersion,
    siblingVersions: siblings.map(({ lastWrittenVersion }) => lastWrittenVersion),
    traits,
    now,
  });
  const isGroupChanged = changes.events.length > 0;
  // A new assignment's own event has the link looked at; after anything else somebody has to ask
  // for it.
  const isLookedAt = changes.assignment !== assignment;
  const onDrift = people?.kind === 'verify' ? people.onDrift : 'adopt';
  const outcome = await deps.externalChanges.commit(
    {
      changes: isGroupChanged ? changes : null,
      assignment,
      confirmed: taken.assignment?.kind === 'keep' ? confirmedBy(assignment, from) : null,
      link: next,
      readRevision: link.revision,
      delivery: deliveryOf(link, seen, now),
      events: isLookedAt ? [] : [syncRequested(deps, next, { ...seen, onDrift })],
    },
    {
      newId: deps.newId,
      newEventId: deps.newEventId,
      requestId: seen.requestId,
      actor: null,
    },
  );
  if (outcome.committed && isLookedAt) {
    countAssigneeChange(deps, changes);
  }
  return resultOf(outcome);
}

function usesOf({
  assignment,
  assignee,
}: Pick<TakenOver, 'assignment' | 'assignee'>): FollowersUse {
  return assignment === null ? {} : { target: assignee?.actor ?? null };
}

function countAssigneeChange({ count }: ApplyInboundDeps, { assignment }: GroupChanges): void {
  count('group.assignee.change', { change: assignment?.assignee ? 'assigned' : 'deassigned' });
}

/** When the issue changed in the tracker; null where the tracker does not say. */
function changedAt({ externalVersion: { atMs } }: SeenIssue): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

const nobody = { assignment: null, assignee: null };

async function resolvePeople(deps: ApplyInboundDeps, facts: LinkFacts, { assignees }: SeenIssue) {
  const holder = facts.row.assignment?.assignee ?? null;
  const candidates = await candidatesFor(deps, facts, assignees ?? []);
  const assignment = decideInboundAssignment(
    candidates,
    holder?.type === 'user' ? holder.id : null,
  );
  const chosen = assignment.kind === 'assign' ? assignment.userId : null;
  const candidate = candidates.find(({ userId }) => userId !== null && userId === chosen);
  return { assignment, assignee: candidate?.assignee ?? null };
}

/** Has the link looked at instead of believing what was told. */
export async function requestLook(
  deps: ApplyInboundDeps,
  { link }: LinkFacts,
  seen: SeenIssue,
  onDrift: OnDrift = 'adopt',
): Promise<InboundResult> {
  const event = syncRequested(deps, link, { ...seen, onDrift });
  return resultOf(await deps.externalChanges.remind(event, deliveryOf(link, seen, deps.clock())));
}

function deliveryOf(
  { id: linkId, integrationId }: IssueLink,
  { deliveryId }: SeenIssue,
  now: string,
) {
  return deliveryId === null ? null : { integrationId, deliveryId, linkId, now };
}

/** A webhook that was applied before has nothing more to say. */
function resultOf(outcome: TransactOutcome<ExternalWrite>): InboundResult {
  if (outcome.committed) {
    return 'applied';
  }
  return outcome.refused.includes('webhook delivery') ? 'ignored' : 'again';
}
