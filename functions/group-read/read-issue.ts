import { notFound } from '../../shared/domain/errors.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { issueDetailReply } from '../../shared/http/issue-detail.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import type { GroupReadDeps } from './deps.ts';

/**
 * Shows one issue by id or short id, of the organization that the path names or of any that the
 * token reaches. The call is counted against its limit while the issue is being read.
 */
export const getIssue: Endpoint<'getOrganizationIssue' | 'getIssue', GroupReadDeps> = async (
  deps,
  request,
) => {
  const organizationIds = request.organizations.map(({ id }) => id);
  const [shown] = await Promise.all([
    findIssue(deps, organizationIds, request.params.issue).then((groupId) =>
      issueDetailReply(deps, request, groupId),
    ),
    request.admission,
  ]);
  return { status: 200, ...shown };
};

/** Shows the issue that has a short id. */
export const resolveShortId: Endpoint<'resolveShortId', GroupReadDeps> = async (deps, request) => {
  const { organization, params } = request;
  const groupId = await findIssue(deps, [organization.id], params.shortId);
  const { body: group } = await issueDetailReply(deps, request, groupId);
  // `findIssue` also takes an issue's id, which is no short id.
  if (group.shortId.toUpperCase() !== params.shortId.toUpperCase()) {
    throw notFound();
  }
  return {
    status: 200,
    body: {
      organizationSlug: organization.slug,
      projectSlug: group.project.slug,
      groupId: group.id,
      shortId: group.shortId,
      group,
    },
  };
};
