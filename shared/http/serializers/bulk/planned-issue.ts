import type { Actor } from '../../../domain/actor.ts';
import type { PlannedIssue } from '../../../domain/bulk/forecast.ts';
import type { NotedState } from '../../../domain/bulk/noted-state.ts';
import type { Group } from '../../../domain/issues/group.ts';
import type { Project } from '../../../domain/projects/project.ts';
import type { Names } from '../../../operations/issues/read-issue.ts';
import { namedActor, serializeActor } from '../actor.ts';

/** An issue and its project, both there for callers to see. */
export type FoundIssue = { readonly group: Group; readonly project: Project };

/** What would become of an issue; of one that is gone with its project, its id. */
export function serializePlannedIssue(
  { groupId, before, after, versions }: PlannedIssue,
  found: FoundIssue | null,
  names: Names,
) {
  return {
    issue: serializeIssueOf(groupId, found),
    before: found === null ? {} : serializeState(before, names),
    after: found === null ? {} : serializeState(after, names),
    versions: { assignment: versions.assignment, status: versions.status },
  };
}

/** By what people know an issue. */
export function serializeIssueOf(id: string, found: FoundIssue | null) {
  if (found === null) {
    return { id, shortId: null, title: null, project: null };
  }
  const { group, project } = found;
  return {
    id,
    shortId: group.shortId,
    title: group.title,
    project: {
      id: project.id,
      name: project.name,
      slug: project.slug,
      platform: project.platform,
    },
  };
}

/** What people see of a state that was noted: only what it tells of. */
export function serializeState(state: NotedState, names: Names) {
  const { assignedTo, ownerTeam, status, substatus = null, statusDetails = {} } = state;
  return {
    ...(assignedTo === undefined ? {} : { assignedTo: withoutAddress(assignedTo, names) }),
    ...(ownerTeam === undefined ? {} : { ownerTeam: withoutAddress(ownerTeam, names) }),
    ...(status === undefined ? {} : { status, substatus, statusDetails }),
  };
}

function withoutAddress(actor: Actor | null, names: Names) {
  return actor === null
    ? null
    : { type: actor.type, id: actor.id, name: namedActor(actor, names).name };
}

/** An actor by their name; null for nobody. */
export function serializeNamed(actor: Actor | null, names: Names) {
  return actor === null ? null : serializeActor(namedActor(actor, names));
}

/** Whom states name. */
export function actorsOfStates(states: readonly (NotedState | null)[]): Actor[] {
  return states.flatMap((state) =>
    [state?.assignedTo, state?.ownerTeam].flatMap((actor) => actor ?? []),
  );
}
