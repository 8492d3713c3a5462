import { type Actor, actorFromText } from '../../domain/actor.ts';
import type { Project } from '../../domain/projects/project.ts';
import { actorsIn, type Told, type ToldEvent } from '../../domain/webhooks/told-event.ts';
import {
  type Change,
  namedSides,
  nameWithoutAddress,
  type ToldActor,
  type ToldIssue,
  type ToldProject,
} from '../../domain/webhooks/webhook-body.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { namesOf } from '../issues/read-issue.ts';

export type DescribeEventDeps = {
  readonly groups: Pick<GroupStore, 'byId'>;
  readonly projects: Pick<ProjectStore, 'byIds'>;
  readonly organizations: Pick<OrganizationStore, 'byId'>;
  readonly users: Pick<UserStore, 'byIds'>;
  readonly teams: Pick<TeamStore, 'byIds'>;
};

/** What webhooks say of an event, for an endpoint whose links begin with an origin. */
export type DescribedEvent = (origin: string) => Change;

/**
 * Reads what webhooks say of an event beside what it says itself: what the issue and its project
 * are called now, and who everybody is. Two round trips.
 */
export async function describeEvent(
  deps: DescribeEventDeps,
  event: ToldEvent,
  told: Told,
): Promise<DescribedEvent> {
  const { detail } = event;
  const { organizationId, projectId } = detail;
  const actor = detail.actor === undefined ? null : (actorFromText(detail.actor) ?? null);
  const groupId = 'groupId' in detail ? detail.groupId : null;
  const [row, projects, organization, names] = await Promise.all([
    groupId === null ? undefined : deps.groups.byId(groupId),
    // What is told of a project itself is as it was written just before.
    deps.projects.byIds([projectId], groupId === null ? 'consistent' : 'eventual'),
    deps.organizations.byId(organizationId),
    namesOf(deps, [...actorsIn(told), ...(actor === null ? [] : [actor])]),
  ]);
  const project = toldProject(projects.get(projectId));
  const nameOf = (one: Actor): ToldActor => {
    const user = one.type === 'user' ? names.users.get(one.id) : undefined;
    const team = one.type === 'team' ? names.teams.get(one.id) : undefined;
    return { ...one, name: team?.slug ?? (user === undefined ? null : nameWithoutAddress(user)) };
  };
  const said = saidOf(event) ?? row?.group;
  const issue = (origin: string): ToldIssue | null =>
    groupId === null
      ? null
      : {
          id: groupId,
          shortId: said?.shortId ?? null,
          title: said?.title ?? null,
          project,
          url: `${origin}/organizations/${organization?.slug ?? organizationId}/issues/${groupId}/`,
        };
  return (origin) => ({
    type: told.type,
    timestamp: detail.occurredAt,
    data: {
      issue: issue(origin),
      project,
      ...namedSides(told, nameOf),
      actor: actor && nameOf(actor),
      operationId: detail.operationId ?? null,
      version: told.version,
    },
  });
}

/** What an event says of its issue, which may be gone. */
function saidOf(event: ToldEvent) {
  return event.type === 'issue.created' || event.type === 'issue.deleted'
    ? event.detail.data
    : undefined;
}

function toldProject(project: Project | undefined): ToldProject | null {
  return project === undefined ? null : { id: project.id, slug: project.slug, name: project.name };
}
