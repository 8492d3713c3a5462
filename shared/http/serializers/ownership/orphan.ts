import type { Names } from '../../../operations/issues/read-issue.ts';
import type { Orphan } from '../../../operations/ownership/holders/list-orphans.ts';
import { namedActor, serializeActor } from '../actor.ts';
import { serializeIssueInList } from './issue-in-list.ts';

/** An open issue whose holder may not hold it, with why, and since when that is known. */
export function serializeOrphan({ group, project, assignee, orphan }: Orphan, names: Names) {
  return {
    issue: serializeIssueInList(group, project),
    assignedTo: serializeActor(namedActor(assignee, names)),
    cause: orphan.cause,
    since: orphan.since,
  };
}
