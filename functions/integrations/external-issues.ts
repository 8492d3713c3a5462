import type { Endpoint, RequestOf } from '../../shared/http/api.ts';
import { parseNewLink } from '../../shared/http/schemas/sync/external-issue.ts';
import { serializeLink } from '../../shared/http/serializers/sync/integration.ts';
import { readIssueRow } from '../../shared/operations/issues/read-issue.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import { linkIssue } from '../../shared/operations/sync/link-issue.ts';
import { listLinks, planLinks } from '../../shared/operations/sync/list-links.ts';
import { unlinkIssue } from '../../shared/operations/sync/unlink-issue.ts';
import type { IntegrationsDeps } from './deps.ts';

/** Lists the links of an issue; with `plan=1` also what would be written to each tracker now. */
export const listExternalIssues: Endpoint<'listExternalIssues', IntegrationsDeps> = async (
  deps,
  request,
) => {
  const reports = await listLinks(deps, await findRow(deps, request));
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

/** Links an issue to an external issue. */
export const linkExternalIssue: Endpoint<'linkExternalIssue', IntegrationsDeps> = async (
  deps,
  request,
) => {
  const row = await findRow(deps, request);
  const { requestId } = request.initiator;
  const link = await linkIssue(deps, { ...parseNewLink(request.body), row, requestId });
  return { status: 201, body: serializeLink({ link, status: link.status, assignee: null }) };
};

/** Removes a link. */
export const unlinkExternalIssue: Endpoint<'unlinkExternalIssue', IntegrationsDeps> = async (
  deps,
  request,
) => {
  const { group } = await findRow(deps, request);
  await unlinkIssue(deps, { groupId: group.id, linkId: request.params.link });
  return { status: 204 };
};

async function findRow(
  deps: IntegrationsDeps,
  {
    organization,
    params,
  }: RequestOf<'listExternalIssues' | 'linkExternalIssue' | 'unlinkExternalIssue'>,
) {
  const organizationIds = [organization.id];
  const groupId = await findIssue(deps, organizationIds, params.issue);
  return readIssueRow(deps, { groupId, organizationIds });
}
