import { invalidRequest } from '../../shared/domain/errors.ts';
import type { OrganizationId } from '../../shared/domain/ids.ts';
import type { ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { answerForIssue, showForIssue } from '../../shared/http/named-issue.ts';
import { pageOf } from '../../shared/http/pagination.ts';
import { parseLinkedIssue } from '../../shared/http/schemas/sync/external-issue.ts';
import {
  serializeCreationForm,
  serializeLinkedIssue,
  serializeLinkedTracker,
  serializeLinkForm,
} from '../../shared/http/serializers/sync/issue-integration.ts';
import { listIntegrations } from '../../shared/operations/sync/integrations.ts';
import { linkIssue } from '../../shared/operations/sync/link-issue.ts';
import { unlinkIssue } from '../../shared/operations/sync/unlink-issue.ts';
import type { IntegrationsDeps } from './deps.ts';
import { readRow, readTracker } from './read-row.ts';

/** Lists the trackers of an issue's organization, each with the issue's links to it. */
export const listIssueIntegrations: Endpoint<
  'listIssueIntegrations' | 'listOrganizationIssueIntegrations',
  IntegrationsDeps
> = (deps, request) =>
  showForIssue(deps, request, async (groupId) => {
    const { group } = await readRow(deps, request, groupId);
    const [integrations, links] = await Promise.all([
      listIntegrations(deps, group.organizationId),
      deps.links.ofGroup(group.id),
    ]);
    const { page, headers } = pageOf(request, integrations);
    const body = page.map((integration) =>
      serializeLinkedTracker(
        integration,
        links.filter(({ integrationId }) => integrationId === integration.id),
      ),
    );
    return { status: 200, headers, body };
  });

/** Shows what a person fills in to link an issue to one of a tracker, or to create one there. */
export const getIssueIntegration: Endpoint<
  'getIssueIntegration' | 'getOrganizationIssueIntegration',
  IntegrationsDeps
> = (deps, request) =>
  showForIssue(deps, request, async (groupId) => {
    const { row, integration } = await readTracker(deps, request, groupId);
    switch (request.query.get('action')) {
      case 'link':
        return { status: 200, body: serializeLinkForm(integration) };
      case 'create':
        return {
          status: 200,
          body: serializeCreationForm(integration, row.group, {
            baseUrl: request.baseUrl,
            organizationSlug: slugAmong(request.organizations, row.group.organizationId),
          }),
        };
      default:
        throw invalidRequest('Action is required and should be either link or create');
    }
  });

/** Links an issue to one of a tracker. */
export const linkIssueIntegration: Endpoint<
  'linkIssueIntegration' | 'linkOrganizationIssueIntegration',
  IntegrationsDeps
> = (deps, request) =>
  answerForIssue(deps, request, async (groupId) => {
    const { row, integration } = await readTracker(deps, request, groupId);
    const link = await linkIssue(deps, {
      ...{ row, integrationId: integration.id, requestId: request.initiator.requestId },
      ...{ key: parseLinkedIssue(request.body), field: 'externalIssue' },
    });
    return { status: 201, body: serializeLinkedIssue(integration, link) };
  });

/** Removes the link of an issue that the query names to one of a tracker. */
export const unlinkIssueIntegration: Endpoint<
  'unlinkIssueIntegration' | 'unlinkOrganizationIssueIntegration',
  IntegrationsDeps
> = (deps, request) =>
  answerForIssue(deps, request, async (groupId) => {
    const { integration } = await readTracker(deps, request, groupId);
    const linkId = request.query.get('externalIssue');
    if (!linkId) {
      throw invalidRequest('External ID required');
    }
    await unlinkIssue(deps, { groupId, linkId, integrationId: integration.id });
    return { status: 204 };
  });

function slugAmong(
  organizations: ApiRequest['organizations'],
  organizationId: OrganizationId,
): string {
  return organizations.find(({ id }) => id === organizationId)?.slug ?? organizationId;
}
