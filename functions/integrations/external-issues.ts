import type { Endpoint } from '../../shared/http/api.ts';
import { answerForIssue, showForIssue } from '../../shared/http/named-issue.ts';
import { parseNewLink } from '../../shared/http/schemas/sync/external-issue.ts';
import { serializeLink } from '../../shared/http/serializers/sync/integration.ts';
import { findIntegration } from '../../shared/operations/sync/integrations.ts';
import { linkIssue } from '../../shared/operations/sync/link-issue.ts';
import { listLinks, planLinks, reportOf } from '../../shared/operations/sync/list-links.ts';
import { unlinkIssue } from '../../shared/operations/sync/unlink-issue.ts';
import type { IntegrationsDeps } from './deps.ts';
import { readRow } from './read-row.ts';

/** Lists the links of an issue; with `plan=1` also what would be written to each tracker now. */
export const listExternalIssues: Endpoint<'listExternalIssues', IntegrationsDeps> = (
  deps,
  request,
) =>
  showForIssue(deps, request, async (groupId) => {
    const reports = await listLinks(deps, await readRow(deps, request, groupId));
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
  });

/** Links an issue to an external issue. */
export const linkExternalIssue: Endpoint<'linkExternalIssue', IntegrationsDeps> = (deps, request) =>
  answerForIssue(deps, request, async (groupId) => {
    const row = await readRow(deps, request, groupId);
    const { requestId } = request.initiator;
    const link = await linkIssue(deps, { ...parseNewLink(request.body), row, requestId });
    const integration = await findIntegration(deps, link.organizationId, link.integrationId);
    return { status: 201, body: serializeLink(reportOf(link, integration, row)) };
  });

/** Removes a link. */
export const unlinkExternalIssue: Endpoint<'unlinkExternalIssue', IntegrationsDeps> = (
  deps,
  request,
) =>
  answerForIssue(deps, request, async (groupId) => {
    await readRow(deps, request, groupId);
    await unlinkIssue(deps, { groupId, linkId: request.params.link });
    return { status: 204 };
  });
