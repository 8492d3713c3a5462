import { hasFeature } from '../../domain/directory.ts';
import {
  invalidFields,
  invalidRequest,
  notFound,
  unknownIntegration,
} from '../../domain/errors.ts';
import type { IntegrationId } from '../../domain/ids.ts';
import { readExternalKey } from '../../domain/sync/external-key-url.ts';
import { ISSUE_SYNC_FEATURE } from '../../domain/sync/integration.ts';
import { type IssueLink, newLink, WATCHED_FOR_EVER } from '../../domain/sync/issue-link.ts';
import { commitWithRetry } from '../../retry.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Clock } from '../deps.ts';
import type { IssueRow } from '../issues/read-issue.ts';
import { syncRequested } from './link-facts.ts';

export type LinkIssueDeps = {
  readonly links: Pick<LinkStore, 'insert' | 'idOf'>;
  readonly integrations: Pick<IntegrationStore, 'byId'>;
  readonly organizations: Pick<OrganizationStore, 'byId'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

/**
 * Links a group to an external issue that exists. Whether it does, and who is assigned there, is
 * found out right after this request, by a worker: until then the link is `pending`. Throws
 * `request.invalid` for an unknown integration, for what names no issue of its tracker, and for a
 * link that there is already, `resource.not_found` for a group that is being deleted.
 */
export async function linkIssue(
  deps: LinkIssueDeps,
  input: {
    readonly row: IssueRow;
    readonly integrationId: IntegrationId;
    /** The issue's key, or its web address. */
    readonly key: string;
    readonly requestId: string;
  },
): Promise<IssueLink> {
  const { group, assignment } = input.row;
  const { organizationId } = group;
  const [integration, organization] = await Promise.all([
    deps.integrations.byId(input.integrationId),
    deps.organizations.byId(organizationId),
  ]);
  if (organization === undefined) {
    throw notFound();
  }
  if (!hasFeature(organization, ISSUE_SYNC_FEATURE)) {
    throw invalidRequest('You do not have that feature enabled');
  }
  if (integration?.organizationId !== organizationId) {
    throw unknownIntegration();
  }
  const reading = readExternalKey(integration, input.key);
  if (!reading.ok) {
    throw invalidFields({ key: [reading.problem] });
  }
  const named = { groupId: group.id, integrationId: integration.id, externalKey: reading.key };
  const isHeld = assignment !== null && assignment.assignee !== null;
  const link: IssueLink = {
    ...newLink(
      {
        ...named,
        id: deps.links.idOf(named),
        organizationId,
        projectId: group.projectId,
        provider: integration.provider,
        // Whoever holds the group is still to be told there; that nobody does is nothing to tell.
        syncedVersion: isHeld ? 0 : (assignment?.version ?? 0),
        syncedStatusVersion: group.statusVersion,
      },
      deps.clock(),
    ),
    status: 'pending',
    watchUntil: WATCHED_FOR_EVER,
  };
  const { requestId } = input;
  const event = syncRequested(deps, link, { requestId, onDrift: 'adopt' });
  const outcome = await commitWithRetry(() => deps.links.insert(link, event));
  if (outcome.committed) {
    return link;
  }
  if (outcome.refused.includes('link')) {
    throw invalidFields({ non_field_errors: ['That issue is already linked'] });
  }
  throw notFound();
}
