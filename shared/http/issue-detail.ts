import { stateOfIssue } from '../domain/editable-state.ts';
import type { GroupId } from '../domain/ids.ts';
import type { CommittedIssue } from '../operations/issues/committed-issue.ts';
import { type ReadIssueDeps, readIssue } from '../operations/issues/read-issue.ts';
import type { ApiRequest } from './endpoint.ts';
import { entityTagOf } from './repetition/entity-tag.ts';
import { serializeIssueDetail } from './serializers/issues/issue.ts';

/**
 * The body and the tag of an answer that shows one issue. Throws `resource.not_found` for an issue
 * of an organization that the request does not see. Two round trips.
 */
export async function issueDetailReply(
  deps: ReadIssueDeps,
  { caller, organizations, baseUrl }: Pick<ApiRequest, 'caller' | 'organizations' | 'baseUrl'>,
  groupId: GroupId,
  /** The issue as an update has just committed it. */
  committed?: CommittedIssue,
): Promise<{ readonly body: ReturnType<typeof serializeIssueDetail>; readonly etag: string }> {
  const issue = await readIssue(deps, {
    groupId,
    organizationIds: organizations.map(({ id }) => id),
    callerUserId: caller.userId,
    ...(committed === undefined ? {} : { committed }),
  });
  const slug = organizations.find(({ id }) => id === issue.group.organizationId)?.slug ?? '';
  const { userFlags, ownSubscription } = issue;
  const userId = caller.userId;
  const own = userId === null ? null : { userId, ...userFlags, subscription: ownSubscription };
  return {
    body: serializeIssueDetail(issue, { baseUrl, organizationSlug: slug }),
    etag: entityTagOf(stateOfIssue({ ...issue, own })),
  };
}
