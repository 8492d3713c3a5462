import { notFound } from '../../shared/domain/errors.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { readWindow } from '../../shared/http/issue-search.ts';
import { linkHeader, pageOf, readCursor, readLimit } from '../../shared/http/pagination.ts';
import { serializeLatestEvent, wasSeenIn } from '../../shared/http/serializers/issues/event.ts';
import { serializeTags } from '../../shared/http/serializers/issues/tag.ts';
import type { IssueRow } from '../../shared/operations/issues/read-issue.ts';
import type { GroupReadDeps } from './deps.ts';
import { showOfIssue } from './show-of-issue.ts';

/** Lists the known events of an issue: the latest one, where the request means its time. */
export const listIssueEvents: Endpoint<
  'listIssueEvents' | 'listOrganizationIssueEvents',
  GroupReadDeps
> = (deps, request) =>
  showOfIssue(deps, request, async ({ group }) => {
    const window = readWindow(request.query, deps.clock());
    const known = wasSeenIn(group, window) ? [serializeLatestEvent(group)] : [];
    const { page, headers } = pageOf(request, known);
    return { status: 200, headers, body: page };
  });

/** Lists the tags that are known of the events of an issue. */
export const listIssueTags: Endpoint<
  'listIssueTags' | 'listOrganizationIssueTags',
  GroupReadDeps
> = (deps, request) =>
  showOfIssue(deps, request, async ({ group }) => {
    const { page, headers } = pageOf(request, serializeTags(group));
    return { status: 200, headers, body: page };
  });

/** Shows one tag of the events of an issue. Throws 404 for one that no event is known to have. */
export const getIssueTag: Endpoint<'getIssueTag' | 'getOrganizationIssueTag', GroupReadDeps> = (
  deps,
  request,
) =>
  showOfIssue(deps, request, async ({ group }) => {
    return { status: 200, body: tagOf(group, request.params.tag) };
  });

/** Lists the values of one tag of the events of an issue. */
export const listIssueTagValues: Endpoint<
  'listIssueTagValues' | 'listOrganizationIssueTagValues',
  GroupReadDeps
> = (deps, request) =>
  showOfIssue(deps, request, async ({ group }) => {
    const { page, headers } = pageOf(request, tagOf(group, request.params.tag).topValues);
    return { status: 200, headers, body: page };
  });

function tagOf(group: IssueRow['group'], name: string) {
  const tag = serializeTags(group).find(({ key }) => key === name);
  if (tag === undefined) {
    throw notFound();
  }
  return tag;
}

/** Lists the hashes of the fingerprints that lead to an issue; of which event is not known. */
export const listIssueHashes: Endpoint<
  'listIssueHashes' | 'listOrganizationIssueHashes',
  GroupReadDeps
> = (deps, request) =>
  showOfIssue(deps, request, async ({ group }) => {
    const cursor = readCursor(request.query);
    const { hashes, next } = await deps.seenGroups.hashesOf({
      groupId: group.id,
      limit: readLimit(request.query),
      ...(cursor === null ? {} : { before: cursor.position }),
    });
    return {
      status: 200,
      headers: { Link: linkHeader(request, { next, previous: null }) },
      body: hashes.map((id) => ({ id, latestEvent: null })),
    };
  });
