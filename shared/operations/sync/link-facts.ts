import type { Organization } from '../../domain/directory.ts';
import { hasFeature } from '../../domain/directory.ts';
import type { EventRecord } from '../../domain/events.ts';
import { toEventRecord } from '../../domain/events.ts';
import type { GroupId, LinkId } from '../../domain/ids.ts';
import { isVisible } from '../../domain/issues/group.ts';
import { type SyncConfig, syncConfigOf } from '../../domain/sync/config.ts';
import { type ProviderTraits, traitsOf } from '../../domain/sync/external-issue.ts';
import { type Integration, ISSUE_SYNC_FEATURE } from '../../domain/sync/integration.ts';
import type { IssueLink } from '../../domain/sync/issue-link.ts';
import type { OnDrift } from '../../domain/sync/outbound.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { AssignedGroupRow, GroupStore } from '../../stores/issues/groups.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Clock } from '../deps.ts';
import { eventContext, systemInitiator } from '../event-context.ts';

export type ReadLinkDeps = {
  readonly links: Pick<LinkStore, 'byId' | 'remove'>;
  readonly groups: Pick<GroupStore, 'withAssignments'>;
  readonly integrations: Pick<IntegrationStore, 'byId'>;
  readonly organizations: Pick<OrganizationStore, 'byId'>;
};

/**
 * Which link somebody is to look at, and what to do when the tracker shows something unexpected.
 */
export type LinkRequest = {
  readonly groupId: GroupId;
  readonly linkId: LinkId;
  /** Look even where everything seems in sync. */
  readonly verify: boolean;
  readonly onDrift: OnDrift;
  /** Names what caused it, in events and logs. */
  readonly requestId: string;
};

/** A link with all that decisions about it rest on, as it was read. */
export type LinkFacts = {
  readonly link: IssueLink;
  readonly row: AssignedGroupRow;
  readonly organization: Organization;
  readonly integration: Integration;
  readonly config: SyncConfig;
  readonly traits: ProviderTraits;
};

/**
 * Reads a link and its surroundings, consistently; null where there is nothing to sync: the link,
 * the group or the integration is gone, or the organization does not have the feature. Two round
 * trips.
 */
export async function readLinkFacts(
  deps: ReadLinkDeps,
  { groupId, linkId }: Pick<LinkRequest, 'groupId' | 'linkId'>,
): Promise<LinkFacts | null> {
  const [link, rows] = await Promise.all([
    deps.links.byId(groupId, linkId),
    deps.groups.withAssignments([groupId]),
  ]);
  const row = rows.get(groupId);
  if (link === undefined || row === undefined || !isVisible(row.group.status)) {
    return null;
  }
  const [integration, organization] = await Promise.all([
    deps.integrations.byId(link.integrationId),
    deps.organizations.byId(row.group.organizationId),
  ]);
  if (integration === undefined) {
    await deps.links.remove(link);
    return null;
  }
  if (organization === undefined || !hasFeature(organization, ISSUE_SYNC_FEATURE)) {
    return null;
  }
  const config = syncConfigOf(integration.config);
  return { link, row, organization, integration, config, traits: traitsOf(link.provider) };
}

/** The assignment's version; 0 for a group that was never assigned. */
export function versionOf({ row }: Pick<LinkFacts, 'row'>): number {
  return row.assignment?.version ?? 0;
}

/** Whether the present assignment was taken over from this very external issue. */
export function cameFromHere({ row, link }: Pick<LinkFacts, 'row' | 'link'>): boolean {
  return row.assignment?.origin?.linkId === link.id;
}

/** The event that makes somebody look at a link. */
export function syncRequested(
  deps: { readonly clock: Clock; readonly newEventId: () => string },
  link: Pick<IssueLink, 'id' | 'groupId' | 'organizationId' | 'projectId' | 'syncedVersion'>,
  request: Pick<LinkRequest, 'onDrift' | 'requestId'>,
): EventRecord {
  return toEventRecord(
    {
      type: 'sync.requested',
      version: link.syncedVersion,
      data: { linkId: link.id, verify: true, onDrift: request.onDrift },
    },
    {
      ...eventContext(deps, systemInitiator(request.requestId), deps.clock()),
      organizationId: link.organizationId,
      projectId: link.projectId,
      groupId: link.groupId,
    },
  );
}
