import type { Endpoint } from '../../shared/http/api.ts';
import { issueDetailReply } from '../../shared/http/issue-detail.ts';
import { answerForShortId, showForIssue, withLocation } from '../../shared/http/named-issue.ts';
import type { GroupReadDeps } from './deps.ts';

/**
 * Shows one issue by id or short id, of the organization that the path names or of any that the
 * token reaches. The call is counted against its limit while the issue is being read.
 */
export const getIssue: Endpoint<'getOrganizationIssue' | 'getIssue', GroupReadDeps> = (
  deps,
  request,
) =>
  request.whileCounted(
    showForIssue(deps, request, async (groupId) => ({
      status: 200,
      ...(await issueDetailReply(deps, request, groupId)),
    })),
  );

/** Shows the issue that has a short id, or that one with it was merged into. */
export const resolveShortId: Endpoint<'resolveShortId', GroupReadDeps> = async (deps, request) => {
  const { organization, params } = request;
  const { body: group } = await answerForShortId(deps, request, (groupId) =>
    issueDetailReply(deps, request, groupId),
  );
  const reply = {
    status: 200,
    body: {
      organizationSlug: organization.slug,
      projectSlug: group.project.slug,
      groupId: group.id,
      shortId: group.shortId,
      group,
    },
  };
  const isNamed = group.shortId.toUpperCase() === params.shortId.toUpperCase();
  return isNamed ? reply : withLocation(reply, request, group.shortId);
};
