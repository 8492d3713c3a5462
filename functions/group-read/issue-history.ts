import type { Endpoint, RequestOf } from '../../shared/http/api.ts';
import { linkHeader, readCursor, readLimit } from '../../shared/http/pagination.ts';
import {
  serializeActivity,
  serializeFirstSeen,
} from '../../shared/http/serializers/issues/activity.ts';
import { serializeLatestEvent } from '../../shared/http/serializers/issues/event.ts';
import { type IssueRow, namesOf, readIssueRow } from '../../shared/operations/issues/read-issue.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import type { GroupReadDeps } from './deps.ts';

/** Lists the activities of an issue, newest first; the last page ends with its first event. */
export const listIssueActivities: Endpoint<'listIssueActivities', GroupReadDeps> = async (
  deps,
  request,
) => {
  const { group } = await findRow(deps, request);
  const cursor = readCursor(request.query);
  const { activities, more } = await deps.activities.ofGroup({
    groupId: group.id,
    limit: readLimit(request.query),
    ...(cursor === null ? {} : { before: cursor.position }),
  });
  const names = await namesOf(
    deps,
    activities.flatMap(({ userId }) => (userId === null ? [] : [{ type: 'user', id: userId }])),
  );
  const next = more ? (activities.at(-1)?.cursor ?? null) : null;
  const firstSeen = next === null ? [serializeFirstSeen(group)] : [];
  return {
    status: 200,
    headers: { Link: linkHeader(request, { next, previous: null }) },
    body: {
      activity: [...activities.map((one) => serializeActivity(one, names)), ...firstSeen],
    },
  };
};

/** Shows the latest event of an issue. */
export const getLatestEvent: Endpoint<'getLatestEvent', GroupReadDeps> = async (deps, request) => {
  const { group } = await findRow(deps, request);
  return { status: 200, body: serializeLatestEvent(group) };
};

async function findRow(
  deps: GroupReadDeps,
  { organization, params }: RequestOf<'listIssueActivities' | 'getLatestEvent'>,
): Promise<IssueRow> {
  const organizationIds = [organization.id];
  const groupId = await findIssue(deps, organizationIds, params.issue);
  return readIssueRow(deps, { groupId, organizationIds });
}
