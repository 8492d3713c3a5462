import { notFound } from '../../shared/domain/errors.ts';
import { limitRate, organizationOf, requireScope } from '../../shared/http/access.ts';
import type { ApiReply, ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { issueDetailReply } from '../../shared/http/issue-detail.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import type { GroupReadDeps } from './deps.ts';

const READS_PER_SECOND = 5;

/** One issue of an organization, by id or short id. */
export function getOrganizationIssue(deps: GroupReadDeps): Endpoint {
  return async (request) => {
    const organization = organizationOf(request.caller, request.params.org ?? '');
    return readOne(deps, request, organization.id);
  };
}

/** One issue of any organization that the token reaches. */
export function getIssue(deps: GroupReadDeps): Endpoint {
  return async (request) => readOne(deps, request, null);
}

/** The issue behind a short id. */
export function resolveShortId(deps: GroupReadDeps): Endpoint {
  return async ({ caller, params, baseUrl }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'event:read');
    const groupId = await findIssue(deps, [organization.id], params.shortId ?? '');
    const organizationId = organization.id;
    const group = await issueDetailReply(deps, { organizationId, groupId, caller, baseUrl });
    // A number is an id, and nothing that has to be resolved.
    if (group.shortId.toUpperCase() !== params.shortId?.toUpperCase()) {
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
}

/** Which issue it is, is looked up beside the question whether the caller may ask once more. */
async function readOne(
  deps: GroupReadDeps,
  { caller, params, baseUrl }: ApiRequest,
  organizationId: string | null,
): Promise<ApiReply> {
  requireScope(caller, 'event:read');
  const organizationIds =
    organizationId === null ? caller.organizations.map(({ id }) => id) : [organizationId];
  const [body] = await Promise.all([
    findIssue(deps, organizationIds, params.issue ?? '').then((groupId) =>
      issueDetailReply(deps, { organizationId, groupId, caller, baseUrl }),
    ),
    limitRate(deps.requestLimiter, caller, 'readIssue', READS_PER_SECOND),
  ]);
  return { status: 200, body };
}
