import type { CommittedIssue } from '../operations/issues/committed-issue.ts';
import { type ReadIssueDeps, readIssue } from '../operations/issues/read-issue.ts';
import type { Caller } from './access.ts';
import { serializeIssueDetail } from './serializers/issues/issue.ts';

/**
 * The body that tells all of one issue. `organizationId` null takes any of the caller's
 * organizations. Throws `resource.not_found` for what the caller does not reach. Two round trips.
 */
export async function issueDetailReply(
  deps: ReadIssueDeps,
  input: {
    readonly organizationId: string | null;
    readonly groupId: string;
    readonly caller: Caller;
    readonly baseUrl: string;
    /** What an update made of the issue just before. */
    readonly committed?: CommittedIssue;
  },
): Promise<ReturnType<typeof serializeIssueDetail>> {
  const { caller, organizationId, committed } = input;
  const reachable = caller.organizations.filter(
    ({ id }) => organizationId === null || id === organizationId,
  );
  const issue = await readIssue(deps, {
    groupId: input.groupId,
    organizationIds: reachable.map(({ id }) => id),
    callerUserId: caller.userId,
    ...(committed === undefined ? {} : { committed }),
  });
  const slug = reachable.find(({ id }) => id === issue.group.organizationId)?.slug ?? '';
  return serializeIssueDetail(issue, { baseUrl: input.baseUrl, organizationSlug: slug });
}
