import { syncConfigOf } from '../../domain/sync/config.ts';
import type { ExternalPerson } from '../../domain/sync/external-issue.ts';
import { includesPerson, traitsOf } from '../../domain/sync/external-issue.ts';
import { externalIssueUrl } from '../../domain/sync/external-key-url.ts';
import type { Integration } from '../../domain/sync/integration.ts';
import type { IssueLink } from '../../domain/sync/issue-link.ts';
import type { LinkStatus } from '../../domain/sync/link-state.ts';
import { planOf } from '../../domain/sync/outbound.ts';
import { noChange, type SlotChange } from '../../domain/sync/slot.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { TrackerSource } from '../../secrets/tracker-source.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Clock } from '../deps.ts';
import type { IssueRow } from '../issues/read-issue.ts';
import { accountOf, type SyncPeopleDeps } from './external-people.ts';
import { type ReadLinkDeps, readLinkFacts } from './link-facts.ts';
import { decidePeople } from './outbound.ts';

/** A link as its users see it. */
export type LinkReport = {
  readonly link: IssueLink;
  readonly status: LinkStatus;
  /**
   * Whom we have put there, as the tracker calls them; null once they are not assigned there any
   * more.
   */
  readonly assignee: ExternalPerson | null;
  /** Where people see the external issue; null where the integration does not say. */
  readonly url: string | null;
};

/** The links of an issue, in the order of their ids. Two round trips. */
export async function listLinks(
  deps: {
    readonly links: Pick<LinkStore, 'ofGroup'>;
    readonly integrations: Pick<IntegrationStore, 'byIds'>;
  },
  row: IssueRow,
): Promise<LinkReport[]> {
  const links = await deps.links.ofGroup(row.group.id);
  const integrations = await deps.integrations.byIds(
    links.map(({ integrationId }) => integrationId),
  );
  return links.flatMap((link) => {
    const integration = integrations.get(link.integrationId);
    return integration === undefined ? [] : [reportOf(link, integration, row)];
  });
}

/** A link with what it says of itself, and that it is behind where its version says so. */
export function reportOf(link: IssueLink, integration: Integration, row: IssueRow): LinkReport {
  const { forwardAssignment } = syncConfigOf(integration.config);
  const isBehind = forwardAssignment && (row.assignment?.version ?? 0) > link.syncedVersion;
  const there = link.lastExternal?.assignees ?? [];
  const traits = traitsOf(link.provider);
  return {
    link,
    status: link.status === 'ok' && isBehind ? 'pending' : link.status,
    assignee: there.find((one) => includesPerson(link.ours, one, traits)) ?? null,
    url: externalIssueUrl(integration, link.externalKey),
  };
}

export type PlanDeps = ReadLinkDeps &
  SyncPeopleDeps & { readonly trackers: Pick<TrackerSource, 'of'>; readonly clock: Clock };

/** What would be written to an external issue now; or why that cannot be said. */
export type LinkPlan = SlotChange & { readonly error: string | null };

/** Trackers asked at the same time. */
const WIDTH = 4;

/**
 * Says for each link what bringing it up to date would write now. Nothing is written, there or
 * here.
 */
export function planLinks(deps: PlanDeps, links: readonly IssueLink[]): Promise<LinkPlan[]> {
  return mapConcurrently(WIDTH, links, (link) => planLink(deps, link));
}

async function planLink(deps: PlanDeps, link: IssueLink): Promise<LinkPlan> {
  const facts = await readLinkFacts(deps, { groupId: link.groupId, linkId: link.id });
  if (facts === null || !facts.config.forwardAssignment) {
    return { ...noChange, error: null };
  }
  const signedIn = await deps.trackers.of(facts.integration);
  if (!signedIn.ok) {
    return { ...noChange, error: signedIn.failure.reason };
  }
  const issue = await signedIn.value.getIssue(facts.link.externalKey);
  if (!issue.ok) {
    return { ...noChange, error: issue.failure.reason };
  }
  const account = await accountOf(deps, facts, signedIn.value, { remember: false });
  if (!account.ok) {
    return { ...noChange, error: account.failure.reason };
  }
  const look = { onDrift: 'adopt', nowMs: Date.parse(deps.clock()) } as const;
  return { ...planOf(decidePeople(facts, issue.value, account.value, look)), error: null };
}
