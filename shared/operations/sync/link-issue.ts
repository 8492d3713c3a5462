import { hasFeature } from '../../domain/directory.ts';
import {
  invalidFields,
  invalidRequest,
  notFound,
  unknownIntegration,
} from '../../domain/errors.ts';
import type { IntegrationId, OrganizationId } from '../../domain/ids.ts';
import { isVisible } from '../../domain/issues/group.ts';
import { readExternalKey } from '../../domain/sync/external-key-url.ts';
import { type Integration, ISSUE_SYNC_FEATURE } from '../../domain/sync/integration.ts';
import { type IssueLink, newLink, WATCHED_FOR_EVER } from '../../domain/sync/issue-link.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { AssignedGroupRow, GroupStore } from '../../stores/issues/groups.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Clock } from '../deps.ts';
import { syncRequested } from './link-facts.ts';

export type LinkIssueDeps = {
  readonly groups: Pick<GroupStore, 'withAssignments'>;
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
    readonly row: AssignedGroupRow;
    readonly integrationId: IntegrationId;
    /** The issue's key, or its web address. */
    readonly key: string;
    /** The field of the request that names the issue: its messages are about that. */
    readonly field?: 'key' | 'externalIssue';
    readonly requestId: string;
  },
): Promise<IssueLink> {
  const { organizationId } = input.row.group;
  const [integration] = await Promise.all([
    deps.integrations.byId(input.integrationId),
    requireIssueSync(deps, organizationId),
  ]);
  if (integration?.organizationId !== organizationId) {
    throw unknownIntegration();
  }
  const reading = readExternalKey(integration, input.key);
  if (!reading.ok) {
    throw invalidFields({ [input.field ?? 'key']: [reading.problem] });
  }
  return redecide(async (attempt) => {
    const row = attempt === 1 ? input.row : await readAgain(deps, input.row);
    const link = pendingLink(deps, row, integration, reading.key);
    const { requestId } = input;
    const event = syncRequested(deps, link, { requestId, onDrift: 'adopt' });
    const outcome = await deps.links.insert(link, row, event);
    return outcome.committed ? link : againUnlessFinal(outcome.refused);
  });
}

/** Throws `request.invalid` for an organization that keeps no issues in step with trackers. */
export async function requireIssueSync(
  { organizations }: Pick<LinkIssueDeps, 'organizations'>,
  organizationId: OrganizationId,
): Promise<void> {
  const organization = await organizations.byId(organizationId);
  if (organization === undefined) {
    throw notFound();
  }
  if (!hasFeature(organization, ISSUE_SYNC_FEATURE)) {
    throw invalidRequest('You do not have that feature enabled');
  }
}

async function readAgain(
  { groups }: Pick<LinkIssueDeps, 'groups'>,
  { group: { id } }: AssignedGroupRow,
): Promise<AssignedGroupRow> {
  const row = (await groups.withAssignments([id])).get(id);
  if (row === undefined || !isVisible(row.group.status)) {
    throw notFound();
  }
  return row;
}

function againUnlessFinal(refused: readonly string[]): typeof AGAIN {
  if (refused.includes('link')) {
    throw invalidFields({ non_field_errors: ['That issue is already linked'] });
  }
  if (refused.includes('group')) {
    throw notFound();
  }
  return AGAIN;
}

/** A link of a group, as it was read, that nobody has looked at yet. */
function pendingLink(
  deps: Pick<LinkIssueDeps, 'links' | 'clock'>,
  { group, assignment }: AssignedGroupRow,
  integration: Integration,
  externalKey: string,
): IssueLink {
  const named = { groupId: group.id, integrationId: integration.id, externalKey };
  const isHeld = assignment !== null && assignment.assignee !== null;
  const link = newLink(
    {
      ...named,
      id: deps.links.idOf(named),
      organizationId: group.organizationId,
      projectId: group.projectId,
      provider: integration.provider,
      // Whoever holds the group is still to be told there; that nobody does is nothing to tell.
      syncedVersion: isHeld ? 0 : (assignment?.version ?? 0),
      syncedStatusVersion: group.statusVersion,
    },
    deps.clock(),
  );
  return { ...link, status: 'pending', watchUntil: WATCHED_FOR_EVER };
}
