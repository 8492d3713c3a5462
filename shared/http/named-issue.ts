import { isDigits } from '../domain/digits.ts';
import { notFound } from '../domain/errors.ts';
import type { GroupId } from '../domain/ids.ts';
import { findIssue } from '../operations/lookup/find-issue.ts';
import { followingMerges } from '../operations/lookup/follow-merges.ts';
import type { GroupStore } from '../stores/issues/groups.ts';
import type { ApiReply, ApiRequest } from './endpoint.ts';

export type NamedIssueDeps = { readonly groups: Pick<GroupStore, 'idOfShortId' | 'mergedInto'> };

/** A request whose path names an issue by id or short id. */
export type IssueRequest = Pick<ApiRequest, 'organizations' | 'path' | 'query'> & {
  readonly params: { readonly issue: string };
};

/**
 * Answers a request about the issue that its path names; where that was merged into another one,
 * about the one that it went into. Throws `resource.not_found` for a short id that nothing has.
 */
export async function answerForIssue<Reply>(
  deps: NamedIssueDeps,
  { organizations, params }: Pick<IssueRequest, 'organizations' | 'params'>,
  answer: (groupId: GroupId) => Promise<Reply>,
): Promise<Reply> {
  const organizationIds = organizations.map(({ id }) => id);
  const groupId = await findIssue(deps, organizationIds, params.issue);
  return (await followingMerges(deps, { groupId, organizationIds }, answer)).result;
}

/** The same for a request whose path names a short id; an id is none, and 404. */
export async function answerForShortId<Reply>(
  deps: NamedIssueDeps,
  request: Pick<IssueRequest, 'organizations'> & { readonly params: { readonly shortId: string } },
  answer: (groupId: GroupId) => Promise<Reply>,
): Promise<Reply> {
  const issue = request.params.shortId;
  if (isDigits(issue)) {
    throw notFound();
  }
  return answerForIssue(deps, { ...request, params: { issue } }, answer);
}

/**
 * The same for a request that shows something: the answer says in `Content-Location` where it is
 * from, if that is not the issue that the path names.
 */
export async function showForIssue<Reply extends ApiReply>(
  deps: NamedIssueDeps,
  request: IssueRequest,
  show: (groupId: GroupId) => Promise<Reply>,
): Promise<Reply> {
  const organizationIds = request.organizations.map(({ id }) => id);
  const named = await findIssue(deps, organizationIds, request.params.issue);
  const { groupId, result } = await followingMerges(
    deps,
    { groupId: named, organizationIds },
    show,
  );
  return groupId === named ? result : withLocation(result, request, groupId);
}

/** An answer that is from the same address with another issue in it. */
export function withLocation<Reply extends ApiReply>(
  reply: Reply,
  { path, query }: Pick<ApiRequest, 'path' | 'query'>,
  issue: string,
): Reply {
  const segments = path.split('/');
  const noun = segments.indexOf('0') + 1;
  // The issue follows `issues` or `organizations/{org}/issues`.
  segments[segments[noun] === 'organizations' ? noun + 3 : noun + 1] = encodeURIComponent(issue);
  const search = query.size === 0 ? '' : `?${query}`;
  const location = { 'Content-Location': `${segments.join('/')}${search}` };
  return { ...reply, headers: { ...reply.headers, ...location } };
}
