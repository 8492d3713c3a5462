import { organizationOf, requireScope, type Scope } from '../../shared/http/access.ts';
import type { ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { parseNewLink } from '../../shared/http/schemas/sync/external-issue.ts';
import { serializeLink } from '../../shared/http/serializers/sync/integration.ts';
import { readIssueRow } from '../../shared/operations/issues/read-issue.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import { linkIssue } from '../../shared/operations/sync/link-issue.ts';
import { listLinks, planLinks } from '../../shared/operations/sync/list-links.ts';
import { unlinkIssue } from '../../shared/operations/sync/unlink-issue.ts';
import type { IntegrationsDeps } from './deps.ts';

/** The links of an issue; with `plan=1` also what would be written to each of them now. */
export function listExternalIssues(deps: IntegrationsDeps): Endpoint {
  return async (request) => {
    const reports = await listLinks(deps, await findRow(deps, request, 'event:read'));
    if (request.query.get('plan') !== '1') {
      return { status: 200, body: reports.map((report) => serializeLink(report)) };
    }
    const plans = await planLinks(
      deps,
      reports.map(({ link }) => link),
    );
    return {
      status: 200,
      body: reports.map((report, index) => serializeLink(report, plans[index])),
    };
  };
}

/** A new link. */
export function linkExternalIssue(deps: IntegrationsDeps): Endpoint {
  return async (request) => {
    const row = await findRow(deps, request, 'event:write');
    const { requestId } = request;
    const link = await linkIssue(deps, { ...parseNewLink(request.body), row, requestId });
    return { status: 201, body: serializeLink({ link, status: link.status, assignee: null }) };
  };
}

/** The end of a link. */
export function unlinkExternalIssue(deps: IntegrationsDeps): Endpoint {
  return async (request) => {
    const { group } = await findRow(deps, request, 'event:write');
    await unlinkIssue(deps, { groupId: group.id, linkId: request.params.link ?? '' });
    return { status: 204 };
  };
}

async function findRow(deps: IntegrationsDeps, { caller, params }: ApiRequest, scope: Scope) {
  const organizationIds = [organizationOf(caller, params.org ?? '').id];
  requireScope(caller, scope);
  const groupId = await findIssue(deps, organizationIds, params.issue ?? '');
  return readIssueRow(deps, { groupId, organizationIds });
}
