import type { ActivityPage } from '../../shared/domain/issues/activity.ts';
import type { ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { linkHeader, readCursor, readLimit } from '../../shared/http/pagination.ts';
import {
  serializeActivity,
  serializeFirstSeen,
} from '../../shared/http/serializers/issues/activity.ts';
import { serializeLatestEvent } from '../../shared/http/serializers/issues/event.ts';
import { namesOf } from '../../shared/operations/issues/read-issue.ts';
import type { GroupReadDeps } from './deps.ts';
import { showOfIssue } from './show-of-issue.ts';

/** Lists the activities of an issue, newest first; the last page ends with its first event. */
export const listIssueActivities: Endpoint<'listIssueActivities', GroupReadDeps> = (
  deps,
  request,
) =>
  showOfIssue(deps, request, async ({ group }) => {
    const { next, Link, shown } = await pageShown(deps, request, (page) =>
      deps.activities.ofGroup({ groupId: group.id, ...page }),
    );
    const firstSeen = next === null ? [serializeFirstSeen(group)] : [];
    return { status: 200, headers: { Link }, body: { activity: [...shown, ...firstSeen] } };
  });

/** Lists the notes of an issue, newest first. */
export const listIssueNotes: Endpoint<
  'listIssueNotes' | 'listOrganizationIssueNotes',
  GroupReadDeps
> = (deps, request) =>
  showOfIssue(deps, request, async ({ group }) => {
    const { Link, shown } = await pageShown(deps, request, (page) =>
      deps.notes.ofGroup({ groupId: group.id, ...page }),
    );
    return { status: 200, headers: { Link }, body: shown };
  });

/** Shows the latest event of an issue. */
export const getLatestEvent: Endpoint<'getLatestEvent', GroupReadDeps> = (deps, request) =>
  showOfIssue(deps, request, async ({ group }) => ({
    status: 200,
    body: serializeLatestEvent(group),
  }));

/** The page that a request wants, with the people in it, and where the next one begins. */
async function pageShown(
  deps: GroupReadDeps,
  request: ApiRequest,
  read: (page: { readonly limit: number; readonly before?: string }) => Promise<ActivityPage>,
) {
  const cursor = readCursor(request.query);
  const { activities, more } = await read({
    limit: readLimit(request.query),
    ...(cursor === null ? {} : { before: cursor.position }),
  });
  const names = await namesOf(
    deps,
    activities.flatMap(({ userId }) => (userId === null ? [] : [{ type: 'user', id: userId }])),
  );
  const next = more ? (activities.at(-1)?.cursor ?? null) : null;
  return {
    next,
    Link: linkHeader(request, { next, previous: null }),
    shown: activities.map((one) => serializeActivity(one, names)),
  };
}
