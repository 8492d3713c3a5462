import type { GroupId, LinkId } from '../../domain/ids.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { TrackerSource } from '../../secrets/tracker-source.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Log } from '../deps.ts';
import {
  type ApplyInboundDeps,
  applyInbound,
  type InboundResult,
  requestLook,
  type SeenIssue,
} from './apply-inbound.ts';
import type { ReceivedWebhook } from './fan-out.ts';
import { type LinkFacts, type ReadLinkDeps, readLinkFacts } from './link-facts.ts';
import type { WorkOutcome } from './record-failure.ts';

export type SyncInboundDeps = ReadLinkDeps &
  ApplyInboundDeps & {
    readonly links: Pick<LinkStore, 'ofExternalKey'>;
    readonly trackers: Pick<TrackerSource, 'of'>;
    readonly log: Log;
  };

/**
 * Applies a webhook to every link of its external issue, each in a transaction of its own. A
 * webhook is only ever as good as the tracker's present state: where it cannot say what is so, the
 * tracker is asked, and where that fails, whoever brings the link up to date will ask.
 */
export async function syncInbound(
  deps: SyncInboundDeps,
  { integrationId, snapshot, requestId }: ReceivedWebhook,
): Promise<WorkOutcome> {
  const links = await deps.links.ofExternalKey(integrationId, snapshot.externalKey);
  const seen: SeenIssue = {
    ...snapshot,
    origin: 'webhook',
    present: null,
    requestId,
  };
  for (const { groupId, id: linkId } of links) {
    await applyTo(deps, { groupId, linkId }, seen);
  }
  return { kind: 'done' };
}

async function applyTo(
  deps: SyncInboundDeps,
  address: { readonly groupId: GroupId; readonly linkId: LinkId },
  snapshot: SeenIssue,
): Promise<void> {
  let seen = snapshot;
  await redecide(async () => {
    const facts = await readLinkFacts(deps, address);
    if (facts === null) {
      return undefined;
    }
    const applied = await applyOrAsk(deps, facts, seen, snapshot);
    seen = applied.seen;
    deps.count('sync.inbound', { provider: facts.link.provider, outcome: applied.result });
    return applied.result === 'again' ? AGAIN : undefined;
  });
}

/**
 * Applies what is known; where only the tracker can tell, asks it, and answers `again` with what it
 * said, or has the link looked at later where it cannot be asked.
 */
async function applyOrAsk(
  deps: SyncInboundDeps,
  facts: LinkFacts,
  seen: SeenIssue,
  snapshot: SeenIssue,
): Promise<{ readonly result: InboundResult; readonly seen: SeenIssue }> {
  const result = await applyInbound(deps, facts, seen);
  if (result !== 'reread') {
    return { result, seen };
  }
  const read = await readIssue(deps, facts, snapshot);
  return read === null
    ? { result: await requestLook(deps, facts, snapshot), seen }
    : { result: 'again', seen: read };
}

/** The issue as its tracker shows it now; null where the tracker cannot be asked. */
async function readIssue(
  deps: SyncInboundDeps,
  { link, integration }: LinkFacts,
  snapshot: SeenIssue,
): Promise<SeenIssue | null> {
  const signedIn = await deps.trackers.of(integration);
  const reply = signedIn.ok ? await signedIn.value.getIssue(link.externalKey) : signedIn;
  if (!reply.ok) {
    deps.log.warn('A tracker could not be asked about a webhook; its link will be looked at.', {
      linkId: link.id,
      groupId: link.groupId,
      reason: reply.failure.reason,
    });
    return null;
  }
  const { assignees, status, externalVersion } = reply.value;
  const present = { assignees, status, externalVersion };
  return { ...snapshot, ...present, present, actor: null, incomplete: false, origin: 'read' };
}
